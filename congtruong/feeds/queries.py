"""Reads of feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from congtruong.feeds.models import Feed
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


def due_feeds(*, now: datetime, queued_before: datetime, limit: int = 100) -> list[int]:
    """Ids of feeds whose time has come, that nobody reads and that were not queued since `queued_before`."""
    due = Feed.objects.filter(is_paused=False, next_check_at__lte=now).exclude(leased_until__gt=now)
    return list(due.exclude(queued_at__gt=queued_before).order_by("next_check_at").values_list("pk", flat=True)[:limit])
