"""A permanent move is believed late, and followed by itself only within one owner."""

from datetime import UTC, datetime, timedelta

import pytest

from congtruong.feeds.rules.moves import Move, may_follow, needs_person, seen

pytestmark = pytest.mark.unit
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
OLD, NEW = "http://so.edu.vn/rss", "https://www.so.edu.vn/rss.xml"


def after(*hours: int, to: str = NEW) -> Move:
    move = Move()
    for hour in hours:
        move = seen(move, to, now=NOW + timedelta(hours=hour))
    return move


@pytest.mark.parametrize(
    ("hours", "is_settled"),
    [((0,), False), ((0, 1, 2, 3, 4), False), ((0, 48), False), ((0, 24, 47), False), ((0, 24, 48), True)],
)
def test_move_is_settled_after_three_answers_over_two_days(hours: tuple[int, ...], is_settled: bool) -> None:
    assert after(*hours).is_settled(now=NOW + timedelta(hours=hours[-1])) is is_settled


def test_another_address_or_a_direct_answer_starts_anew() -> None:
    move = after(0, 24)

    assert seen(move, "https://khac.vn/rss", now=NOW + timedelta(hours=48)).seen == 1
    assert seen(move, "", now=NOW + timedelta(hours=48)) == Move()


@pytest.mark.parametrize(
    ("url", "to", "allowed"),
    [
        (OLD, NEW, True),
        (OLD, "http://tin.so.edu.vn/", True),
        ("https://so.edu.vn/rss", "http://so.edu.vn/rss", False),
        (OLD, "https://khac.edu.vn/rss", False),
        (OLD, "https://so.edu.vn.khac.com/rss", False),
    ],
)
def test_may_follow(url: str, to: str, allowed: bool) -> None:
    assert may_follow(url, to) is allowed


def test_other_owner_needs_a_person_once_settled() -> None:
    later = NOW + timedelta(hours=50)
    foreign = after(0, 20, 50, to="https://khac.edu.vn/rss")

    assert needs_person(OLD, foreign, now=later)
    assert not needs_person(OLD, after(0, 20, to="https://khac.edu.vn/rss"), now=later)
    assert not needs_person(OLD, after(0, 20, 50), now=later)
