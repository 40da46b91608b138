"""The state of a feed after an attempt, written together with what was read."""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When

from congtruong.core import audit, http
from congtruong.feeds.models import Feed
from congtruong.feeds.queries.reading import recent_results
from congtruong.feeds.rules import moves, outages, problems, schedule
from congtruong.feeds.rules.hosts import host_of
from congtruong.feeds.services import hubs
from congtruong.feeds.services.alerting import expect_next
from congtruong.feeds.services.attempting import Attempt, Problem
from congtruong.feeds.services.claiming import Claimed
from congtruong.feeds.services.storing import store
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

BY = "hệ thống"
# What a busy server that names no delay is given.
_PAUSE_SECONDS = 600


class LeaseLost(Exception):
    """Somebody else reads the feed by now: what we read may be older than what stands there."""


def settle(claimed: Claimed, tried: Attempt) -> None:
    """Store what an attempt brought and free the feed, in one transaction; nothing when the lease was lost."""
    feed = claimed.feed
    try:
        with unit_scope(feed.unit_id), transaction.atomic():
            if tried.problem is not None:
                _failed(claimed, tried.problem, tried.at)
            elif tried.reply is not None:
                _succeeded(claimed, tried, tried.reply)
    except LeaseLost:
        logger.warning("feed %s: lease lost, reading dropped", feed.pk)
        return
    if tried.problem is not None and tried.problem.code == "asked_to_wait":
        _pause_host(feed, tried.problem, tried.at)


def settle_safely(claimed: Claimed, tried: Attempt) -> None:
    """The same; what cannot be stored shows as a failure of the feed instead of ending the reader."""
    try:
        settle(claimed, tried)
    except Exception:
        logger.exception("feed %s: could not be stored", claimed.feed.pk)
        problem = Problem("unexpected", problems.MESSAGES["unexpected"])
        settle(claimed, Attempt(tried.at, problem=problem))


def is_quiet(claimed: Claimed, tried: Attempt) -> bool:
    """Whether an attempt changes nothing but the times: most do."""
    feed, reply = claimed.feed, tried.reply
    return (
        tried.problem is None
        and tried.document is None
        and reply is not None
        and not (feed.failures or feed.error_code or feed.moving_to or reply.permanent_url)
        and feed.ip == reply.ip
    )


def settle_quiet(results: Sequence[tuple[Claimed, Attempt]]) -> None:
    """Many attempts that changed nothing, in one statement for each lease and status."""
    groups: dict[tuple[datetime | None, int], list[tuple[Claimed, Attempt]]] = {}
    for claimed, tried in results:
        if tried.reply is not None:
            groups.setdefault((claimed.feed.leased_until, tried.reply.status), []).append((claimed, tried))
    with everywhere("the reader notes at once that many feeds had nothing new"):
        for (end, status), group in groups.items():
            next_at = {claimed.feed.pk: _next(claimed, tried, failures=0) for claimed, tried in group}
            at = max(tried.at for _, tried in group)
            Feed.objects.filter(pk__in=list(next_at), leased_until=end).update(
                leased_until=None,
                queued_at=None,
                checked_at=at,
                last_success_at=at,
                status=status,
                next_check_at=Case(
                    *(When(pk=pk, then=Value(moment)) for pk, moment in next_at.items()), output_field=DateTimeField()
                ),
            )


def _succeeded(claimed: Claimed, tried: Attempt, reply: http.Fetched) -> None:
    feed, now, document = claimed.feed, tried.at, tried.document
    state: dict[str, object] = {}
    if document is not None:
        stored = store(feed=feed, document=document, now=now)
        hubs.polled(feed=feed, new=stored.new, now=now)
        hubs.offered(feed=feed, document=document, now=now)
        found = {*document.repairs, *(name for entry in document.entries for name in entry.repairs)}
        state = {
            "etag": reply.etag,
            "last_modified": reply.last_modified,
            "body_sha256": tried.digest,
            "entries_seen": len(document.entries),
            "ttl_seconds": min(document.ttl_minutes * 60, 7 * 86_400),
            "repairs": sorted(found),
        }
        feed.ttl_seconds = min(document.ttl_minutes * 60, 7 * 86_400)
        if stored.changed:
            state["last_change_at"] = now
            expect_next(feed=feed)
    _write(
        feed,
        **state,
        **_move(feed, reply, now),
        checked_at=now,
        last_success_at=now,
        status=reply.status,
        ip=reply.ip or None,
        failures=0,
        failing_since=None,
        error_code="",
        error_message="",
        next_check_at=_next(claimed, tried, failures=0),
    )


