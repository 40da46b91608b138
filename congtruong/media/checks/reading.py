"""What runs inside the child process: limits first, then one file from standard input to sections of text.

stdin: one line of JSON (content_type and the limits), then the file. stdout: {"sections", "unread", "partly"}.
"""

import io
import struct
import sys
import time
import warnings
import zipfile
import zlib
from typing import Any

from defusedxml import DefusedXmlException
from pypdf.errors import PyPdfError

from congtruong.core.limited_child import answer, begin
from congtruong.media.checks import office, pdf
from congtruong.media.checks.extract import DOCX, PDF, PPTX, XLSX

MOST_CHARACTERS = 1_000_000
MOST_ROWS = 50_000
# Of the processor time allowed; what was read until then is worth more than a process that was ended.
_SHARE_OF_TIME = 0.7
_READERS = {PDF: pdf.sections, DOCX: office.word_sections, XLSX: office.excel_sections, PPTX: office.slide_sections}
# What the readers raise for damaged files, depending on where the damage is.
_DAMAGED = (
    *(PyPdfError, DefusedXmlException, zipfile.BadZipFile, zlib.error, struct.error, SyntaxError, OSError, EOFError),
    # Of a locked part zipfile says no more than RuntimeError.
    RuntimeError,
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError, AssertionError),
)


def main() -> None:
    order = begin()
    warnings.simplefilter("ignore")
    until = time.process_time() + _SHARE_OF_TIME * order["seconds"]
    answer(read(sys.stdin.buffer.read(), order["content_type"], until=until))


def read(body: bytes, content_type: str, *, until: float) -> dict[str, Any]:
    """Sections of a file, as many as fit the limits; damage after the first section costs only what follows it."""
    reply: dict[str, Any] = {"sections": [], "unread": "", "partly": ""}
    characters = rows = 0
    try:
        for section in _READERS[content_type](io.BytesIO(body)):
            reply["sections"].append(section)
            table = section.get("rows", ())
            characters += len(section.get("text", "")) + sum(len(cell) for row in table for cell in row)
            rows += len(table)
            if characters > MOST_CHARACTERS or rows > MOST_ROWS or time.process_time() > until:
                reply["partly"] = "too_long"
                break
    except pdf.Encrypted:
        reply["unread"] = "encrypted"
    except _DAMAGED:
        reply["partly" if reply["sections"] else "unread"] = "damaged"
    pictures = [section for section in reply["sections"] if section.pop("is_picture", False)]
    filled = [section for section in reply["sections"] if section.get("rows") or section.get("text", "").strip()]
    if not filled and not reply["unread"]:
        reply["unread"], reply["partly"] = "no_text", ""
    elif pictures:
        reply["partly"] = reply["partly"] or "pages_without_text"
    reply["sections"] = filled
    return reply


if __name__ == "__main__":
    main()
