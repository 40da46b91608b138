"""What hubs owe a unit and what its own hub owes others: a row in every table."""

from datetime import timedelta

from congtruong.core import clock
from congtruong.feeds.models import Feed, HubSubscription, Push
from congtruong.syndication.enums import Format, Mode
from congtruong.syndication.models import Intent, Stand, Subscription, Topic
from congtruong.units.models import Unit


def promise(unit: Unit, feed: Feed, mark: str) -> None:
    """Subscriptions in both directions; their addresses and keys carry the mark of what is private."""
    now = clock.now()
    later, address, path = now + timedelta(days=9), f"https://{mark}.example/", "/rss/tin-tuc.xml"
    HubSubscription.objects.create(
        unit=unit,
        feed=feed,
        hub_url=address,
        topic_url=feed.url,
        token=f"{mark}-token",
        secret=mark,
        leased_until=later,
    )
    Push.objects.create(unit=unit, feed=feed, digest="0" * 64, body=mark.encode(), received_at=now, queued_at=now)
    topic = Topic.objects.create(unit=unit, path=path, format=Format.RSS)
    there = {"callback": address, "callback_host": f"{mark}.example:443", "secret": mark}
    Subscription.objects.create(unit=unit, topic=topic, leased_until=later, **there)
    Intent.objects.create(
        unit=unit,
        path=path,
        mode=Mode.SUBSCRIBE,
        lease_seconds=86_400,
        challenge=mark,
        asked_at=now,
        next_try_at=later,
        **there,
    )
    Stand.objects.create(unit=unit, changed_at=now)
