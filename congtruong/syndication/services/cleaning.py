"""What nobody needs any more: leases that ended, requests nobody confirmed, topics without subscribers."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from congtruong.syndication.models import CallbackHost, Intent, Subscription, Topic
from congtruong.units.scoping import everywhere

_INTENT_LIVES = timedelta(hours=1)


def clean(*, now: datetime) -> int:
    """Remove what has ended; returns how many rows."""
    with everywhere("the scheduler removes what ended at the hubs of all portals"):
        gone = [
            Intent.objects.filter(asked_at__lt=now - _INTENT_LIVES).delete(),
            Subscription.objects.filter(leased_until__lte=now).delete(),
            Topic.objects.filter(~Exists(Subscription.objects.filter(topic=OuterRef("pk")))).delete(),
        ]
        named = Subscription.objects.filter(callback_host=OuterRef("name"))
        gone.append(CallbackHost.objects.filter(~Exists(named), busy_until=None).delete())
    return sum(count for count, _ in gone)
