"""Reading documents in processes of their own.

Feeds come from anywhere, and 195 KiB can cost a parser 18 seconds; only a process can be stopped and bounded surely.
The processes stay warm: starting one costs as much as reading twenty documents.
"""

import json
import os
from datetime import datetime
from typing import Any

from congtruong.core.limited_child import Bounds, ChildFailed
from congtruong.core.warm_child import Pool
from congtruong.feeds.pipeline.errors import MESSAGES, ParseError
from congtruong.feeds.pipeline.model import Document

__all__ = ["Bounds", "read_document", "read_record"]

_BOUNDS = Bounds()
_WORKER = "congtruong.feeds.pipeline.worker"
_MOST = min(os.cpu_count() or 1, 4)

_pools: dict[tuple[str, int, int], Pool] = {}


def read_document(
    body: bytes, *, content_type: str, url: str, now: datetime, bounds: Bounds = _BOUNDS, worker: str = _WORKER
) -> Document:
    """Decode and parse `body`, fetched from `url`, in a child process that is ended when it exceeds `bounds`.

    `content_type` is the header of the reply, `now` an aware instant (later dates are unknown dates). `worker` is the
    module that is run. Raises ParseError: empty, html_page, not_feed, too_large, timeout, crashed.
    """
    order = {"want": "document", "content_type": content_type, "url": url, "now": now.isoformat()}
    return Document.from_json(_ask(order, body, bounds=bounds, worker=worker))


def read_record(
    body: bytes, *, content_type: str, url: str, now: datetime, bounds: Bounds = _BOUNDS, worker: str = _WORKER
) -> dict[str, Any]:
    """The same reading as a neutral record (feeds.pipeline.record), for people and comparisons. Raises ParseError."""
    order = {"want": "record", "content_type": content_type, "url": url, "now": now.isoformat()}
    return _ask(order, body, bounds=bounds, worker=worker)


def _ask(order: dict[str, Any], body: bytes, *, bounds: Bounds, worker: str) -> dict[str, Any]:
    try:
        output = _pool(worker, bounds).run(order, body, seconds=bounds.seconds, subject=order["url"])
        reply = json.loads(output)
    except ChildFailed as error:
        raise ParseError(error.code) from error
    except ValueError as error:
        raise ParseError("crashed") from error
    match reply:
        case {"error": str(code)} if code in MESSAGES:
            raise ParseError(code)
        case {"document": dict(answer)} | {"record": dict(answer)}:
            return answer
        case _:
            raise ParseError("crashed")


def _pool(worker: str, bounds: Bounds) -> Pool:
    key = (worker, bounds.megabytes, bounds.output_megabytes)
    # A pool that lost the race to another thread never started anything.
    return _pools.get(key) or _pools.setdefault(key, Pool(worker, bounds, most=_MOST))
