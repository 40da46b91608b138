"""When a feed is read again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.rules.schedule import LONGEST, next_check

pytestmark = pytest.mark.unit
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
MINUTES = timedelta(minutes=10)


def wait(
    failures: int = 0, retry_after: int | None = None, jitter: float = 0, interval: timedelta = MINUTES
) -> timedelta:
    return next_check(now=NOW, interval=interval, failures=failures, retry_after=retry_after, jitter=jitter) - NOW


def test_next_check_is_one_interval_after_a_success() -> None:
    assert wait() == MINUTES


def test_next_check_doubles_with_each_failure_and_never_stops() -> None:
    assert [wait(failures=n) for n in (1, 2, 3)] == [2 * MINUTES, 4 * MINUTES, 8 * MINUTES]
    assert wait(failures=1_000_000) == LONGEST


def test_next_check_waits_as_long_as_the_server_asks_but_at_most_a_day() -> None:
    assert wait(retry_after=3600) == timedelta(hours=1)
    assert wait(retry_after=10) == MINUTES
    assert wait(retry_after=10**9) == LONGEST


@given(
    failures=st.integers(0, 100),
    jitter=st.floats(-1, 1),
    retry_after=st.none() | st.integers(0, 10**7),
    seconds=st.integers(1, 3 * 86_400),
)
def test_next_check_lies_ahead_within_bounds(
    failures: int, jitter: float, retry_after: int | None, seconds: int
) -> None:
    interval = timedelta(seconds=seconds)

    waited = wait(failures, retry_after, jitter, interval)

    assert interval * 0.9 - timedelta(seconds=1) <= waited <= max(LONGEST, interval) * 1.1 + timedelta(seconds=1)
