"""Reading all feeds that are due: many hosts at once, each host and machine one request at a time, one writer.

Threads fetch and parse and never touch the database; the thread that called claims, stores and frees. A slow host holds
a place of its own: after a few seconds it no longer counts among the places of the others.
"""

import queue
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from congtruong.core import clock
from congtruong.feeds.queries.reading import Due, due_feeds
from congtruong.feeds.services.attempting import Attempt, attempt
from congtruong.feeds.services.claiming import LEASE, Claimed, claim, extend, reserve
from congtruong.feeds.services.settling import is_quiet, settle_quiet, settle_safely
from congtruong.units.scoping import everywhere

# Requests at once, counting those that began less than `_FRESH_SECONDS` ago; and all together, which bounds the memory:
# each holds 5 MiB at most (core.http.Limits).
MOST_FRESH = 32
MOST_AT_ONCE = 128
_FRESH_SECONDS = 3.0
# The worker has other jobs; what is due after this is read by the next job.
ROUND_SECONDS = 20.0
_LOOK_AGAIN_SECONDS = 5.0
_EXTEND_SECONDS = LEASE.total_seconds() / 3


@dataclass(slots=True)
class _Running:
    claimed: Claimed
    began: float
    via: str | None


@dataclass(slots=True)
class Poll:
    """How many feeds were read, and how many of them brought something or failed."""

    read: int = 0
    changed: int = 0
    failed: int = 0


@dataclass
class _Round:
    """One run of the reader; used by one thread."""

    executor: ThreadPoolExecutor
    until: float
    poll: Poll = field(default_factory=Poll)
    waiting: dict[int, Due] = field(default_factory=dict)
    running: dict[int, _Running] = field(default_factory=dict)
    quiet: list[tuple[Claimed, Attempt]] = field(default_factory=list)
    done: "queue.SimpleQueue[tuple[int, Attempt]]" = field(default_factory=queue.SimpleQueue)
    looked_at: float = 0
    extended_at: float = field(default_factory=time.monotonic)

    def run(self) -> Poll:
        while True:
            self._look()
            self._start()
            if not self.running:
                return self.poll
            for pk, tried in self._finished():
                self._settle(pk, tried)
            self._extend()

    def _look(self) -> None:
        now = time.monotonic()
        if self.waiting or now > self.until or (self.looked_at and now - self.looked_at < _LOOK_AGAIN_SECONDS):
            return
        self.looked_at = now
        with everywhere("the reader looks for what is due, of all units"):
            self.waiting = {one.pk: one for one in due_feeds(now=clock.now()) if one.pk not in self.running}

    def _start(self) -> None:
        """Write what brought nothing new, then fill the free places."""
        if self.quiet:
            settle_quiet(self.quiet)
            self.quiet = []
        free = self._free_places()
        if not free or time.monotonic() > self.until:
            return
        chosen = self._choose(free)
        for claimed in claim(chosen, now=clock.now(), most=free):
            self._submit(claimed, claimed.feed.ip or "")
        for pk in chosen:
            # What was not to be had is read by somebody else, or found again at the next look.
            del self.waiting[pk]

    def _free_places(self) -> int:
        now = time.monotonic()
        fresh = sum(now - one.began < _FRESH_SECONDS for one in self.running.values())
        return max(0, min(MOST_FRESH - fresh, MOST_AT_ONCE - len(self.running)))

    def _choose(self, free: int) -> list[int]:
        hosts = {one.claimed.host for one in self.running.values()}
        ips = {one.claimed.feed.ip for one in self.running.values()}
        chosen: list[int] = []
        for one in self.waiting.values():
            if len(chosen) == free:
                break
            if one.host not in hosts and (not one.ip or one.ip not in ips):
                chosen.append(one.pk)
                hosts.add(one.host)
                ips.add(one.ip)
        return chosen

    def _submit(self, claimed: Claimed, via: str | None) -> None:
        self.running[claimed.feed.pk] = _Running(claimed, time.monotonic(), via)
        self.executor.submit(self._work, claimed, via)

    def _work(self, claimed: Claimed, via: str | None) -> None:
        self.done.put((claimed.feed.pk, attempt(claimed.feed, now=clock.now(), via=via)))

    def _finished(self) -> Iterator[tuple[int, Attempt]]:
        """Wait for the first result, but not when something else is due; then give all that are there."""
        try:
            yield self.done.get(timeout=_FRESH_SECONDS / 3)
            while True:
                yield self.done.get_nowait()
        except queue.Empty:
            return

    def _settle(self, pk: int, tried: Attempt) -> None:
        claimed = self.running.pop(pk).claimed
        if tried.other_ip:
            if reserve(claimed, tried.other_ip, now=clock.now()):
                self._submit(claimed, None)
            else:
                self.waiting[pk] = Due(pk, claimed.host, tried.other_ip)
            return
        self.poll.read += 1
        if is_quiet(claimed, tried):
            self.quiet.append((claimed, tried))
            return
        self.poll.changed += tried.document is not None
        self.poll.failed += tried.problem is not None
        settle_safely(claimed, tried)

    def _extend(self) -> None:
        now = time.monotonic()
        if now - self.extended_at > _EXTEND_SECONDS:
            self.extended_at = now
            extend([one.claimed for one in self.running.values()], now=clock.now())


def read_due(*, seconds: float = ROUND_SECONDS) -> Poll:
    """Read what is due, and what becomes due meanwhile; nothing is begun after `seconds`. May be killed anywhere."""
    with ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="feeds") as executor:
        return _Round(executor, time.monotonic() + seconds).run()
