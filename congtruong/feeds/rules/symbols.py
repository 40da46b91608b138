"""Số, ký hiệu of an official document, found in a title; pure."""

import re
from datetime import date, timedelta

from congtruong.core.text import fold, words_of

# NĐ 30/2020: number / [year /] abbreviations joined by hyphens, for example 2326/GDĐT-THCS, 09/2024/TT-BGDĐT.
_SYMBOL = re.compile(r"(?<![\w/])(\d{1,6}/(?:\d{4}/)?[A-ZĐ][A-ZĐa-z0-9&.]*(?:-[A-ZĐ0-9][A-ZĐa-z0-9&.]*)*)(?![\w/])")

_LEAST_SHARED = 0.6
_LATE_COPY = timedelta(days=92)
# Offices of which there are many: their symbols alone tell nobody's documents apart.
_COMMON_OFFICE = re.compile(r"\b(?:ubnd|hdnd|ub|bch|cd)\b")
# Words of the form of a document and not of what it is about.
_FORM_WORDS = frozenset(
    {
        *("so", "cong", "van", "quyet", "dinh", "thong", "bao", "ke", "hoach", "to", "trinh", "chi", "thi", "huong"),
        *("dan", "cao", "giay", "moi", "tu", "nghi", "ve", "viec", "v", "ngay", "thang", "nam", "cua", "va", "trien"),
        *("khai", "sao", "luc", "chuyen", "gui", "theo", "ban", "hanh"),
    }
)


def symbol_in(title: str) -> str:
    """The first symbol in a title, or an empty text."""
    found = _SYMBOL.search(title)
    return found[1].rstrip(".") if found and len(found[1]) <= 80 else ""


def is_same_document(one: str, other: str, symbol: str) -> bool:
    """Whether two titles with the same symbol in them name the same document.

    The office that a symbol names may be one of many of its kind: every ward has a 15/QĐ-UBND. Then, and whenever both
    titles say what the document is about, the subject decides.
    """
    first, second = _subject(one, symbol), _subject(other, symbol)
    if first and second:
        shorter, longer = sorted((first, second), key=len)
        return len(shorter & longer) >= _LEAST_SHARED * len(shorter)
    return not _COMMON_OFFICE.search(fold(symbol))


def same_year(one: date, other: date) -> bool:
    """Whether a symbol means the same on both days: numbers begin anew each year, and copies follow within weeks."""
    return one.year == other.year or abs(one - other) <= _LATE_COPY


def _subject(title: str, symbol: str) -> frozenset[str]:
    words = words_of(title.replace(symbol, " "))
    return frozenset(word for word in words if word not in _FORM_WORDS and not word.isdecimal())
