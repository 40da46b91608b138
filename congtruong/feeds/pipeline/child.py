"""Reading a document in a process of its own.

Feeds come from anywhere, and 195 KiB can cost a parser 18 seconds; only a process can be stopped and bounded surely.
"""

import json
from datetime import datetime

from congtruong.core.limited_child import Bounds, ChildFailed, run_limited
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import Document

__all__ = ["Bounds", "read_document"]

_BOUNDS = Bounds()
_WORKER = "congtruong.feeds.pipeline.worker"


def read_document(
    body: bytes, *, content_type: str, url: str, now: datetime, bounds: Bounds = _BOUNDS, worker: str = _WORKER
) -> Document:
    """Decode and parse `body`, fetched from `url`, in a child process that is ended when it exceeds `bounds`.

    `content_type` is the header of the reply, `now` an aware instant (later dates are unknown dates). `worker` is the
    module that is run. Raises ParseError: empty, html_page, not_feed, too_large, timeout, crashed.
    """
    order = {"content_type": content_type, "url": url, "now": now.isoformat()}
    try:
        output = run_limited(worker, order=order, body=body, bounds=bounds, subject=url)
    except ChildFailed as error:
        raise ParseError(error.code) from error
    return _document(output)


def _document(output: bytes) -> Document:
    try:
        reply = json.loads(output)
    except ValueError as error:
        raise ParseError("crashed") from error
    if "error" in reply:
        raise ParseError(reply["error"])
    return Document.from_json(reply["document"])
