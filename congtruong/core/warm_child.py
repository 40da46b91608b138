"""Warm processes for what strangers wrote: started once, given one document after another.

Starting an interpreter costs more than reading a document, so children stay. What protects us is the same as with a
child for each document (congtruong.core.limited_child): a time for each document, held from outside and by the child's
own alarm; bounded address space and answers; none of our secrets. A child that breaks a bound is ended and loses that
document only.

The parent holds a `Pool`; the module it names calls `serve`.
"""

import atexit
import gc
import json
import logging
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, cast

from congtruong.core.limited_child import Bounds, ChildFailed, child_environment, last_words, set_limits

_log = logging.getLogger(__name__)

# Libraries keep caches and fragment memory: a child is replaced after so many documents, or when it has grown to this
# share of its address space.
MOST_DOCUMENTS = 1_000
_GROWN = 0.5
IDLE_SECONDS = 60.0
# Loading the libraries of a child on a busy machine; no document is being read yet.
_START_SECONDS = 60
_AT_ONCE = 64 * 1024

# From child to parent before each answer: bytes that follow, resident size in KiB. The first one has no bytes and says
# that the child is ready.
_HEAD = struct.Struct(">II")
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


class ChildNotStarted(Exception):
    """No child could be had: this machine is at its limits. Says nothing about any document."""


class _Gone(Exception):
    """The child closed its pipes."""


class _TooMuch(Exception):
    """The answer is longer than allowed."""


class _Late(Exception):
    """The time is over."""


