"""Thin jobs of the feeds. A lost job is found again: the feed stays due until it was read."""

from django.conf import settings

from congtruong.core import clock, jobs
from congtruong.core.schedule import every
from congtruong.feeds import services


@jobs.register("feeds.refresh")
def refresh(feed_id: int) -> None:
    services.refresh(feed_id=feed_id)


@every(seconds=settings.FEED_TICK_SECONDS, name="feeds.due")
def enqueue_due() -> None:
    for feed_id in services.queue_due(now=clock.now()):
        jobs.enqueue("feeds.refresh", feed_id=feed_id)
