"""Tables as files that spreadsheets open; nothing in them is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# The mark tells Excel that the text is UTF-8.
CSV_MARK = "\ufeff"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60


def csv_row(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)
    return buffer.getvalue()


def xlsx(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet whose cells are text, whatever they begin with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, name in enumerate(head, start=1):
        longest = max([len(name), *(len(row[number - 1]) for row in rows)])
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)
    for line, cells in enumerate([head, *rows]):
        made = []
        for text in cells:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"
            cell.font = Font(bold=line == 0)
            made.append(cell)
        sheet.append(made)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
