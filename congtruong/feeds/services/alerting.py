"""Telling people about feeds in trouble: once for each trouble, by mail where mail is set up.

Beside it the duty on "Hôm nay" stands as long as the trouble does, so that a mail that cannot be sent loses nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.feeds.models import Feed
from congtruong.feeds.queries.health import facts_of, in_trouble, moments_of
from congtruong.feeds.rules.health import Health, expected_by, health, is_new_alarm
from congtruong.units.enums import Role
from congtruong.units.models import Unit
from congtruong.units.queries import canonical_hosts, members_of
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

# Who looks after sources by his duty (TT 37/2020, articles 10 and 11).
_TOLD = frozenset({Role.EDITOR, Role.TECHNICIAN, Role.HEAD})
# A feed that fails and recovers all day is told of once a day.
_APART = timedelta(hours=24)
_MOST_NAMED = 10


def alert_due(*, now: datetime) -> int:
    """Mail each unit about its feeds that are newly in trouble; returns how many feeds were told of.

    A feed counts as told once the mail server took the letter: killed in between, it is sent again.
    """
    if not settings.SENDS_MAIL:
        return 0
    with everywhere("the scheduler looks for feeds of all units that are in trouble"):
        waiting: dict[Unit, list[tuple[Feed, Health]]] = {}
        for feed in in_trouble(now=now):
            found = health(facts_of(feed, now=now), now=now)
            is_early = feed.alerted_at is not None and now - feed.alerted_at < _APART
            if is_new_alarm(found, alerted_at=feed.alerted_at) and not is_early:
                waiting.setdefault(feed.unit, []).append((feed, found))
    told = 0
    for unit, troubles in waiting.items():
        try:
            told += _tell(unit, troubles, now)
        except (SMTPRecipientsRefused, SMTPResponseException):
            logger.exception("unit %s: the mail server refused an alert", unit.pk)
        except OSError:
            # It is away for everybody: the next run tries again.
            logger.exception("no mail server for alerts")
            break
    return told


def _tell(unit: Unit, troubles: Sequence[tuple[Feed, Health]], now: datetime) -> int:
    with unit_scope(unit.pk):
        to = [
            member.user.email
            for member in members_of(unit)
            if member.user.is_active and member.user.email and _TOLD & set(member.roles)
        ]
        if not to:
            return 0
        EmailMessage(_subject(troubles), _body(unit, troubles), to=to).send()
        return Feed.objects.filter(pk__in=[feed.pk for feed, _ in troubles]).update(alerted_at=now)


def _subject(troubles: Sequence[tuple[Feed, Health]]) -> str:
    if len(troubles) == 1:
        feed, found = troubles[0]
        return f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}Nguồn tin “{feed.source.name}”: {found.word.lower()}"
    return f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{len(troubles)} kênh tin cần Thầy/Cô xem"


def _body(unit: Unit, troubles: Sequence[tuple[Feed, Health]]) -> str:
    host = canonical_hosts([unit.pk]).get(unit.pk)
    path = reverse("console:sources", urlconf=settings.ROOT_URLCONF)
    where = absolute(host, path) if host else absolute(settings.CENTRAL_HOST, settings.CONSOLE_PREFIX)
    parts = [f"Kính gửi Thầy/Cô phụ trách cổng thông tin {unit.name},"]
    for feed, found in troubles[:_MOST_NAMED]:
        since = f"Từ {found.since.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}. " if found.since else ""
        parts.append(
            f"{feed.source.name} – {feed.get_channel_display()}\n{feed.url}\n"
            f"{found.word}. {since}{found.sentence} {found.advice}".rstrip()
        )
    if len(troubles) > _MOST_NAMED:
        parts.append(f"Và {len(troubles) - _MOST_NAMED} kênh khác.")
    parts.append("Các tin đã nhận vẫn hiện trên cổng thông tin.")
    parts.append(f"Xem và xử lý: {where}")
    return "\n\n".join(parts) + "\n"


def expect_next(*, feed: Feed) -> None:
    """Note until when the source should publish again, now that it has; two queries. Inside the feed's scope."""
    until = expected_by(moments_of(feed), is_authority=feed.unit.is_authority)
    Feed.objects.filter(pk=feed.pk).update(expected_by=until)
