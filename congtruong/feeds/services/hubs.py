"""WebSub as a subscriber: hubs that feeds offer are asked to tell us, and believed while they do.

What a hub sends is kept in a table before it is answered; a job reads it as if it had been fetched. Reading goes on
beside it, less often: a hub that did not tell of an item that reading finds is not trusted any longer.
"""

import hashlib
import logging
import secrets
from datetime import datetime
from enum import Enum, auto

from django.conf import settings
from django.db import transaction
from django.db.models import F

from congtruong.core import clock, http, jobs
from congtruong.core.addresses import absolute
from congtruong.core.http.target import target_of
from congtruong.feeds.enums import HubState
from congtruong.feeds.models import Feed, HubSubscription, Push
from congtruong.feeds.pipeline.model import Document
from congtruong.feeds.rules import hubs as rules
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

CALLBACK = "/websub/nhan/{token}/"
MOST_BYTES = 5 * 2**20
# Of one feed, received and not read yet.
MOST_WAITING = 5
_MOST_ADDRESS, _MOST_TYPE = 1000, 200


class Received(Enum):
    """What became of a delivery: `IGNORED` is answered like `KEPT`, so that a forger learns nothing."""

    UNKNOWN = auto()
    KEPT = auto()
    IGNORED = auto()
    FULL = auto()


# --- Asking -----------------------------------------------------------------------------------------------------------


def offered(*, feed: Feed, document: Document, now: datetime) -> None:
    """Note the hub that a feed names, to be asked soon; forget it when it names none any more. Two queries."""
    hub_url, topic_url = document.hub.strip(), (document.topic or feed.url).strip()
    if not (_is_usable(hub_url) and _is_usable(topic_url)):
        HubSubscription.objects.filter(feed=feed).delete()
        return
    known = HubSubscription.objects.filter(feed=feed).first()
    if known is not None and (known.hub_url, known.topic_url) == (hub_url, topic_url):
        return
    # Another hub or topic is another promise: the old address for deliveries answers no more.
    HubSubscription.objects.update_or_create(
        feed=feed,
        defaults={
            "unit_id": feed.unit_id,
            "hub_url": hub_url,
            "topic_url": topic_url,
            "token": secrets.token_urlsafe(32),
            "secret": secrets.token_urlsafe(32),
            "state": HubState.ASKED,
            "asked_at": None,
            "leased_until": None,
            "next_ask_at": now,
            "failures": 0,
            "missed": 0,
        },
    )


def forget_hub(*, feed: Feed) -> None:
    """End every right to publish in this feed's name: it was paused, or stands elsewhere now. Two queries."""
    HubSubscription.objects.filter(feed=feed).delete()
    Push.objects.filter(feed=feed).delete()


def _is_usable(url: str) -> bool:
    """A public address that fits; with the central host on this very machine no hub could answer us."""
    if not url or len(url) > _MOST_ADDRESS or settings.CENTRAL_HOST == "localhost":
        return False
    try:
        target_of(url, allow=tuple(settings.FETCH_ALLOW))
    except http.FetchError:
        return False
    return True


def ask_hub(*, subscription_id: int) -> None:
    """Ask a hub to tell us of a feed; it answers later at our callback. May be killed anywhere and run again."""
    now = clock.now()
    with everywhere("a queued job knows what to ask a hub, not yet the unit"):
        known = HubSubscription.objects.filter(pk=subscription_id, next_ask_at__lte=now).first()
    if not isinstance(known, HubSubscription):
        return
    with unit_scope(known.unit_id):
        mine = HubSubscription.objects.filter(pk=known.pk, next_ask_at__lte=now, token=known.token)
        # Noted first: some hubs verify before they answer.
        again = now + rules.ask_again_in(known.failures)
        if mine.update(asked_at=now, next_ask_at=again, failures=F("failures") + 1) != 1:
            return
        form = {
            "hub.mode": "subscribe",
            "hub.topic": known.topic_url,
            "hub.callback": absolute(settings.CENTRAL_HOST, CALLBACK.format(token=known.token)),
            "hub.secret": known.secret,
            "hub.lease_seconds": str(int(rules.ASKED_LEASE.total_seconds())),
        }
        try:
            http.post(known.hub_url, form=form, allow=tuple(settings.FETCH_ALLOW))
        except http.FetchError as problem:
            logger.info("hub of feed %s: %s", known.feed_id, problem.code)
            if problem.permanent:
                HubSubscription.objects.filter(pk=known.pk, leased_until=None).update(state=HubState.DENIED)


