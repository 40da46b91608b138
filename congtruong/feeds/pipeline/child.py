"""Reading a document in a process of its own.

Feeds come from anywhere, and 195 KiB can cost a parser 18 seconds; only a process can be stopped and bounded surely.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime

from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import Document

_log = logging.getLogger(__name__)

_WORKER = "congtruong.feeds.pipeline.worker"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one document may cost: seconds on the wall and on the processor, address space in MiB."""

    seconds: int = 20
    megabytes: int = 512


def read_document(
    body: bytes, *, content_type: str, url: str, now: datetime, bounds: Bounds = Bounds(), worker: str = _WORKER
) -> Document:
    """Decode and parse `body`, fetched from `url`, in a child process that is ended when it exceeds `bounds`.

    `content_type` is the header of the reply, `now` an aware instant (later dates are unknown dates). `worker` is the
    module that is run. Raises ParseError: empty, html_page, not_feed, too_large, timeout, crashed.
    """
    order = {
        "content_type": content_type,
        "url": url,
        "now": now.isoformat(),
        "seconds": bounds.seconds,
        "megabytes": bounds.megabytes,
    }
    try:
        # `run` kills and reaps the child on every way out, also when this process is interrupted.
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-B", "-m", worker],
            input=json.dumps(order).encode("ascii") + b"\n" + body,
            capture_output=True,
            timeout=bounds.seconds,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ParseError("timeout") from error
    if done.returncode == -signal.SIGXCPU:
        raise ParseError("timeout")
    if done.returncode != 0:
        _log.warning(
            "reader of %s ended with %s: %s", url, done.returncode, done.stderr[-500:].decode("utf-8", "replace")
        )
        raise ParseError("crashed")
    return _document(done.stdout)


def _environment() -> dict[str, str]:
    """Where to import from, and none of this process's secrets."""
    paths = os.pathsep.join(os.path.abspath(path or os.curdir) for path in sys.path)
    return {"PYTHONPATH": paths, "PYTHONUTF8": "1", "PATH": os.defpath}


def _document(output: bytes) -> Document:
    try:
        reply = json.loads(output)
    except ValueError as error:
        raise ParseError("crashed") from error
    if "error" in reply:
        raise ParseError(reply["error"])
    return Document.from_json(reply["document"])
