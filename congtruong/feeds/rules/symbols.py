"""Số, ký hiệu of an official document, found in a title; pure."""

import re

# NĐ 30/2020: number / [year /] abbreviations joined by hyphens, for example 2326/GDĐT-THCS, 09/2024/TT-BGDĐT.
_SYMBOL = re.compile(r"(?<![\w/])(\d{1,6}/(?:\d{4}/)?[A-ZĐ][A-ZĐa-z0-9&.]*(?:-[A-ZĐ0-9][A-ZĐa-z0-9&.]*)*)(?![\w/])")


def symbol_in(title: str) -> str:
    """The first symbol in a title, or an empty text."""
    found = _SYMBOL.search(title)
    return found[1].rstrip(".") if found and len(found[1]) <= 80 else ""
