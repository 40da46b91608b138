"""Periodic functions, registered by name in the apps' `tasks` modules.

    @every(seconds=5, name="feeds.due")
    def enqueue_due_sources() -> None: ...

A periodic function finds out from its own tables what is due and claims it there: two schedulers may run at once
(two machines, or an old one that is still stopping), a run may be killed half-way and is never made up for.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import close_old_connections

from congtruong.core.stopping import stop_requests

logger = logging.getLogger(__name__)

LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Periodic:
    name: str
    seconds: float
    function: Callable[[], None]


_registered: dict[str, Periodic] = {}


def every(*, seconds: float, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run the function every `seconds`, first at start-up. Raises ValueError for a name already taken."""
    if seconds <= 0:
        raise ValueError(f"{name}: {seconds} is not an interval")

    def decorate(function: Callable[[], None]) -> Callable[[], None]:
        if name in _registered:
            raise ValueError(f"{name} is registered twice")
        _registered[name] = Periodic(name, seconds, function)
        return function

    return decorate


def registered() -> list[Periodic]:
    """Everything registered so far, in order of registration."""
    return list(_registered.values())


class Scheduler:
    """Calls periodic functions one after another when they are due; `clock` is monotonic, in seconds."""

    def __init__(self, jobs: Iterable[Periodic], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs = list(jobs)
        self._clock = clock
        self._due = {job.name: clock() for job in self._jobs}

    def run_due(self, is_stopped: Callable[[], bool] = lambda: False) -> float:
        """Call what is due, until `is_stopped`; returns the seconds until the next is due, at most `LONGEST_WAIT`.

        A function that took longer than its interval skips the missed turns.
        """
        for job in self._jobs:
            if is_stopped():
                break
            if self._clock() >= self._due[job.name]:
                _call(job)
                self._due[job.name] = next_due(self._due[job.name], job.seconds, self._clock())
        next_at = min(self._due.values(), default=self._clock() + LONGEST_WAIT)
        return min(max(next_at - self._clock(), 0.0), LONGEST_WAIT)


def run_until_stopped() -> None:
    """Run everything registered until SIGTERM, SIGINT or SIGHUP; a function that is running then is finished first."""
    scheduler = Scheduler(registered())
    with stop_requests() as requests:
        while not requests.count:
            requests.wait(scheduler.run_due(lambda: requests.count > 0))


def next_due(due: float, seconds: float, now: float) -> float:
    """The turn after the one at `due`, in step with it; when that is past already, one interval from `now`."""
    following = due + seconds
    return following if following > now else now + seconds


def _call(job: Periodic) -> None:
    close_old_connections()
    try:
        job.function()
    except Exception:
        logger.exception("Periodic function %s failed; next try in %g s", job.name, job.seconds)
    finally:
        close_old_connections()
