"""Rows of a table: the heading of a column says what its cells are."""

import re
from collections.abc import Iterable, Iterator, Sequence

from congtruong.core.personal_data.lists import Source
from congtruong.core.personal_data.names import names_in
from congtruong.core.personal_data.numbers import Line
from congtruong.core.text import fold, squeeze

_MOST_HEADING = 80
_HEADING = re.compile(
    r"^(?:stt|tt|so tt|ho (?:va |, )?(?:chu lot|dem|ten).*|ho|ten|lop.*|ngay.{0,12}sinh|nam sinh|gioi tinh|nu|nam|"
    r"diem.*|ghi chu|toan|van|ngu van|anh|tieng anh|xep loai.*|hoc luc|hanh kiem|sbd|so bao danh|chuc vu.*|dtb|"
    r"nhiem vu.*|don vi.*|ten .*|tac gia|dia chi.*|dien thoai.*|so dien thoai.*|sdt.*|so dt.*|email|ma .*|so .*|"
    r"truong.*|duong.*|ket qua.*|noi .*|ho khau.*|cccd.*|cmnd.*|can cuoc.*|stk.*|bhyt.*|nxb|nha xuat ban|"
    r"chuyen mon|mon.*|phong thi|danh hieu.*)$"
)
_TELLING = re.compile(
    r"sinh|cccd|cmnd|can cuoc|chung minh|dinh danh|dien thoai|sdt|so dt|di dong|zalo|tai khoan|stk|bhyt|bhxh|bao hiem|"
    r"thuong tru|noi o|cho o|dia chi|ho khau|tam tru"
)
# Columns of names that are no persons, and of authors.
_NO_PERSON = re.compile(
    r"^(?:ten )?(?:truong|duong|tuyen|don vi|co quan|nha truong|dia diem|dia ban|khu pho|cong trinh)|sach|tac gia|nxb|"
    r"nha xuat ban|chu bien"
)
_OF_AN_OFFICE = re.compile(r"^(?:ten )?(?:truong|don vi|co quan|nha truong)\b")
_ADDRESS_FORMS = re.compile(r"^(em|cháu|bé|hs|ông|bà|thầy|cô)\s*[.:]?\s+", re.IGNORECASE)


def sources_of(rows: Iterable[Sequence[str]]) -> Iterator[tuple[Source, list[Line]]]:
    """Each row as one source for lists, and its cells as lines, headed by what the column is called."""
    headings: list[str] = []
    was_heading = False
    for row in rows:
        cells = [squeeze(cell) for cell in row]
        folded = [fold(cell) for cell in cells]
        if _is_heading(folded):
            headings = _joined(headings, folded) if was_heading else folded
            was_heading = True
            line = Line.of(" ; ".join(filter(None, cells)))
            yield Source(line, (), ""), [line]
            continue
        was_heading = False
        yield _source(cells, headings)


def _is_heading(folded: list[str]) -> bool:
    known = sum(bool(cell) and len(cell) <= _MOST_HEADING and bool(_HEADING.match(cell)) for cell in folded)
    filled = sum(bool(cell) for cell in folded)
    return known >= 2 and 2 * known >= filled


def _joined(first: list[str], second: list[str]) -> list[str]:
    """A heading of two rows: the lower word says more, the upper one fills the gaps."""
    longest = max(len(first), len(second))
    upper, lower = first + [""] * (longest - len(first)), second + [""] * (longest - len(second))
    return [" ".join(filter(None, pair)) for pair in zip(upper, lower, strict=True)]


def _source(cells: list[str], headings: list[str]) -> tuple[Source, list[Line]]:
    heads = headings + [""] * (len(cells) - len(headings))
    entry = _person(cells, heads)
    is_office_table = any(_OF_AN_OFFICE.search(head) for head in headings)
    lines = []
    for cell, head in zip(cells, heads, strict=False):
        if not cell:
            continue
        label = ""
        if _TELLING.search(head) and len(head) <= _MOST_HEADING:
            # In a table of persons a plain "Địa chỉ" is where they live.
            is_home = head.startswith("dia chi") and not is_office_table
            label = f"{'dia chi nha' if is_home else head}: "
        lines.append(Line.of(label + cell, near_name=bool(entry)))
    whole = " ; ".join(filter(None, cells))
    persons = " ; ".join(cell for cell, head in zip(cells, heads, strict=False) if cell and not _NO_PERSON.search(head))
    names = tuple(names_in(whole)) if not entry and any(names_in(persons)) else ()
    return Source(Line.of(whole, near_name=bool(entry)), names, entry), lines


def _person(cells: list[str], heads: list[str]) -> str:
    """The first cell that is wholly a name, in one column or in two (family and middle names, then the given name)."""
    for at, (cell, head) in enumerate(zip(cells, heads, strict=False)):
        if not cell or len(cell) > 40 or _NO_PERSON.search(head):
            continue
        bare = _ADDRESS_FORMS.sub("", cell)
        following = cells[at + 1] if at + 1 < len(cells) else ""
        joined = f"{bare} {following}" if following and " " not in following and following.isalpha() else ""
        for candidate in (joined, bare):
            found = next(names_in(candidate), None) if candidate else None
            if found is not None and found.text == candidate:
                return candidate
    return ""
