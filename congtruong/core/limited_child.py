"""A process of its own for what strangers wrote: only a process can be stopped and bounded surely.

The parent calls `run_limited`; the module it names calls `begin` first, then reads its body from standard input and
writes its answer to standard output.
"""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

_log = logging.getLogger(__name__)

_MOST_SAID = 500


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one document may cost: seconds on the wall and on the processor, address space and answer in MiB."""

    seconds: int = 20
    megabytes: int = 512
    output_megabytes: int = 128


class ChildFailed(Exception):
    """The child gave no answer: `code` is timeout or crashed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def run_limited(module: str, *, order: dict[str, Any], body: bytes, bounds: Bounds, subject: str) -> bytes:
    """Run `module` on `body` and return what it wrote; it is ended when it exceeds `bounds`.

    `order` is the small print, JSON; `subject` names the document in the log. Raises ChildFailed.
    """
    told = order | {
        "seconds": bounds.seconds,
        "megabytes": bounds.megabytes,
        "output_megabytes": bounds.output_megabytes,
    }
    # A file rather than a pipe: the system bounds its size, and this process never holds more than that.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as said:
        try:
            # `run` kills and reaps the child on every way out, also when this process is interrupted.
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-B", "-m", module],
                input=json.dumps(told).encode("ascii") + b"\n" + body,
                stdout=output,
                stderr=said,
                timeout=bounds.seconds,
                env=child_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ChildFailed("timeout") from error
        if done.returncode == -signal.SIGXCPU:
            raise ChildFailed("timeout")
        if done.returncode != 0:
            _log.warning("%s on %s ended with %s: %s", module, subject, done.returncode, last_words(said))
            raise ChildFailed("crashed")
        output.seek(0)
        return output.read(bounds.output_megabytes * 2**20)


def begin() -> dict[str, Any]:
    """Inside the child: read the order and set its limits, before anything else is touched."""
    order: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"] + 1))
    set_limits(order)
    return order


def set_limits(order: Mapping[str, int]) -> None:
    """Inside the child: bounds that hold for its whole life; time is bounded for each document."""
    space, output = order["megabytes"] * 2**20, order["output_megabytes"] * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(reply: object) -> None:
    """Inside the child: the one JSON object it has to say."""
    # Halves of characters, should a parser make any, could be neither sent nor stored.
    sys.stdout.buffer.write(json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace"))


def last_words(said: IO[bytes]) -> str:
    """The end of what a child wrote to its standard error."""
    said.seek(max(0, said.seek(0, os.SEEK_END) - _MOST_SAID))
    return said.read().decode("utf-8", "replace")


def child_environment() -> dict[str, str]:
    """Where to import from, and none of this process's secrets."""
    paths = os.pathsep.join(os.path.abspath(path or os.curdir) for path in sys.path)
    return {"PYTHONPATH": paths, "PYTHONUTF8": "1", "PATH": os.defpath}