class Child:
    """One process; used by one thread at a time."""

    def __init__(self, module: str, bounds: Bounds, most_documents: int) -> None:
        self.module, self.bounds = module, bounds
        self.left = most_documents
        self.resident = 0
        self.is_spent = False
        self.used_at = time.monotonic()
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-B", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=child_environment(),
            bufsize=0,
        )
        # Always there with PIPE; `Popen` types them as optional.
        self._to, self._from = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        os.set_blocking(self._to.fileno(), False)
        try:
            told = {"megabytes": bounds.megabytes, "output_megabytes": bounds.output_megabytes}
            end = time.monotonic() + _START_SECONDS
            self._write(json.dumps(told).encode("ascii") + b"\n", end)
            self._read(_HEAD.size, end)
        except (_Gone, _Late) as error:
            raise ChildNotStarted(f"{module}: {self._failed(error, 'start')}") from error

    def ask(self, order: dict[str, Any], body: bytes, *, seconds: int, subject: str) -> bytes:
        """The child's answer about `body`; a child that gives none within `seconds` is ended. Raises ChildFailed."""
        told = order | {"seconds": seconds, "size": len(body)}
        end = time.monotonic() + seconds
        self.is_spent = True
        try:
            self._write(json.dumps(told).encode("ascii") + b"\n", end)
            self._write(body, end)
            size, self.resident = _HEAD.unpack(self._read(_HEAD.size, end))
            if size > self.bounds.output_megabytes * 2**20:
                raise _TooMuch
            answer = self._read(size, end)
        except (_Gone, _Late, _TooMuch) as error:
            raise self._failed(error, subject) from error
        self.left -= 1
        self.used_at = time.monotonic()
        self.is_spent = self.left < 1 or self.resident > _GROWN * self.bounds.megabytes * 1024
        return answer

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> int:
        """Kill and reap; how it ended. For the thread that uses it."""
        self._process.kill()
        self._close()
        return self._process.wait()

    def disown(self) -> None:
        """In a forked copy of the parent: the child belongs to the original."""
        self._process.returncode = 0
        self._close()

    def _close(self) -> None:
        for pipe in (self._to, self._from, self._said):
            pipe.close()

    def _failed(self, error: Exception, subject: str) -> ChildFailed:
        self.is_spent = True
        if isinstance(error, _Late):
            self.end()
            return ChildFailed("timeout")
        if isinstance(error, _Gone):
            # Its pipes closed a moment before it ends; one that only closed them is not waited for.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        words = "" if self._said.closed else last_words(self._said)
        code = self.end()
        if code == -signal.SIGALRM:
            return ChildFailed("timeout")
        _log.warning("%s on %s ended with %s: %s", self.module, subject, code, words)
        return ChildFailed("crashed")

    def _write(self, data: bytes, end: float) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(self._to, select.POLLOUT, end)
            try:
                rest = rest[os.write(self._to.fileno(), rest[:_AT_ONCE]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise _Gone from error

    def _read(self, size: int, end: float) -> bytes:
        parts: list[bytes] = []
        while size:
            self._wait(self._from, select.POLLIN, end)
            part = os.read(self._from.fileno(), min(size, 2**20))
            if not part:
                raise _Gone
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    @staticmethod
    def _wait(pipe: IO[bytes], event: int, end: float) -> None:
        left = end - time.monotonic()
        poll = select.poll()
        poll.register(pipe, event)
        if left <= 0 or not poll.poll(left * 1000):
            raise _Late


class Pool:
    """The warm children of this process for one module: at most `most` work at once, the rest of the callers wait.

    Safe to use from several threads and in a process forked from one that used it. Children that nobody needed for
    `IDLE_SECONDS` are ended; all are with this process.
    """

    def __init__(self, module: str, bounds: Bounds, *, most: int, most_documents: int = MOST_DOCUMENTS) -> None:
        self._module, self._bounds, self._most, self._most_documents = module, bounds, most, most_documents
        self._start_anew()
        _pools.add(self)

    def _start_anew(self) -> None:
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(self._most)
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._sweeper: threading.Thread | None = None

    def run(self, order: dict[str, Any], body: bytes, *, seconds: int, subject: str) -> bytes:
        """What the module says about `body`. `order` is the small print, JSON. Raises ChildFailed."""
        with self._places:
            child = self._take()
            try:
                return child.ask(order, body, seconds=seconds, subject=subject)
            except BaseException:
                # Also when this thread is interrupted: half an order lies in the pipe.
                child.is_spent = True
                raise
            finally:
                self._give_back(child)

    def _take(self) -> Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_alive:
                    self._busy.add(child)
                    return child
                child.end()
        child = Child(self._module, self._bounds, self._most_documents)
        with self._lock:
            self._busy.add(child)
        return child

    def _give_back(self, child: Child) -> None:
        with self._lock:
            self._busy.discard(child)
            if not child.is_spent:
                self._idle.append(child)
                if self._sweeper is None:
                    self._sweeper = threading.Thread(target=self._sweep, name="warm-children", daemon=True)
                    self._sweeper.start()
                return
        child.end()

    def _sweep(self) -> None:
        """End what stayed idle; this thread ends with the last idle child."""
        while True:
            time.sleep(IDLE_SECONDS / 4)
            if not self.end_idle(unused_for=IDLE_SECONDS):
                return

    def end_idle(self, *, unused_for: float = 0) -> bool:
        """End the children that were not used for so many seconds; False when no idle child is left."""
        before = time.monotonic() - unused_for
        with self._lock:
            old = [child for child in self._idle if child.used_at <= before or not child.is_alive]
            self._idle = [child for child in self._idle if child not in old]
            is_left = bool(self._idle)
            if not is_left and threading.current_thread() is self._sweeper:
                self._sweeper = None
        for child in old:
            child.end()
        return is_left

    def resident(self) -> list[int]:
        """Resident memory of the idle children after their last document, in KiB."""
        with self._lock:
            return [child.resident for child in self._idle]

    def close(self) -> None:
        """End every child, also those at work."""
        with self._lock:
            idle, self._idle = self._idle, []
            for child in self._busy:
                child.kill()
        for child in idle:
            child.end()

    def _forget(self) -> None:
        # Other threads of the original may hold the lock: their copies are gone, and so is what they were doing.
        for child in [*self._idle, *self._busy]:
            child.disown()
        self._start_anew()


_pools: "weakref.WeakSet[Pool]" = weakref.WeakSet()


def close_all() -> None:
    """End the warm children of this process."""
    for pool in list(_pools):
        pool.close()


def _forget_all() -> None:
    for pool in list(_pools):
        pool._forget()  # noqa: SLF001 - same module


atexit.register(close_all)
os.register_at_fork(after_in_child=_forget_all)


def serve(read: Callable[[dict[str, Any], bytes], bytes]) -> None:
    """Inside the child: limits first, then one order after another until the parent has gone.

    `read` gets an order and its body and returns the answer. Whatever it raises ends the child.
    """
    # Anything a library prints goes to the log instead of into the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    orders = sys.stdin.buffer
    _hear_signals()
    set_limits(json.loads(orders.readline()))
    # What the libraries made at import stays; the collector need not look at it again.
    gc.collect()
    gc.freeze()
    _tell(answers, b"")
    while line := orders.readline():
        order = json.loads(line)
        body = orders.read(order["size"])
        # The parent counts too; should it have gone, the kernel ends this process a moment later.
        signal.alarm(order["seconds"] + 1)
        answer = read(order, body)
        signal.alarm(0)
        _tell(answers, answer)


def _hear_signals() -> None:
    """Whatever the parent ignored or blocked: the alarm ends this process, Ctrl-C in a terminal is the parent's."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tell(answers: IO[bytes], answer: bytes) -> None:
    answers.write(_HEAD.pack(len(answer), _resident_kib()) + answer)
    answers.flush()


def _resident_kib() -> int:
    # The kernel's largest value would be that of the parent: it survives `exec`.
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * _PAGE_KIB
    except OSError:
        return 0
