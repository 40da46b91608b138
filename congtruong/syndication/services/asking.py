"""Requests to the hub: checked, bounded and kept until somebody confirms them."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from congtruong.core import jobs
from congtruong.core.addresses import absolute
from congtruong.core.http import FetchError
from congtruong.syndication import errors
from congtruong.syndication.enums import Mode
from congtruong.syndication.models import Intent, Subscription
from congtruong.syndication.rules.callbacks import MOST_CALLBACK, host_of
from congtruong.syndication.rules.leases import lease_seconds
from congtruong.syndication.rules.topics import Address, address_of
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere, unit_scope

MOST_WAITING, MOST_WAITING_OF_UNIT, MOST_WAITING_OF_HOST = 5_000, 200, 20
# A provider may keep the sites of hundreds of schools on one machine.
MOST_OF_TOPIC, MOST_OF_HOST, MOST_OF_HOST_IN_TOPIC, MOST_IN_ALL = 3_000, 5_000, 500, 100_000
_MOST_SECRET = 200


def ask(
    *, unit: Unit, host: str, mode: str, topic: str, callback: str, lease: str, secret: str, now: datetime
) -> Intent:
    """Keep a request and let a job confirm it with whoever answers at the callback; nothing else changes yet.

    A request that waits already is replaced by a newer one with the same topic and callback. Raises `BadRequest`,
    `TooManyWaiting`.
    """
    if mode not in Mode.values:
        raise errors.BadMode
    address = topic_of(unit, host, topic)
    callback_host = _callback_host(callback)
    seconds = lease_seconds(lease)
    if seconds is None:
        raise errors.BadLease
    if len(secret.encode()) >= _MOST_SECRET or not secret.isprintable():
        raise errors.BadSecret
    with unit_scope(unit.pk), transaction.atomic():
        known = Intent.objects.filter(unit=unit, path=address.path, callback=callback)
        if not known.exists():
            _leave_room(unit, callback_host)
        intent, is_new = Intent.objects.update_or_create(
            unit=unit,
            path=address.path,
            callback=callback,
            defaults={
                "callback_host": callback_host,
                "mode": mode,
                "lease_seconds": seconds,
                "secret": secret,
                "challenge": secrets.token_urlsafe(32),
                "asked_at": now,
                "next_try_at": now,
                "queued_at": now,
                "tries": 0,
            },
        )
        # A repeated request waits for the turn of the first: asking often makes nothing happen more often.
        if is_new:
            jobs.enqueue("syndication.confirm", intent_id=intent.pk)
    return intent


def topic_of(unit: Unit, host: str, topic: str) -> Address:
    """The feed of this portal that an absolute address names, as the feed itself does. Raises `BadTopic`."""
    base = absolute(host).rstrip("/")
    address = address_of(topic.removeprefix(base)) if topic.startswith(base) else None
    if address is None or (address.level and not unit.is_authority):
        raise errors.BadTopic
    return address


def is_full(*, topic_id: int | None, callback_host: str, now: datetime) -> bool:
    """Would one more subscription exceed what a topic or one machine may have?"""
    with everywhere("the hub bounds what one machine may be sent by all portals together"):
        found = Subscription.objects.filter(leased_until__gt=now).aggregate(
            of_topic=Count("pk", filter=Q(topic=topic_id)),
            of_host=Count("pk", filter=Q(callback_host=callback_host)),
            of_both=Count("pk", filter=Q(topic=topic_id, callback_host=callback_host)),
            in_all=Count("pk"),
        )
    return bool(
        found["of_topic"] >= MOST_OF_TOPIC
        or found["of_host"] >= MOST_OF_HOST
        or found["of_both"] >= MOST_OF_HOST_IN_TOPIC
        or found["in_all"] >= MOST_IN_ALL
    )


def _callback_host(callback: str) -> str:
    if not callback or len(callback) > MOST_CALLBACK or "#" in callback or not callback.isascii():
        raise errors.BadCallback
    try:
        return host_of(callback, allow=tuple(settings.FETCH_ALLOW))
    except FetchError as error:
        raise errors.BadCallback from error


def _leave_room(unit: Unit, callback_host: str) -> None:
    with everywhere("the hub bounds the requests that wait on all portals together"):
        waiting = Intent.objects.aggregate(
            all=Count("pk"),
            of_unit=Count("pk", filter=Q(unit=unit)),
            of_host=Count("pk", filter=Q(callback_host=callback_host)),
        )
    if (
        waiting["all"] >= MOST_WAITING
        or waiting["of_unit"] >= MOST_WAITING_OF_UNIT
        or waiting["of_host"] >= MOST_WAITING_OF_HOST
    ):
        raise errors.TooManyWaiting
