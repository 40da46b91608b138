from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core import clock

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 9, 4, 16, 59, 59, tzinfo=UTC), date(2026, 9, 4)),
        (datetime(2026, 9, 4, 17, 0, tzinfo=UTC), date(2026, 9, 5)),
        (datetime(2026, 9, 5, 0, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 9, 4)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_day_of_is_the_day_in_viet_nam(instant: datetime, day: date) -> None:
    assert clock.day_of(instant) == day


@given(st.integers(int(datetime(1990, 1, 1, tzinfo=UTC).timestamp()), 4_000_000_000))
def test_day_of_is_seven_hours_ahead_of_utc(seconds: int) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)

    assert clock.day_of(instant) == (instant + timedelta(hours=7)).date()


def test_today_is_the_day_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 9, 4, 18, 0, tzinfo=UTC))

    assert clock.today() == date(2026, 9, 5)


def test_now_is_aware() -> None:
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2026, 7, 31), 2025), (date(2026, 8, 1), 2026), (date(2026, 12, 31), 2026), (date(2027, 1, 1), 2026)],
)
def test_school_year_starts_in_august(day: date, first: int) -> None:
    assert clock.school_year(day) == first


def test_school_year_label_has_spaces_and_an_en_dash() -> None:
    assert clock.school_year_label(2026) == "2026 – 2027"
