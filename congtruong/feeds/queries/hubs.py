"""Subscriptions at hubs, for hubs that call and for the scheduler."""

from datetime import datetime

from congtruong.feeds.models import HubSubscription
from congtruong.units.scoping import everywhere


def by_token(token: str) -> HubSubscription | None:
    """The subscription whose callback this is."""
    with everywhere("a hub calls by an unguessable word; the feed's unit is not known yet"):
        found = HubSubscription.objects.filter(token=token).first()
    return found if isinstance(found, HubSubscription) else None


def hubs_to_ask(*, now: datetime, limit: int = 50) -> list[int]:
    """Subscriptions that are to be asked for or renewed, the most urgent first."""
    with everywhere("the scheduler renews what hubs promised to the feeds of all units"):
        due = HubSubscription.objects.filter(next_ask_at__lte=now, feed__is_paused=False).order_by("next_ask_at")
        return list(due.values_list("pk", flat=True)[:limit])
