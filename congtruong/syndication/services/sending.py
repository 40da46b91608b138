"""Deliveries: what a topic says now, posted to whoever is behind; one at a time to each machine."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from congtruong.core import clock, http
from congtruong.core.addresses import absolute
from congtruong.syndication.blocks.feeds import HUB_PATH
from congtruong.syndication.enums import Format
from congtruong.syndication.models import CallbackHost, Subscription, Topic
from congtruong.syndication.rules.leases import retry_in
from congtruong.syndication.rules.signatures import sign
from congtruong.units.queries import canonical_hosts
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

_LIMITS = http.Limits(connect_seconds=5, total_seconds=10, most_bytes=4096, most_redirects=0)
# Longer than one delivery; renewed after each. A sender that dies is replaced after it.
_BUSY = timedelta(seconds=60)
_REQUEUE = timedelta(seconds=60)
# Well below what the worker allows one job; the rest is queued again.
SLICE_SECONDS = 15.0
_GONE = 410
# The machine itself does not answer.
_SILENT = frozenset({"dns", "network", "timeout"})
_SILENT_FOR = timedelta(minutes=5)


def queue_hosts(*, now: datetime, limit: int = 100) -> list[str]:
    """Claim for queueing the machines that are owed something; one whose job got lost is due again."""
    with everywhere("the scheduler queues the machines that the hubs of all portals owe something"):
        owed = Subscription.objects.filter(next_try_at__lte=now, leased_until__gt=now)
        hosts = list(owed.order_by().values_list("callback_host", flat=True).distinct()[:limit])
    CallbackHost.objects.bulk_create([CallbackHost(name=name) for name in hosts], ignore_conflicts=True)
    free = Q(queued_at=None) | Q(queued_at__lte=now - _REQUEUE)
    idle = Q(busy_until=None) | Q(busy_until__lte=now)
    return [name for name in hosts if CallbackHost.objects.filter(free, idle, name=name).update(queued_at=now) == 1]


def send_to(*, host: str, seconds: float = SLICE_SECONDS) -> int:
    """Deliver what one machine is owed, for about so many seconds; returns how many deliveries it took."""
    now = clock.now()
    CallbackHost.objects.bulk_create([CallbackHost(name=host)], ignore_conflicts=True)
    idle = Q(busy_until=None) | Q(busy_until__lte=now)
    if CallbackHost.objects.filter(idle, name=host).update(busy_until=now + _BUSY) != 1:
        return 0
    taken, end = 0, time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            owed = _next(host, clock.now())
            if owed is None:
                break
            with unit_scope(owed.unit_id):
                taken += _send(owed)
            CallbackHost.objects.filter(name=host).update(busy_until=clock.now() + _BUSY)
    finally:
        CallbackHost.objects.filter(name=host).update(busy_until=None, queued_at=None)
    return taken


def _next(host: str, now: datetime) -> Subscription | None:
    with everywhere("one machine is sent what any portal owes it, one after another"):
        owed = Subscription.objects.filter(callback_host=host, next_try_at__lte=now, leased_until__gt=now)
        found = owed.select_related("topic").order_by("next_try_at", "pk").first()
    return found if isinstance(found, Subscription) else None


def _send(owed: Subscription) -> bool:
    """One delivery, and what its answer means; True when it was taken."""
    topic, now = owed.topic, clock.now()
    host = canonical_hosts([owed.unit_id]).get(owed.unit_id)
    if owed.sent >= topic.version or host is None:
        _settle(owed, topic.version)
        return False
    body = bytes(topic.body)
    headers = {"Link": f'<{absolute(host, HUB_PATH)}>; rel="hub", <{absolute(host, topic.path)}>; rel="self"'}
    if owed.secret:
        headers["X-Hub-Signature"] = sign(body, owed.secret)
    try:
        http.post(
            owed.callback,
            body=body,
            content_type=Format(topic.format).content_type,
            headers=headers,
            limits=_LIMITS,
            allow=tuple(settings.FETCH_ALLOW),
        )
    except http.FetchError as problem:
        # Taken, with more words of thanks than anybody reads.
        if problem.code != "too_large":
            logger.info("delivery %s: %s", owed.pk, problem.code)
            _failed(owed, problem, now)
            return False
    Subscription.objects.filter(pk=owed.pk).update(sent=topic.version, sent_at=now, failures=0)
    _settle(owed, topic.version)
    return True


def _settle(owed: Subscription, version: int) -> None:
    """Nothing is due until the next version, unless that is there already."""
    current = Topic.objects.filter(version=version)
    Subscription.objects.filter(pk=owed.pk, topic__in=current).update(next_try_at=None)


def _failed(owed: Subscription, problem: http.FetchError, now: datetime) -> None:
    if problem.status == _GONE:
        Subscription.objects.filter(pk=owed.pk).delete()
        return
    delay = retry_in(owed.failures + 1)
    again = now + delay if delay is not None else None
    Subscription.objects.filter(pk=owed.pk).update(failures=F("failures") + 1, next_try_at=again)
    if problem.code in _SILENT:
        # The others it is owed wait as well, instead of a timeout each.
        with everywhere("a machine that does not answer is left alone by all portals for a while"):
            others = Subscription.objects.filter(callback_host=owed.callback_host, next_try_at__lte=now)
            others.update(next_try_at=now + _SILENT_FOR)
