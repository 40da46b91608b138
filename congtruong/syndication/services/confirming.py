"""Verification of intent (WebSub, section 5.3): whoever answers at the callback must want what was asked."""

import logging
from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from congtruong.core import clock, http
from congtruong.core.addresses import absolute
from congtruong.syndication.enums import Mode
from congtruong.syndication.models import Intent, Subscription, Topic
from congtruong.syndication.phrases import TOO_MANY
from congtruong.syndication.rules.callbacks import with_query
from congtruong.syndication.rules.leases import CONFIRM_DELAYS
from congtruong.syndication.rules.topics import address_of
from congtruong.syndication.services.asking import is_full
from congtruong.units.queries import canonical_hosts
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

# The answer is the challenge; a redirect is none.
_LIMITS = http.Limits(connect_seconds=5, total_seconds=10, most_bytes=4096, most_redirects=0)
_REQUEUE = timedelta(seconds=60)
# Nothing is decided: the other machine may answer later.
_PASSING = frozenset({"timeout", "network", "dns"})


def queue_intents(*, now: datetime, limit: int = 100) -> list[int]:
    """Claim for queueing the requests whose confirmation is due; one whose job got lost is due again."""
    free = Q(queued_at=None) | Q(queued_at__lte=now - _REQUEUE)
    with everywhere("the scheduler queues requests to the hubs of all portals"):
        due = Intent.objects.filter(free, next_try_at__lte=now).order_by("next_try_at")
        ids = list(due.values_list("pk", flat=True)[:limit])
        return [pk for pk in ids if Intent.objects.filter(free, pk=pk).update(queued_at=now) == 1]


def confirm(*, intent_id: int) -> None:
    """Ask the callback whether it wants this; do as it says. May be killed anywhere and run again."""
    now = clock.now()
    with everywhere("a queued job knows the request to the hub, not yet the unit"):
        intent = Intent.objects.filter(pk=intent_id, next_try_at__lte=now).first()
    if not isinstance(intent, Intent):
        return
    with unit_scope(intent.unit_id):
        if not _claim(intent, now):
            return
        host = canonical_hosts([intent.unit_id]).get(intent.unit_id)
        topic = Topic.objects.filter(unit=intent.unit_id, path=intent.path).first()
        if host is None:
            _forget(intent)
        elif intent.mode == Mode.SUBSCRIBE and _is_too_much(intent, topic, now):
            _forget(intent)
            _say_no(intent, absolute(host, intent.path))
        else:
            _verify(intent, absolute(host, intent.path), now)


def _claim(intent: Intent, now: datetime) -> bool:
    again = now + timedelta(seconds=CONFIRM_DELAYS[min(intent.tries, len(CONFIRM_DELAYS) - 1)])
    mine = Intent.objects.filter(pk=intent.pk, challenge=intent.challenge, next_try_at__lte=now)
    return mine.update(next_try_at=again, queued_at=None, tries=F("tries") + 1) == 1


def _is_too_much(intent: Intent, topic: Topic | None, now: datetime) -> bool:
    if topic is not None and Subscription.objects.filter(topic=topic, callback=intent.callback).exists():
        return False
    return is_full(topic_id=topic.pk if topic else None, callback_host=intent.callback_host, now=now)


def _verify(intent: Intent, topic_url: str, now: datetime) -> None:
    words = {"hub.mode": intent.mode, "hub.topic": topic_url, "hub.challenge": intent.challenge}
    if intent.mode == Mode.SUBSCRIBE:
        words["hub.lease_seconds"] = str(intent.lease_seconds)
    try:
        reply = http.fetch(
            with_query(intent.callback, words), accept="*/*", limits=_LIMITS, allow=tuple(settings.FETCH_ALLOW)
        )
    except http.FetchError as problem:
        logger.info("request to the hub %s: %s", intent.pk, problem.code)
        may_pass = problem.code in _PASSING or (problem.status or 0) >= 500
        if not may_pass or intent.tries + 1 >= len(CONFIRM_DELAYS):
            _forget(intent)
        return
    if compare_digest(reply.body.strip(), intent.challenge.encode()):
        _agree(intent, now)
    else:
        _forget(intent)


@transaction.atomic
def _agree(intent: Intent, now: datetime) -> None:
    # A newer request took its place meanwhile, or another worker was faster.
    if not _forget(intent):
        return
    if intent.mode == Mode.UNSUBSCRIBE:
        Subscription.objects.filter(unit=intent.unit_id, topic__path=intent.path, callback=intent.callback).delete()
        return
    address = address_of(intent.path)
    if address is None:
        return
    topic, _ = Topic.objects.get_or_create(
        unit_id=intent.unit_id, path=intent.path, defaults={"format": address.format}
    )
    kept = {
        "unit_id": intent.unit_id,
        "callback_host": intent.callback_host,
        "secret": intent.secret,
        "leased_until": now + timedelta(seconds=intent.lease_seconds),
    }
    # A promise that ended owes nothing: what the topic held then may have been withdrawn since.
    Subscription.objects.filter(topic=topic, callback=intent.callback, leased_until__lte=now).delete()
    Subscription.objects.update_or_create(
        topic=topic,
        callback=intent.callback,
        defaults=kept,
        # Whoever subscribes has read the feed.
        create_defaults={**kept, "sent": topic.version},
    )


def _forget(intent: Intent) -> bool:
    removed, _ = Intent.objects.filter(pk=intent.pk, challenge=intent.challenge).delete()
    return removed == 1


def _say_no(intent: Intent, topic_url: str) -> None:
    """Tell the subscriber that the hub denied (WebSub, section 5.2); whether it hears is its own affair."""
    words = {"hub.mode": "denied", "hub.topic": topic_url, "hub.reason": TOO_MANY}
    try:
        http.fetch(with_query(intent.callback, words), accept="*/*", limits=_LIMITS, allow=tuple(settings.FETCH_ALLOW))
    except http.FetchError as problem:
        logger.info("denial of the request %s: %s", intent.pk, problem.code)
