"""When a feed is read again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.rules.schedule import LONGEST, LONGEST_AUTHORITY, interval_of, next_check

pytestmark = pytest.mark.unit
# 8:00, 21:59 and 22:00 in Vietnam.
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 14, 59, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 15, tzinfo=UTC)
MINUTES = timedelta(minutes=10)
HOUR = timedelta(hours=1)


def wait(**options: object) -> timedelta:
    given: dict[str, object] = {"now": MORNING, "interval": MINUTES} | options
    return next_check(**given) - MORNING  # type: ignore[arg-type]


def test_authority_is_read_every_ten_minutes_by_day_and_thirty_at_night() -> None:
    def interval(now: datetime) -> timedelta:
        return interval_of(set_to=MINUTES, is_authority=True, now=now, last_week=0)

    assert [interval(now) for now in (MORNING, EVENING, NIGHT)] == [MINUTES, MINUTES, timedelta(minutes=30)]


@pytest.mark.parametrize(("last_week", "hours"), [(0, 24), (1, 24), (7, 12), (14, 6), (42, 2), (500, 2)])
def test_school_is_read_twice_as_often_as_it_publishes(last_week: int, hours: int) -> None:
    interval = interval_of(set_to=MINUTES, is_authority=False, now=NIGHT, last_week=last_week)

    assert interval == timedelta(hours=hours)


def test_interval_set_by_a_person_is_a_floor_and_a_very_short_one_holds() -> None:
    assert interval_of(set_to=6 * HOUR, is_authority=False, now=MORNING, last_week=500) == 6 * HOUR
    assert interval_of(set_to=2 * HOUR, is_authority=True, now=NIGHT, last_week=0) == 2 * HOUR
    assert interval_of(set_to=timedelta(seconds=5), is_authority=False, now=NIGHT, last_week=0) == timedelta(seconds=5)


def test_feed_with_a_hub_is_read_as_a_safety_net() -> None:
    school = interval_of(set_to=MINUTES, is_authority=False, now=MORNING, last_week=500, has_hub=True)
    authority = interval_of(set_to=MINUTES, is_authority=True, now=MORNING, last_week=0, has_hub=True)

    assert (school, authority) == (12 * HOUR, HOUR)


def test_next_check_doubles_with_each_failure_and_never_stops() -> None:
    assert [wait(failures=n) for n in (1, 2, 3)] == [2 * MINUTES, 4 * MINUTES, 8 * MINUTES]
    assert wait(failures=1_000_000) == LONGEST
    assert wait(failures=1_000_000, is_authority=True) == LONGEST_AUTHORITY


def test_next_check_waits_as_long_as_the_source_asks_but_not_for_ever() -> None:
    assert wait(asked_seconds=7200) == 2 * HOUR
    assert wait(asked_seconds=10) == MINUTES
    assert wait(asked_seconds=10**9) == LONGEST
    assert wait(asked_seconds=7200, is_authority=True) == HOUR
    assert wait(asked_seconds=10**9, interval=3 * LONGEST) == 3 * LONGEST


def test_jitter_does_not_come_before_what_the_source_asked_for() -> None:
    assert wait(asked_seconds=600, jitter=-1) == MINUTES
    assert wait(jitter=-1) == timedelta(minutes=9)
    assert wait(jitter=1) == timedelta(minutes=11)


@given(
    failures=st.integers(0, 100),
    jitter=st.floats(-1, 1),
    asked=st.integers(0, 10**7),
    seconds=st.integers(1, 3 * 86_400),
    is_authority=st.booleans(),
)
def test_next_check_lies_ahead_within_bounds(
    failures: int, jitter: float, asked: int, seconds: int, is_authority: bool
) -> None:
    interval = timedelta(seconds=seconds)

    waited = wait(failures=failures, jitter=jitter, asked_seconds=asked, interval=interval, is_authority=is_authority)

    longest = max(LONGEST_AUTHORITY if is_authority else LONGEST, interval)
    assert interval * 0.9 - timedelta(seconds=1) <= waited <= longest * 1.1 + timedelta(seconds=1)
