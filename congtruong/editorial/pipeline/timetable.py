"""Timetables out of the Excel files that schools keep; pure.

Two layouts are understood: a sheet per class with the days across, and one sheet with the classes (or teachers) across
and days and periods down. Anything else is taken as a plain table: nothing a school enters is refused for its form.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from congtruong.core.text import fold, squeeze

MOST_SHEETS = 80
MOST_ROWS = 300
MOST_COLUMNS = 120
_DAY = re.compile(r"^(?:thu ?)?(hai|ba|tu|nam|sau|bay|[2-7])$|^(chu nhat|cn)$")
_DAY_ORDER = {"hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7}
_PERIOD = re.compile(r"^(?:tiet ?)?(\d{1,2})$")
_CLASS = re.compile(r"^(?:lop )?\d{1,2} ?[a-z]{0,3} ?\d{0,2}(?:[./-]\d{1,2})?$")
_HALF = {"sang": "Sáng", "chieu": "Chiều"}
_WEEKDAYS = {2: "Thứ Hai", 3: "Thứ Ba", 4: "Thứ Tư", 5: "Thứ Năm", 6: "Thứ Sáu", 7: "Thứ Bảy", 8: "Chủ nhật"}

# What openpyxl raises for files that are no workbook, depending on where they break.
_UNREADABLE = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError, AttributeError)

Grid = list[list[str]]


class Unreadable(Exception):
    """The file is no Excel workbook that can be read."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """One table: its name (class, teacher or sheet), heading cells, and rows of as many cells."""

    name: str
    head: list[str]
    rows: Grid

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "head": self.head, "rows": self.rows}


def read_timetables(body: bytes) -> list[Timetable]:
    """Every timetable in an .xlsx file, in its order. Raises `Unreadable`."""
    try:
        book = load_workbook(io.BytesIO(body), data_only=True)
    except _UNREADABLE as error:
        raise Unreadable from error
    found: list[Timetable] = []
    for sheet in book.worksheets[:MOST_SHEETS]:
        if sheet.sheet_state == "visible":
            found += _read_sheet(str(sheet.title), _grid(sheet))
    return found


def _grid(sheet: Any) -> Grid:
    """The used cells as text, merged cells filled with what they show, empty edges cut off."""
    rows = [
        [_text(cell) for cell in row]
        for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
    ]
    for span in sheet.merged_cells.ranges:
        if span.min_row > len(rows) or span.min_col > len(rows[0]):
            continue
        shown = rows[span.min_row - 1][span.min_col - 1]
        for row in rows[span.min_row - 1 : span.max_row]:
            for column in range(span.min_col - 1, min(span.max_col, len(row))):
                row[column] = shown
    used = [n for n in range(len(rows[0]) if rows else 0) if any(row[n] for row in rows)]
    if not used:
        return []
    trimmed = [row[used[0] : used[-1] + 1] for row in rows]
    while trimmed and not any(trimmed[-1]):
        trimmed.pop()
    return trimmed


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return squeeze(str(value))[:200]


def _read_sheet(title: str, grid: Grid) -> list[Timetable]:
    for number, row in enumerate(grid):
        days = [n for n, cell in enumerate(row) if _day(cell)]
        if len({_day(row[n]) for n in days}) >= 3:
            return [_by_days(title, grid, number, days)]
        names = [n for n, cell in enumerate(row) if _is_class(cell)]
        if len(names) >= 2 and _has_periods(grid[number + 1 :]):
            return _by_names(grid, number, names)
    return [_plain(title, grid)] if grid else []


def _by_days(title: str, grid: Grid, head_at: int, days: list[int]) -> Timetable:
    """A sheet of one class: periods down, days across; half-days stay as they stand in the first columns."""
    first = days[0]
    head = [*(_tidy_head(cell) for cell in grid[head_at][:first]), *(_WEEKDAYS[_day(grid[head_at][n])] for n in days)]
    below = [row for row in grid[head_at + 1 :] if any(row[n] for n in days) or _has_period(row)]
    rows = [[*row[:first], *(row[n] for n in days)] for row in below]
    return Timetable(_name_above(grid[:head_at]) or title, head, rows)


def _by_names(grid: Grid, head_at: int, names: list[int]) -> list[Timetable]:
    """One sheet for all: turned into a table with days across for each class or teacher."""
    day = 0
    half = ""
    cells: dict[tuple[str, int], dict[int, list[str]]] = {}
    days: list[int] = []
    for row in grid[head_at + 1 :]:
        label = row[: names[0]]
        line_day, period = _day_in(label), _period_in(label)
        day, half = line_day or day, _half_in(label) or ("" if line_day else half)
        if not period or not day:
            continue
        if day not in days:
            days.append(day)
        cells.setdefault((half, period), {})[day] = row
    halves = any(half for half, _ in cells)
    head = [*(["Buổi"] if halves else []), "Tiết", *(_WEEKDAYS[each] for each in days)]
    made = []
    for column in names:
        rows = [
            [*([half] if halves else []), str(period), *(_cell(by_day, each, column) for each in days)]
            for (half, period), by_day in sorted(cells.items(), key=lambda item: (item[0][0] == "Chiều", item[0][1]))
        ]
        made.append(Timetable(grid[head_at][column], head, rows))
    return made


def _cell(by_day: dict[int, list[str]], day: int, column: int) -> str:
    row = by_day.get(day)
    return row[column] if row is not None and column < len(row) else ""


def _plain(title: str, grid: Grid) -> Timetable:
    width = max(len(row) for row in grid)
    rows = [row + [""] * (width - len(row)) for row in grid]
    return Timetable(title, rows[0], rows[1:])


def _day(cell: str) -> int:
    """2 for Monday to 8 for Sunday; 0 for anything else."""
    found = _DAY.match(fold(cell))
    if found is None:
        return 0
    return 8 if found[2] else _DAY_ORDER.get(found[1]) or int(found[1])


def _is_class(cell: str) -> bool:
    folded = fold(cell)
    return bool(_CLASS.match(folded)) and not folded.isdecimal()


def _has_periods(rows: Sequence[list[str]]) -> bool:
    return any(_has_period(row) for row in rows)


def _has_period(row: list[str]) -> bool:
    return any(_PERIOD.match(fold(cell)) for cell in row[:3])


def _day_in(cells: list[str]) -> int:
    """A day written out, or a number that stands first of two numbers (day, then period)."""
    words = [_day(cell) for cell in cells if _day(cell) and not fold(cell).isdecimal()]
    if words:
        return words[0]
    numbers = [cell for cell in cells if _PERIOD.match(fold(cell))]
    return _day(numbers[0]) if len(numbers) >= 2 else 0


def _period_in(cells: list[str]) -> int:
    numbers = [found[1] for cell in cells if (found := _PERIOD.match(fold(cell)))]
    return int(numbers[-1]) if numbers else 0


def _half_in(cells: list[str]) -> str:
    return next((_HALF[fold(cell)] for cell in cells if fold(cell) in _HALF), "")


def _tidy_head(cell: str) -> str:
    return cell or "Tiết"


def _name_above(rows: Grid) -> str:
    """The class named above a table, as in "Thời khóa biểu lớp 6A1"."""
    for row in reversed(rows):
        for cell in row:
            found = re.search(r"[Ll]ớp\s+(\d{1,2}\s?[A-ZĐa-zđ]{0,3}\s?\d{0,2}(?:[./-]\d{1,2})?)", cell)
            if found:
                return found[1].strip()
    return ""
