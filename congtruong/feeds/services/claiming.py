"""Who reads which feed: one reader for each feed, one request at a time for each host and each machine.

Hundreds of schools share one server. The rows say who is being asked (`leased_until`, `url`, `ip`), so that this holds
for all processes; a lock makes looking and claiming one step.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from congtruong.feeds.enums import HubState
from congtruong.feeds.models import Feed
from congtruong.feeds.queries.reading import due, items_in_last_week
from congtruong.feeds.rules.hosts import host_of
from congtruong.units.scoping import everywhere

# A reader that dies is replaced after it; one that lives extends it.
LEASE = timedelta(seconds=90)
REQUEUE = timedelta(seconds=60)
# Any number that is ours: the key of PostgreSQL's advisory lock. On SQLite a transaction is alone anyway.
_LOCK = 7_205_233_611


@dataclass(slots=True)
class Claimed:
    """A feed that is ours to read until `feed.leased_until`, and what its next reading depends on."""

    feed: Feed
    last_week: int = 0
    has_hub: bool = False

    @property
    def host(self) -> str:
        return host_of(self.feed.url)


def claim(candidates: Sequence[int], *, now: datetime, most: int) -> list[Claimed]:
    """Lease up to `most` of these feeds: those that are due and whose host and machine nobody is asking now."""
    if not candidates or most < 1:
        return []
    with everywhere("a reader looks which hosts are being asked for feeds of all units"), transaction.atomic():
        _alone()
        hosts, ips = _asked(now)
        chosen: list[Feed] = []
        rows = {feed.pk: feed for feed in due(now=now).filter(pk__in=candidates).select_related("unit", "source")}
        for feed in (rows[pk] for pk in candidates if pk in rows):
            host = host_of(feed.url)
            if len(chosen) < most and host not in hosts and (feed.ip is None or feed.ip not in ips):
                chosen.append(feed)
                hosts.add(host)
                ips.add(feed.ip or "")
        ids = [feed.pk for feed in chosen]
        Feed.objects.filter(pk__in=ids).update(leased_until=now + LEASE)
        schools = [feed.pk for feed in chosen if not feed.unit.is_authority]
        counts = items_in_last_week(schools, now=now) if schools else {}
        hubs = set(_with_hub(now).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    for feed in chosen:
        feed.leased_until = now + LEASE
    return [Claimed(feed, counts.get(feed.pk, 0), feed.pk in hubs) for feed in chosen]


def reserve(claimed: Claimed, ip: str, *, now: datetime) -> bool:
    """The feed's name leads to another machine than before: keep the lease if nobody is asking that one.

    Otherwise the feed is given back, due, with its new machine noted.
    """
    feed = claimed.feed
    with everywhere("a reader looks whether a machine is being asked for feeds of all units"), transaction.atomic():
        _alone()
        _, ips = _asked(now, besides=[feed.pk])
        is_free = ip not in ips
        mine = Feed.objects.filter(pk=feed.pk, leased_until=feed.leased_until)
        is_ours = mine.update(ip=ip, leased_until=now + LEASE if is_free else None) == 1
    feed.ip, feed.leased_until = ip, now + LEASE
    return is_free and is_ours


def extend(claims: Collection[Claimed], *, now: datetime) -> None:
    """Go on reading these feeds: their leases end later."""
    by_end: dict[datetime | None, list[Claimed]] = {}
    for claimed in claims:
        by_end.setdefault(claimed.feed.leased_until, []).append(claimed)
    with everywhere("the reader extends its leases on feeds of all units"):
        for end, group in by_end.items():
            ids = [claimed.feed.pk for claimed in group]
            Feed.objects.filter(pk__in=ids, leased_until=end).update(leased_until=now + LEASE)
            for claimed in group:
                claimed.feed.leased_until = now + LEASE


def queue_due(*, now: datetime) -> list[int]:
    """Mark what is due as queued, so that one job is made for it; a job that got lost is made again after `REQUEUE`."""
    with everywhere("the scheduler queues due feeds of all units"):
        waiting = due(now=now).filter(Q(queued_at=None) | Q(queued_at__lte=now - REQUEUE))
        ids = list(waiting.values_list("pk", flat=True)[:10_000])
        if ids:
            waiting.update(queued_at=now)
    return ids


def _alone() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _asked(now: datetime, besides: Collection[int] = ()) -> tuple[set[str], set[str]]:
    """Hosts and machines that somebody is asking now."""
    leased = Feed.objects.filter(leased_until__gt=now).exclude(pk__in=besides).values_list("url", "ip")
    hosts: set[str] = set()
    ips: set[str] = set()
    for url, ip in leased:
        hosts.add(host_of(url))
        ips.add(ip or "")
    return hosts, ips - {""}


def _with_hub(now: datetime) -> QuerySet[Feed]:
    return Feed.objects.filter(hub__state=HubState.ACTIVE, hub__leased_until__gt=now)
