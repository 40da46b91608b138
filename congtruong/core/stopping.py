"""Being told to stop, without losing a signal between two looks."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopRequests:
    """Counts stop signals; `wait` ends early when a signal arrives, also one that came just before."""

    def __init__(self, descriptor: int) -> None:
        self.count = 0
        self._descriptor = descriptor

    def wait(self, seconds: float) -> None:
        readable, _, _ = select.select([self._descriptor], [], [], max(seconds, 0.0))
        if readable:
            with suppress(BlockingIOError):
                os.read(self._descriptor, 4096)

    def note(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


@contextmanager
def stop_requests(*, wake_on_child: bool = False) -> Iterator[StopRequests]:
    """Collect SIGTERM, SIGINT and SIGHUP while inside; with `wake_on_child` the end of a child ends a wait too.

    For the main thread only. The previous handlers come back at the end.
    """
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    requests = StopRequests(reader)
    previous_fd = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    previous = {number: signal.signal(number, requests.note) for number in STOP_SIGNALS}
    if wake_on_child:
        # Without a handler no byte is written to the descriptor.
        previous[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    try:
        yield requests
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(previous_fd)
        os.close(reader)
        os.close(writer)