def _failed(claimed: Claimed, problem: Problem, now: datetime) -> None:
    """Keep what stands on the portals, say what is wrong, come back later."""
    feed = claimed.feed
    logger.warning("feed %s: %s", feed.pk, problem.code)
    if problem.code in outages.CODES and _is_our_outage(feed, now):
        _write(
            feed,
            checked_at=now,
            failing_since=feed.failing_since or now,
            error_code="own_network",
            error_message=problems.MESSAGES["own_network"],
            next_check_at=schedule.next_check(now=now, interval=schedule.OUR_OUTAGE, jitter=_jitter()),
        )
        return
    failures = feed.failures + 1
    _write(
        feed,
        checked_at=now,
        status=problem.status,
        failures=failures,
        failing_since=feed.failing_since or now,
        error_code=problem.code,
        error_message=problem.message[:500],
        next_check_at=_next(claimed, Attempt(now, problem=problem), failures=failures),
    )


def _write(feed: Feed, **state: object) -> None:
    """Write and free; raises LeaseLost when the feed is no longer ours."""
    ours = Feed.objects.filter(pk=feed.pk, leased_until=feed.leased_until)
    if ours.update(**state, leased_until=None, queued_at=None) != 1:
        raise LeaseLost


def _move(feed: Feed, reply: http.Fetched, now: datetime) -> dict[str, object]:
    """What the answer says about a permanent move; the address is replaced when that is certain."""
    before = moves.Move(feed.moving_to, feed.moving_since, feed.moving_seen)
    to = reply.permanent_url if len(reply.permanent_url) <= 1000 and reply.permanent_url != feed.url else ""
    move = moves.seen(before, to, now=now)
    if move.is_settled(now=now) and moves.may_follow(feed.url, to) and not Feed.objects.filter(url=to).exists():
        audit.record("feeds.feed.moved", unit_id=feed.unit_id, subject=to, by=BY, feed_id=feed.pk, before=feed.url)
        hubs.forget_hub(feed=feed)
        return {"url": to, "moving_to": "", "moving_since": None, "moving_seen": 0}
    return {"moving_to": move.to, "moving_since": move.since, "moving_seen": move.seen}


def _pause_host(feed: Feed, problem: Problem, now: datetime) -> None:
    """A server that is overloaded is overloaded for all of its feeds, whoever they belong to."""
    host = host_of(feed.url)
    asked = timedelta(seconds=_asked_seconds(feed, Attempt(now, problem=problem)))
    until = now + min(asked, schedule.LONGEST_AUTHORITY)
    with everywhere("an overloaded server is left alone by the feeds of all units"):
        rows = Feed.objects.filter(url__icontains=f"//{host}", next_check_at__lt=until).values_list("pk", "url")
        same = [pk for pk, url in rows if host_of(url) == host]
        Feed.objects.filter(pk__in=same, next_check_at__lt=until).update(next_check_at=until)


def _is_our_outage(feed: Feed, now: datetime) -> bool:
    """Judge one failure beside everything that was asked within the last minute.

    Those that failed first, before so many had, are not counted either.
    """
    if feed.failing_since is not None and now - feed.failing_since >= outages.LONGEST:
        return False
    host = host_of(feed.url)
    with everywhere("one failure is judged beside the sources of all units"):
        others = [result for result in recent_results(now=now) if result[0] != host]
        if not outages.is_ours([*others, (host, True)]):
            return False
        Feed.objects.filter(
            checked_at__gte=now - outages.WINDOW, error_code__in=outages.CODES, failures=1, leased_until=None
        ).update(
            failures=0,
            error_code="own_network",
            error_message=problems.MESSAGES["own_network"],
            next_check_at=now + schedule.OUR_OUTAGE,
        )
    return True


def _asked_seconds(feed: Feed, tried: Attempt) -> int:
    if tried.problem is not None:
        if tried.problem.code == "asked_to_wait":
            return _PAUSE_SECONDS if tried.problem.retry_after is None else tried.problem.retry_after
        return tried.problem.retry_after or 0
    if schedule.is_by_hand(timedelta(seconds=feed.interval_seconds)):
        return 0
    return max(feed.ttl_seconds, tried.reply.fresh_seconds if tried.reply else 0)


def _next(claimed: Claimed, tried: Attempt, *, failures: int) -> datetime:
    feed = claimed.feed
    is_authority = feed.unit.is_authority
    if tried.problem is not None and tried.problem.code == "gone":
        return schedule.next_check(now=tried.at, interval=schedule.GONE, jitter=_jitter())
    interval = schedule.interval_of(
        set_to=timedelta(seconds=feed.interval_seconds),
        is_authority=is_authority,
        now=tried.at,
        last_week=claimed.last_week,
        has_hub=claimed.has_hub,
    )
    return schedule.next_check(
        now=tried.at,
        interval=interval,
        failures=failures,
        asked_seconds=_asked_seconds(feed, tried),
        is_authority=is_authority,
        jitter=_jitter(),
    )


def _jitter() -> float:
    return random.uniform(-1, 1)  # noqa: S311 - spreads load, guards nothing
