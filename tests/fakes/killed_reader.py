"""A process that reads one feed and is killed with SIGKILL at a named step; run by tests/feeds/test_killed.py."""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from congtruong.core import clock, http  # noqa: E402 - Django must be ready before its models are imported
from congtruong.feeds import services  # noqa: E402
from congtruong.feeds.models import Feed, Item, Sighting  # noqa: E402
from congtruong.feeds.pipeline.child import read_document  # noqa: E402
from congtruong.publication.models import Entry  # noqa: E402
from congtruong.publication.services import publish  # noqa: E402
from congtruong.units.scoping import everywhere  # noqa: E402

STEPS = ("claimed", "fetched", "parsed", "first row", "half the entries", "before success", "after commit", "never")


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before(function: Callable[..., Any]) -> Callable[..., Any]:
    return _die


def _after(function: Callable[..., Any], times: int = 1) -> Callable[..., Any]:
    calls = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        result = function(*args, **kwargs)
        calls += 1
        if calls >= times:
            _die()
        return result

    return wrapped


def _state() -> str:
    with everywhere("thử"):
        return json.dumps(
            {
                "items": sorted(Item.objects.values_list("title", flat=True)),
                "sightings": Sighting.objects.count(),
                "entries": sorted(Entry.objects.values_list("title", flat=True)),
            }
        )


def main(step: str, feed_id: int) -> None:
    """Make the feed due as if the lease of a dead reader had run out, read it, say what is stored."""
    with everywhere("thử"):
        Feed.objects.filter(pk=feed_id).update(leased_until=None, next_check_at=clock.now())
    if step == "claimed":
        http.fetch = _before(http.fetch)
    elif step == "fetched":
        http.fetch = _after(http.fetch)
    elif step == "parsed":
        vars(services)["read_document"] = _after(read_document)
    elif step == "first row":
        services._new_item = _after(services._new_item)
    elif step == "half the entries":
        vars(services)["publish"] = _after(publish, times=3)
    elif step == "before success":
        services._succeeded = _before(services._succeeded)
    services.refresh(feed_id=feed_id)
    if step == "after commit":
        _die()
    sys.stdout.write(_state())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
