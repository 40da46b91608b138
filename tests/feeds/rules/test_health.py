"""How a feed is said to be doing, and when somebody is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core import clock
from congtruong.feeds.rules.health import Facts, State, expected_by, health, is_new_alarm

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TONES = {"ok", "warn", "bad", "info", "none"}


def facts(**known: Any) -> Facts:
    state: dict[str, Any] = {"is_authority": True, "last_success_at": NOW - HOUR}
    return Facts(**(state | known))


def failing(**known: Any) -> Facts:
    return facts(**({"failures": 1, "failing_since": NOW - HOUR, "error_message": "Máy chủ không trả lời."} | known))


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (facts(), State.GOOD),
        (facts(is_paused=True, failures=9), State.PAUSED),
        (facts(last_success_at=None), State.NEVER),
        (failing(), State.STUMBLING),
        (failing(failures=2), State.STUMBLING),
        (failing(failures=3), State.FAILING),
        (failing(failures=9, is_authority=False), State.STUMBLING),
        (failing(failing_since=NOW - 3 * DAY, is_authority=False), State.FAILING),
        (failing(error_code="emptied"), State.EMPTIED),
        (failing(error_code="gone"), State.GONE),
        (facts(error_code="own_network", error_message="Đường truyền."), State.OUR_LINE),
        (facts(expected_by=NOW - HOUR), State.QUIET),
        (facts(expected_by=NOW + HOUR), State.GOOD),
        (facts(move_waits=True, moving_to="https://moi.example/rss", moving_since=NOW - 3 * DAY), State.MOVING),
        (facts(hub_distrusted=True), State.HUB_MISSED),
    ],
)
def test_health_names_the_state_a_person_must_know_first(known: Facts, state: State) -> None:
    assert health(known, now=NOW).state is state


instants = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes - 525_600))
moments = st.none() | instants


@given(
    st.builds(
        Facts,
        is_authority=st.booleans(),
        is_paused=st.booleans(),
        failures=st.integers(0, 40),
        failing_since=moments,
        error_code=st.sampled_from(["", "timeout", "gone", "emptied", "own_network"]),
        error_message=st.sampled_from(["", "Có lỗi."]),
        last_success_at=moments,
        expected_by=moments,
        last_change_at=moments,
        move_waits=st.booleans(),
        moving_to=st.sampled_from(["", "https://moi.example/rss"]),
        moving_since=moments,
        hub_distrusted=st.booleans(),
    )
)
def test_health_always_has_words_and_raises_no_alarm_without_reason(known: Facts) -> None:
    found = health(known, now=NOW)

    assert found.tone in TONES
    assert found.word
    assert found.icon
    assert found.sentence or known.error_code == "own_network"
    if known.is_paused:
        assert not found.is_alarm
    if found.tone in {"ok", "info", "none"}:
        assert not found.is_alarm
    if found.is_alarm:
        assert known.failures or known.expected_by or known.move_waits
    if found.state is State.GOOD:
        assert known.failures == 0
        assert known.last_success_at is not None


def test_an_alarm_is_told_once_for_each_trouble() -> None:
    first = health(failing(failures=3, failing_since=NOW - HOUR), now=NOW)

    assert is_new_alarm(first, alerted_at=None)
    assert is_new_alarm(first, alerted_at=NOW - DAY)
    assert not is_new_alarm(first, alerted_at=NOW - timedelta(minutes=1))
    assert not is_new_alarm(health(failing(), now=NOW), alerted_at=None)


def rhythm(gap: timedelta, count: int = 20, latest: datetime = NOW) -> list[datetime]:
    return [latest - gap * number for number in range(count)]


@pytest.mark.parametrize(
    ("gap", "is_authority", "wait"),
    [
        (DAY, True, 10 * DAY),
        (4 * DAY, True, 12 * DAY),
        (DAY, False, 21 * DAY),
        (10 * DAY, False, 30 * DAY),
    ],
)
def test_expected_by_is_three_usual_gaps_and_longer_than_tet(
    gap: timedelta, is_authority: bool, wait: timedelta
) -> None:
    assert expected_by(rhythm(gap), is_authority=is_authority) == NOW + wait


@pytest.mark.parametrize(
    "known", [[], [NOW], rhythm(DAY, 4), [NOW] * 20, rhythm(timedelta(minutes=1)), rhythm(60 * DAY)]
)
def test_expected_by_is_unknown_without_a_rhythm(known: list[datetime]) -> None:
    assert expected_by(known, is_authority=True) is None


def test_expected_by_is_not_moved_by_one_long_pause() -> None:
    known = [*rhythm(DAY, 15), NOW - 60 * DAY]

    assert expected_by(known, is_authority=True) == NOW + 10 * DAY


def test_expected_by_does_not_count_the_summer_of_a_school() -> None:
    before_summer = datetime(2026, 5, 25, 3, 0, tzinfo=UTC)
    known = rhythm(DAY, 10, before_summer)

    school, authority = (expected_by(known, is_authority=flag) for flag in (False, True))

    # 6 days and a bit were left before 1 June; the rest of the 21 is counted from 5 September.
    assert school == before_summer + 21 * DAY + (date(2026, 9, 5) - date(2026, 6, 1))
    assert authority == before_summer + 10 * DAY


@given(st.lists(instants, max_size=25), st.booleans())
def test_expected_by_never_lies_within_the_usual_holidays(known: list[datetime], is_authority: bool) -> None:
    until = expected_by(known, is_authority=is_authority)

    if until is not None:
        day = clock.day_of(until)
        assert until - max(known) >= (10 if is_authority else 21) * DAY
        assert until - max(known) <= (3 * 45 + 200) * DAY
        assert is_authority or not (6, 1) < (day.month, day.day) < (9, 5)
