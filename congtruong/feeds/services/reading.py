"""Reading one feed: for a person who asks for it, and for what a hub pushes. `polling` reads whatever is due."""

import time
from datetime import datetime

from django.db import transaction

from congtruong.core import clock
from congtruong.feeds.models import Feed
from congtruong.feeds.pipeline.child import read_document
from congtruong.feeds.queries.reading import due
from congtruong.feeds.services.alerting import expect_next
from congtruong.feeds.services.attempting import attempt
from congtruong.feeds.services.claiming import Claimed, claim, reserve
from congtruong.feeds.services.settling import settle_safely
from congtruong.feeds.services.storing import Stored, store
from congtruong.units.scoping import everywhere, unit_scope

# Somebody waits for it; afterwards it is read with the others, being due.
_HOST_WAIT_SECONDS = 10.0
_LOOK_SECONDS = 0.1


def refresh(*, feed_id: int) -> None:
    """Read one feed if its time has come and nobody else reads it. May be killed anywhere and run again.

    While its host or machine is being asked for another feed, this waits for some seconds, then leaves the feed due.
    """
    claimed = _claim(feed_id)
    if claimed is None:
        return
    tried = attempt(claimed.feed, now=clock.now(), via=claimed.feed.ip or "")
    if tried.other_ip:
        if not reserve(claimed, tried.other_ip, now=clock.now()):
            return
        tried = attempt(claimed.feed, now=clock.now(), via=None)
    settle_safely(claimed, tried)


def _claim(feed_id: int) -> Claimed | None:
    until = time.monotonic() + _HOST_WAIT_SECONDS
    while True:
        for claimed in claim([feed_id], now=clock.now(), most=1):
            return claimed
        with everywhere("a queued job knows the feed, not yet the unit"):
            is_waiting = due(now=clock.now()).filter(pk=feed_id).exists()
        if not is_waiting or time.monotonic() > until:
            return None
        time.sleep(_LOOK_SECONDS)


def take(*, feed: Feed, body: bytes, content_type: str, now: datetime) -> Stored:
    """Read what a hub pushed and bring it onto the portals. Raises ParseError.

    A push may hold new items only, so that nothing is concluded from what is missing, and the next reading compares
    with what the source itself said last.
    """
    document = read_document(body, content_type=content_type, url=feed.url, now=now)
    if not document.entries:
        return Stored(changed=0, new=0, pictures=0)
    with unit_scope(feed.unit_id), transaction.atomic():
        stored = store(feed=feed, document=document, now=now)
        if stored.changed:
            state: dict[str, object] = {"last_change_at": now}
            if stored.changed > stored.new:
                # It may have come late: what the source itself says is read again, whatever it answered last.
                state |= {"etag": "", "last_modified": "", "body_sha256": ""}
            Feed.objects.filter(pk=feed.pk).update(**state)
            expect_next(feed=feed)
    return stored
