"""The text of a PDF, page by page. Runs in the limited child process only."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

MOST_PAGES = 500
_WIDE = re.compile(" {4,}")
# What pypdf raises on a damaged page; the next one may be whole.
_BROKEN_PAGE = (
    PyPdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    OSError,
)


class Encrypted(Exception):
    """Only who knows a password can read the file."""


def sections(stream: io.BytesIO) -> Iterator[dict[str, Any]]:
    """One section for each page, then one for what was filled into a form. Raises Encrypted."""
    reader = PdfReader(stream)
    try:
        # Many files are locked against changes only and open with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Encrypted
        pages = len(reader.pages)
    except (FileNotDecryptedError, DependencyError, NotImplementedError) as error:
        raise Encrypted from error
    for number in range(min(pages, MOST_PAGES)):
        text, is_picture = _page(reader, number)
        yield {"place": f"trang {number + 1}", "text": text, "is_picture": is_picture}
    filled = [str(value) for value in (reader.get_form_text_fields() or {}).values() if value]
    if filled:
        yield {"place": "ô đã điền", "text": "\n".join(filled)}


def _page(reader: PdfReader, number: int) -> tuple[str, bool]:
    """Text of a page, and whether the page shows something without holding text: most likely a scan."""
    try:
        page = reader.pages[number]
        text = _text(page)
    except _BROKEN_PAGE:
        return "", True
    return text, not text.strip() and _shows_something(page)


def _text(page: PageObject) -> str:
    """The text as it is laid out; plainly, where the layout cannot be computed."""
    try:
        # Plain extraction tears Vietnamese words apart wherever a letter comes from another font: "Nguy ễ n".
        text = page.extract_text(extraction_mode="layout", layout_mode_strip_rotated=False)
    except _BROKEN_PAGE:
        text = ""
    return _WIDE.sub("   ", text) if text.strip() else page.extract_text()


def _shows_something(page: PageObject) -> bool:
    contents = page.get_contents()
    return contents is not None and bool(contents.get_data().strip())
