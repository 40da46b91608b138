"""Text and tables of Word, Excel and PowerPoint files. Runs in the limited child process only.

Text that was deleted with changes tracked, comments and hidden sheets are read as well: who downloads a file has them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook

_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_SLIDES = re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)(\d+)\.xml")
_TEXTS = frozenset({"t", "delText"})
# A section goes out when it holds so many lines or rows, so that limits are looked at in time.
_MOST_LINES = 2_000
_MOST_ROWS = 10_000
_ABOVE = 3


def word_sections(stream: io.BytesIO) -> Iterator[dict[str, Any]]:
    """The main text first, then headers, footers, notes and comments."""
    with zipfile.ZipFile(stream) as package:
        parts = sorted(filter(_PARTS.fullmatch, package.namelist()), key=lambda name: name != "word/document.xml")
        if not parts:
            raise ValueError("no text part")
        for part in parts:
            with package.open(part) as source:
                yield from _flow(source, place="")


def slide_sections(stream: io.BytesIO) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(stream) as package:
        found = [(int(match[1]), name) for name in package.namelist() if (match := _SLIDES.fullmatch(name))]
        if not found:
            raise ValueError("no slides")
        for number, name in sorted(found):
            with package.open(name) as source:
                yield from _flow(source, place=f"trang chiếu {number}")


def _flow(source: Any, *, place: str) -> Iterator[dict[str, Any]]:
    """Paragraphs and tables of one part in order. Word and PowerPoint name them alike: p, t, tab, br, tbl, tr, tc."""
    flow = _Flow(place)
    for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            flow.opened(name)
        else:
            flow.closed(name, element.text or "")
            element.clear()
            yield from flow.ready()
    yield from flow.rest()


class _Flow:
    def __init__(self, place: str) -> None:
        self._place = place
        self._words: list[str] = []
        self._lines: list[str] = []
        self._above: list[str] = []
        self._rows: list[list[str]] = []
        # Rows and cells that are open, the innermost last: tables may stand in cells.
        self._open_rows: list[list[str]] = []
        self._open_cells: list[list[str]] = []
        self._made: list[dict[str, Any]] = []

    def opened(self, name: str) -> None:
        if name == "tbl" and not self._open_cells:
            self._end_text()
        elif name == "tr":
            self._open_rows.append([])
        elif name == "tc":
            self._open_cells.append([])

    def closed(self, name: str, text: str) -> None:
        if name in _TEXTS:
            self._words.append(text)
        elif name == "tab":
            self._words.append("\t")
        elif name in {"br", "cr"}:
            self._words.append("\n")
        elif name == "p":
            self._end_paragraph()
        elif name == "tc" and self._open_cells:
            cell = " ".join(self._open_cells.pop())
            if self._open_rows:
                self._open_rows[-1].append(cell)
        elif name == "tr" and self._open_rows:
            self._rows.append(self._open_rows.pop())
        elif name == "tbl" and not self._open_cells:
            self._end_table()

    def ready(self) -> Iterator[dict[str, Any]]:
        if len(self._lines) >= _MOST_LINES:
            self._end_text()
        if len(self._rows) >= _MOST_ROWS:
            self._end_table()
        made, self._made = self._made, []
        yield from made

    def rest(self) -> Iterator[dict[str, Any]]:
        self._end_paragraph()
        self._end_text()
        self._end_table()
        yield from self.ready()

    def _end_paragraph(self) -> None:
        line, self._words = "".join(self._words), []
        if self._open_cells:
            self._open_cells[-1].append(line)
        elif line.strip():
            self._lines.append(line)

    def _end_text(self) -> None:
        if self._lines:
            self._made.append({"place": self._place, "text": "\n".join(self._lines)})
            self._above = self._lines[-_ABOVE:]
        self._lines = []

    def _end_table(self) -> None:
        if self._rows:
            place = ", ".join(filter(None, [self._place, "bảng"]))
            self._made.append({"place": place, "rows": self._rows, "above": self._above})
        self._rows, self._above = [], []


def excel_sections(stream: io.BytesIO) -> Iterator[dict[str, Any]]:
    """Every sheet, hidden ones as well, in stretches of rows; values as last computed, dates as people write them."""
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        place = f"trang tính “{sheet.title}”"
        # What a file says of its own size is not to be trusted.
        sheet.reset_dimensions()
        rows: list[list[str]] = []
        empty = 0
        for values in sheet.iter_rows(values_only=True):
            row = [_cell(value) for value in values]
            if any(row):
                # Empty rows are kept, so that a row has the number its author sees.
                rows += [[] for _ in range(empty)] + [row]
                empty = 0
            else:
                empty += 1
            if max(len(rows), empty) >= _MOST_ROWS:
                # Without rows too: limits are looked at between sections.
                yield {"place": place, "rows": rows}
                rows, empty = [], 0
        if rows:
            yield {"place": place, "rows": rows}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, time):
        return f"{value.hour:02d}:{value.minute:02d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
