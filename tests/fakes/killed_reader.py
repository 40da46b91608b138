"""Readers that are killed with SIGKILL at a chosen point; run by tests/feeds/test_killed.py.

One process loads the product and forks a reader for each line of its standard input, so that many schedules are quick.
It never touches the database itself: a connection must not be shared between processes.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be ready before its models are imported

from congtruong.core import clock, http  # noqa: E402
from congtruong.feeds.models import Feed, Item, ItemRevision, Sighting  # noqa: E402
from congtruong.feeds.pipeline.decode import decode  # noqa: E402
from congtruong.feeds.pipeline.model import Document  # noqa: E402
from congtruong.feeds.pipeline.parse import parse  # noqa: E402
from congtruong.feeds.services import attempting, polling, reading  # noqa: E402
from congtruong.publication.models import Entry  # noqa: E402
from congtruong.units.scoping import everywhere  # noqa: E402


class Killer:
    """Counts passages through one kind of point and dies before or after the chosen one."""

    def __init__(self, point: str, number: int, *, before: bool) -> None:
        self.point, self.left, self.before = point, number, before

    def around(self, point: str, work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        if point != self.point:
            return work(*arguments, **options)
        self.left -= 1
        if self.left == 0 and self.before:
            _die()
        result = work(*arguments, **options)
        if self.left == 0:
            _die()
        return result

    def wrap(self, point: str, work: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments, **options: self.around(point, work, *arguments, **options)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _parsed_here(body: bytes, *, content_type: str, url: str, now: Any) -> Document:
    """The child process has tests of its own; here it would only take time."""
    return parse(decode(body, content_type), url=url, now=now)


def _read(feed_id: int, way: str, killer: Killer) -> None:
    """Make the feed due as if the lease of a dead reader had run out, then read it."""
    with everywhere("thử"):
        Feed.objects.filter(pk=feed_id).update(leased_until=None, next_check_at=clock.now())
    vars(http)["fetch"] = killer.wrap("fetch", http.fetch)
    vars(attempting)["read_document"] = killer.wrap("parse", _parsed_here)
    vars(connection)["commit"] = killer.wrap("commit", connection.commit)
    with connection.execute_wrapper(lambda execute, *rest: killer.around("statement", execute, *rest)):
        if way == "one":
            reading.refresh(feed_id=feed_id)
        else:
            polling.read_due(seconds=5)


def _state(feed_id: int) -> dict[str, Any]:
    with everywhere("thử"):
        feed = Feed.objects.get(pk=feed_id)
        return {
            "items": sorted(Item.objects.values_list("title", flat=True)),
            "sightings": Sighting.objects.count(),
            "revisions": ItemRevision.objects.count(),
            "entries": sorted(Entry.objects.values_list("title", flat=True)),
            "feed": [feed.entries_seen, feed.failures, feed.error_code, feed.leased_until is None],
        }


def _forked(order: dict[str, Any], feed_id: int) -> dict[str, Any]:
    """Read in a process of its own; how it ended, and what is stored when it was not killed."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(read_end)
            _read(feed_id, order["way"], Killer(order["point"], order["number"], before=order["before"]))
            os.write(write_end, json.dumps(_state(feed_id)).encode())
            code = 0
        except BaseException:  # noqa: BLE001 - nothing of the parent may run here
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as told:
        state = told.read()
    _, status = os.waitpid(pid, 0)
    return {"code": os.waitstatus_to_exitcode(status), "state": json.loads(state) if state else None}


def main(feed_id: int) -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_forked(json.loads(line), feed_id)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
