"""When a feed is read again; pure."""

from datetime import datetime, timedelta

from congtruong.core import clock

LONGEST = timedelta(hours=24)
# What the Sở publishes is wanted within the hour, whatever its server would like.
LONGEST_AUTHORITY = timedelta(hours=1)
_NIGHT = timedelta(minutes=30)
_DAY_HOURS = range(6, 22)
_SCHOOL_LEAST = timedelta(hours=2)
_WEEK = timedelta(days=7)
# Below this an interval was set by hand, for a demonstration or a trial: it holds whatever the source would like.
_BY_HAND = timedelta(minutes=10)
# With a hub that tells us, reading is the safety net.
_BESIDE_HUB = timedelta(hours=12)
GONE = timedelta(hours=24)
OUR_OUTAGE = timedelta(minutes=3)


def is_by_hand(set_to: timedelta) -> bool:
    """Whether somebody chose so short an interval that no rule of ours may lengthen it."""
    return set_to < _BY_HAND


def interval_of(
    *, set_to: timedelta, is_authority: bool, now: datetime, last_week: int, has_hub: bool = False
) -> timedelta:
    """How often a healthy feed is read.

    Authorities: as set by day (6:00-22:00 in Vietnam), at least 30 minutes apart at night. Schools: twice as often as
    they published in the last week (`last_week` items), 2 to 24 hours, never oftener than set. A feed whose hub tells
    us is read every 12 hours, an authority's every hour.
    """
    if is_by_hand(set_to):
        return set_to
    if is_authority:
        if has_hub:
            return max(set_to, LONGEST_AUTHORITY)
        is_day = now.astimezone(clock.VIETNAM).hour in _DAY_HOURS
        return set_to if is_day else max(set_to, _NIGHT)
    adapted = _WEEK / (2 * last_week) if last_week else LONGEST
    return max(set_to, min(max(adapted, _SCHOOL_LEAST, _BESIDE_HUB if has_hub else _SCHOOL_LEAST), LONGEST))


def next_check(
    *,
    now: datetime,
    interval: timedelta,
    failures: int = 0,
    asked_seconds: int = 0,
    is_authority: bool = False,
    jitter: float = 0,
) -> datetime:
    """The next reading: the interval, doubled for each failure in a row up to a bound, never switched off.

    `asked_seconds` is the longest wait the source asked for (ttl, Cache-Control, Expires, Retry-After). The bound is a
    day, an hour for authorities; only a longer interval set by a person goes beyond it. `jitter` in -1…1 moves the
    wait by a tenth, but not below what the source asked for.
    """
    longest = max(interval, LONGEST_AUTHORITY if is_authority else LONGEST)
    wait = min(interval * (1 << min(failures, 20)), longest)
    return now + max(wait * (1 + 0.1 * jitter), min(timedelta(seconds=asked_seconds), longest))
