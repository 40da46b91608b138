"""Reading what hubs sent: the bytes stand in a table until they were read."""

import logging
from datetime import datetime, timedelta

from django.db.models import F, Q

from congtruong.core import clock
from congtruong.feeds.models import Feed, Push
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.services import reading
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

_MOST_TRIES = 3
# Longer than reading what was sent may take; a reader that dies is replaced after it.
_TAKEN = timedelta(minutes=2)
_REQUEUE = timedelta(seconds=60)


def queue_pushes(*, now: datetime, limit: int = 100) -> list[int]:
    """Claim for queueing what hubs sent and whose job was lost."""
    free = Q(queued_at__lte=now - _REQUEUE) & (Q(taken_until=None) | Q(taken_until__lte=now))
    with everywhere("the scheduler looks for deliveries to feeds of all units that nobody reads"):
        ids = list(Push.objects.filter(free).order_by("received_at").values_list("pk", flat=True)[:limit])
        return [pk for pk in ids if Push.objects.filter(free, pk=pk).update(queued_at=now) == 1]


def read_push(*, push_id: int) -> None:
    """Read one delivery like a fetched document, then forget it.

    Killed in between, it is read again, which changes nothing.
    """
    now = clock.now()
    with everywhere("a queued job knows the delivery of a hub, not yet the unit"):
        push = Push.objects.filter(pk=push_id).first()
    if not isinstance(push, Push):
        return
    with unit_scope(push.unit_id):
        free = Q(taken_until=None) | Q(taken_until__lte=now)
        if Push.objects.filter(free, pk=push.pk).update(taken_until=now + _TAKEN, tries=F("tries") + 1) != 1:
            return
        feed = Feed.objects.select_related("source").get(pk=push.feed_id)
        if feed.is_paused:
            Push.objects.filter(pk=push.pk).delete()
            return
        try:
            reading.take(feed=feed, body=bytes(push.body), content_type=push.content_type, now=now)
        except ParseError as problem:
            # The next reading fetches the feed itself.
            logger.warning("delivery to feed %s: %s", feed.pk, problem.code)
        except Exception:
            logger.exception("delivery to feed %s: unexpected", feed.pk)
            if push.tries + 1 < _MOST_TRIES:
                Push.objects.filter(pk=push.pk).update(taken_until=None, queued_at=now)
                return
        Push.objects.filter(pk=push.pk).delete()
