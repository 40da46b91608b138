"""From a change on the portals to what subscribers are owed: each touched feed is written once.

A topic's version counts up when its contents differ from what was announced last, so that telling the same change
twice, or a change that a feed does not show, owes nobody anything.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from congtruong.publication.models import Change
from congtruong.syndication.blocks.feeds import gather, write
from congtruong.syndication.enums import ALL, level_of
from congtruong.syndication.models import Stand, Subscription, Topic
from congtruong.syndication.rules.topics import Address, address_of
from congtruong.units.models import Reach
from congtruong.units.queries import canonical_hosts
from congtruong.units.scoping import everywhere, unit_scope

CONSUMER = "hub"
_AT_ONCE = 500
# Well below what the worker allows one job; the rest is queued again.
SLICE_SECONDS = 60.0
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Changed:
    """Something public of a unit came, changed or went."""

    unit_id: int
    channels: tuple[str, ...]
    is_broadcast: bool
    levels: int = 0


def has_changes() -> bool:
    """Does anything wait to be announced?"""
    with everywhere("the scheduler looks for changes of any unit that the hub has not heard of"):
        return Change.objects.filter(consumer=CONSUMER).exists()


def take_changes(*, now: datetime, seconds: float = SLICE_SECONDS) -> int:
    """Announce what changed since the last time, for about so many seconds; returns how many changes.

    Killed in between, the same changes are announced again, which does nothing.
    """
    taken, end = 0, time.monotonic() + seconds
    while some := _take_some(now):
        taken += some
        if time.monotonic() > end:
            break
    return taken


def _take_some(now: datetime) -> int:
    with everywhere("the hub hears of the changes of all units in the order they were made"):
        rows = list(Change.objects.filter(consumer=CONSUMER).order_by("pk")[:_AT_ONCE])
    announce(changes=[Changed(row.unit_id, tuple(row.channels), row.is_broadcast, row.levels) for row in rows], now=now)
    for unit_id in sorted({row.unit_id for row in rows}):
        with unit_scope(unit_id):
            Change.objects.filter(pk__in=[row.pk for row in rows if row.unit_id == unit_id]).delete()
    return len(rows)


def announce(*, changes: Sequence[Changed], now: datetime) -> int:
    """Write every feed anew that a change shows in and that somebody follows; returns how many have a new version.

    Running it again for the same changes does nothing: it may be killed anywhere.
    """
    owners = sorted({change.unit_id for change in changes})
    for unit_id in owners:
        _date(unit_id, now)
    found: dict[int, Topic] = {}
    for unit_id in owners:
        of_owner = [change for change in changes if change.unit_id == unit_id]
        for topic in _followed(unit_id, now):
            address = address_of(topic.path)
            if address is not None and any(_shows(address, change) for change in of_owner):
                found[topic.pk] = topic
    return sum(_renew(topic, now) for topic in found.values())


def _date(unit_id: int, now: datetime) -> None:
    """Note the change as a second of its own: readers who compare dates see whole seconds only."""
    second = now.replace(microsecond=0) + _SECOND
    with unit_scope(unit_id), transaction.atomic():
        stand, is_new = Stand.objects.select_for_update().get_or_create(
            unit_id=unit_id, defaults={"changed_at": second}
        )
        if not is_new:
            Stand.objects.filter(pk=stand.pk).update(changed_at=max(second, stand.changed_at + _SECOND))


def _followed(owner_id: int, now: datetime) -> list[Topic]:
    """Feeds with subscribers that may show something of this owner: its own, those of authorities below it."""
    below = Reach.objects.filter(authority=owner_id, unit=OuterRef("unit_id"))
    with everywhere("a change of an authority shows in the feeds of authorities below it"):
        followers = Subscription.objects.filter(topic=OuterRef("pk"), leased_until__gt=now)
        topics = Topic.objects.select_related("unit").defer("body")
        return list(topics.filter(Exists(followers)).filter(Q(unit=owner_id) | Q(Exists(below))))


def _shows(address: Address, change: Changed) -> bool:
    """May the feed show the change? A rendering decides; this spares those that cannot differ."""
    if not set(address.channels) & set(change.channels):
        return False
    if not address.level:
        return True
    is_meant = address.level == ALL or change.levels == 0 or bool(change.levels & level_of(address.level))
    return change.is_broadcast and is_meant


def _renew(topic: Topic, now: datetime) -> bool:
    """Write the feed and owe it to its subscribers, unless it says what it said."""
    address, host = address_of(topic.path), canonical_hosts([topic.unit_id]).get(topic.unit_id)
    if address is None or host is None:
        return False
    gathered = gather(topic.unit, host, address)
    if gathered.etag == topic.etag:
        return False
    body = write(gathered)
    with unit_scope(topic.unit_id), transaction.atomic():
        mine = Topic.objects.filter(pk=topic.pk, version=topic.version)
        if mine.update(version=F("version") + 1, etag=gathered.etag, body=body, made_at=now) != 1:
            return False
        Subscription.objects.filter(topic=topic.pk, leased_until__gt=now).update(next_try_at=now, failures=0)
    return True
