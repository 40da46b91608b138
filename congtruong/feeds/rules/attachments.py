"""Files at their source: when one is looked at, and what is said about it; pure."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

AGAIN = timedelta(days=7)
MOST_CHECKS = 3
THERE, BROKEN = "co", "hong"

IS_PAGE = "Địa chỉ này mở ra một trang web, không phải tệp."
_GONE = "Máy chủ nguồn báo không còn tệp này."
_CLOSED = "Máy chủ nguồn không cho tải tệp này."
_STATUS = "Máy chủ nguồn trả lời {status}."
_SILENT = "Máy chủ nguồn không trả lời."
_KIND = re.compile(r"\.([A-Za-z0-9]{2,5})$")
_KINDS = {
    "application/pdf": "PDF",
    "application/msword": "DOC",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/zip": "ZIP",
}
# Endings of what makes the answer and not of the answer.
_SCRIPTS = frozenset({"php", "asp", "aspx", "ashx", "jsp", "html", "htm", "do"})
_PAGES = ("text/html", "application/xhtml")


def is_due(file: Mapping[str, Any]) -> bool:
    """Whether a file is looked at once more."""
    return int(file.get("checks", 0)) < MOST_CHECKS


def look(file: Mapping[str, Any]) -> tuple[Any, ...]:
    """What readers see of a file."""
    return tuple(file.get(name) for name in ("url", "type", "length", "state", "note"))


def for_readers(file: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of an item knows of a file."""
    known = {name: file[name] for name in ("url", "type", "length", "state", "note") if file.get(name)}
    return known | {"kind": kind_of(file)}


def kind_of(file: Mapping[str, Any]) -> str:
    """The kind of a file as people call it, PDF or DOCX; empty when neither its type nor its name tells."""
    known = _KINDS.get(str(file.get("type", "")).partition(";")[0].strip().lower())
    if known:
        return known
    try:
        found = _KIND.search(urlsplit(str(file.get("url", ""))).path)
    except ValueError:
        return ""
    return found[1].upper() if found and found[1].lower() not in _SCRIPTS else ""


def is_page(answered: str, declared: str, url: str) -> bool:
    """Whether an HTML page came instead of a file, such as a page to sign in at."""
    try:
        path = urlsplit(url).path.lower()
    except ValueError:
        path = ""
    expected = declared.lower().startswith(_PAGES) or path.endswith((".html", ".htm"))
    return answered.lower().startswith(_PAGES) and not expected


def why(code: str, status: int) -> str:
    """A sentence for readers."""
    if status in {404, 410}:
        return _GONE
    if status in {401, 403}:
        return _CLOSED
    return _STATUS.format(status=status) if code == "http_status" else _SILENT
