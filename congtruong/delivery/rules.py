"""When a receipt counts, and when an answer may still be given; pure."""

from datetime import datetime

from congtruong.delivery.enums import Asks

MOST_PEOPLE = 999


def counts(done_at: datetime | None, asked_at: datetime | None) -> bool:
    """Does what was done then count for what is asked now? What is asked again has to be done again."""
    return done_at is not None and (asked_at is None or done_at >= asked_at)


def is_fulfilled(asks: str, asked_at: datetime, *, confirmed_at: datetime | None, answered_at: datetime | None) -> bool:
    """Did a unit do what was asked of it?"""
    return counts(answered_at if asks == Asks.REPLY else confirmed_at, asked_at)


def may_reply(*, now: datetime, starts_at: datetime | None, due_at: datetime | None, is_answered: bool) -> bool:
    """A late first answer is better than none until the event begins; one that was given stands after its term."""
    if starts_at is not None and now >= starts_at:
        return False
    return not is_answered or due_at is None or now <= due_at


def is_updated(*, confirmed_at: datetime | None, changed_at: datetime | None, shown_at: datetime | None) -> bool:
    """Did it change, or come back, after it was confirmed?"""
    return confirmed_at is not None and any(
        moment is not None and moment > confirmed_at for moment in (changed_at, shown_at)
    )
