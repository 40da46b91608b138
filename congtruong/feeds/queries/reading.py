"""What is due, and how fresh what is shown is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Max, Min, Q, QuerySet, When

from congtruong.feeds.models import Feed, Sighting
from congtruong.feeds.rules import outages
from congtruong.feeds.rules.hosts import host_of
from congtruong.units.scoping import unit_scope

STALE_AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the feeds of some authorities were last read; `is_stale` when one of them has not been for too long."""

    read_at: datetime | None
    is_stale: bool


def freshness(authority_ids: Sequence[int], *, now: datetime) -> Freshness:
    """State of the feeds that speak for these authorities; public, one query."""
    if not authority_ids:
        return Freshness(None, is_stale=False)
    with unit_scope(*authority_ids):
        read = Feed.objects.filter(is_paused=False).aggregate(
            latest=Max("last_success_at"),
            oldest=Min("last_success_at"),
            never=Count("pk", filter=Q(last_success_at=None, failures__gt=0)),
        )
    latest, oldest = read["latest"], read["oldest"]
    is_old = oldest is not None and now - oldest > STALE_AFTER
    return Freshness(latest, is_stale=is_old or bool(read["never"]))


@dataclass(frozen=True, slots=True)
class Due:
    """A feed whose time has come; `ip` is empty until it was asked once."""

    pk: int
    host: str
    ip: str


def due(*, now: datetime) -> QuerySet[Feed]:
    """Feeds whose time has come and that nobody reads."""
    return Feed.objects.filter(is_paused=False, next_check_at__lte=now).exclude(leased_until__gt=now)


def due_feeds(*, now: datetime, limit: int = 10_000) -> list[Due]:
    """What is due, sources that answered last time first: those in trouble must not make the others wait."""
    order = (Case(When(failures=0, then=0), default=1), "next_check_at", "pk")
    rows = due(now=now).order_by(*order).values_list("pk", "url", "ip")[:limit]
    return [Due(pk, host_of(url), ip or "") for pk, url, ip in rows]


def recent_results(*, now: datetime) -> list[tuple[str, bool]]:
    """Host and whether it could not be reached, of every feed asked within the last minute."""
    rows = Feed.objects.filter(checked_at__gte=now - outages.WINDOW).values_list("url", "error_code")
    return [(host_of(url), code in outages.CODES) for url, code in rows]


def items_in_last_week(feed_ids: Sequence[int], *, now: datetime) -> dict[int, int]:
    """How many items each of these feeds brought in the last seven days."""
    rows = (
        Sighting.objects.filter(feed__in=feed_ids, item__first_seen_at__gte=now - timedelta(days=7))
        .values_list("feed")
        .annotate(number=Count("pk"))
    )
    return dict(rows)
