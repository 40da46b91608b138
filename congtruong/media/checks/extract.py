"""The words inside an uploaded file, read in a process of its own, so that a hostile file harms nobody."""

import json
from dataclasses import dataclass
from typing import Any

from congtruong.core.limited_child import Bounds, ChildFailed, run_limited
from congtruong.core.personal_data import Section

_WORKER = "congtruong.media.checks.reading"
BOUNDS = Bounds(seconds=20, megabytes=512, output_megabytes=16)

PDF = "application/pdf"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = _OPEN_XML + "wordprocessingml.document"
XLSX = _OPEN_XML + "spreadsheetml.sheet"
PPTX = _OPEN_XML + "presentationml.presentation"
_OLD = frozenset({"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"})


@dataclass(frozen=True, slots=True)
class Extracted:
    """`sections` hold what was read. `unread` says why nothing was, `partly` why it is not all.

    `unread`: old_format, archive, no_text, encrypted, damaged, too_costly. `partly`: pages_without_text, too_long.
    """

    sections: tuple[Section, ...] = ()
    unread: str = ""
    partly: str = ""


def extract(body: bytes, content_type: str, *, bounds: Bounds = BOUNDS, worker: str = _WORKER) -> Extracted:
    """Lines and rows of a PDF, Word, Excel or PowerPoint file. Never raises for what stands in the file."""
    if content_type in _OLD:
        return Extracted(unread="old_format")
    if content_type not in {PDF, DOCX, XLSX, PPTX}:
        return Extracted(unread="archive")
    try:
        output = run_limited(
            worker, order={"content_type": content_type}, body=body, bounds=bounds, subject=content_type
        )
        reply: dict[str, Any] = json.loads(output)
    except (ChildFailed, ValueError):
        return Extracted(unread="too_costly")
    sections = tuple(Section(**section) for section in reply["sections"])
    return Extracted(sections, unread=reply["unread"], partly=reply["partly"])