# --- The callback -----------------------------------------------------------------------------------------------------


def verified(*, known: HubSubscription, mode: str, topic: str, lease: str, now: datetime) -> bool:
    """Take a hub's answer to what we asked; True when its challenge is to be sent back."""
    if topic != known.topic_url or not rules.was_asked(known.asked_at, now):
        return False
    with unit_scope(known.unit_id):
        mine = HubSubscription.objects.filter(pk=known.pk, token=known.token)
        if mode == "denied":
            tomorrow = now + rules.ask_again_in(known.failures + 5)
            mine.update(state=HubState.DENIED, leased_until=None, next_ask_at=tomorrow)
            return False
        if mode != "subscribe":
            return False
        granted = rules.lease_of(lease)
        is_believed = known.state != HubState.DISTRUSTED or rules.is_forgiven(known.missed)
        mine.update(
            state=HubState.ACTIVE if is_believed else HubState.DISTRUSTED,
            leased_until=now + granted,
            next_ask_at=rules.renew_at(now=now, lease=granted),
            failures=0,
        )
    return True


def receive(*, known: HubSubscription, body: bytes, content_type: str, signature: str, now: datetime) -> Received:
    """Keep what a hub sends until a job reads it; it is safe when this returns `KEPT`. Sending twice keeps it once."""
    if known.leased_until is None or known.leased_until <= now:
        return Received.UNKNOWN
    with unit_scope(known.unit_id), transaction.atomic():
        if not rules.is_signed(body, signature, known.secret):
            HubSubscription.objects.filter(pk=known.pk).update(forged=F("forged") + 1)
            return Received.IGNORED
        digest = hashlib.sha256(body).hexdigest()
        waiting = Push.objects.filter(feed=known.feed_id)
        if not waiting.filter(digest=digest).exists():
            if waiting.count() >= MOST_WAITING:
                return Received.FULL
            push, is_new = Push.objects.get_or_create(
                feed_id=known.feed_id,
                digest=digest,
                defaults={
                    "unit_id": known.unit_id,
                    "body": body,
                    "content_type": content_type[:_MOST_TYPE],
                    "received_at": now,
                    "queued_at": now,
                },
            )
            if is_new:
                jobs.enqueue("feeds.push", push_id=push.pk)
        HubSubscription.objects.filter(pk=known.pk).update(pushed_at=now)
    return Received.KEPT


# --- Trust ------------------------------------------------------------------------------------------------------------


def polled(*, feed: Feed, new: int, now: datetime) -> None:
    """Judge the feed's hub by what a reading found that it had not told. One query when nothing was new.

    `feed` is the row as it was before the reading: only a stretch in which the hub was bound to tell counts.
    """
    if not new:
        return
    known = HubSubscription.objects.filter(feed=feed, state=HubState.ACTIVE, leased_until__gt=now).first()
    if known is None or known.asked_at is None or feed.last_success_at is None:
        return
    was_bound = feed.last_success_at >= known.asked_at
    if not was_bound or Push.objects.filter(feed=feed).exists():
        return
    logger.warning("hub of feed %s did not tell of %d items", feed.pk, new)
    HubSubscription.objects.filter(pk=known.pk).update(state=HubState.DISTRUSTED, missed=F("missed") + new)
