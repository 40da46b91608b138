"""When a source has moved for good; pure.

A permanent redirect is believed after three identical answers over at least 48 hours, by itself only when the new
address belongs to the same owner and is no less protected. Anything else waits for a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from congtruong.feeds.rules.hosts import host_of, is_same_owner

TIMES = 3
SPAN = timedelta(hours=48)
_MOST_SEEN = 1_000


@dataclass(frozen=True, slots=True)
class Move:
    """What the last answers said: `to` is empty when the source answers where it is."""

    to: str = ""
    since: datetime | None = None
    seen: int = 0

    def is_settled(self, *, now: datetime) -> bool:
        """Whether the redirect has been the same for long enough to be believed."""
        return bool(self.to) and self.seen >= TIMES and self.since is not None and now - self.since >= SPAN


def seen(before: Move, to: str, *, now: datetime) -> Move:
    """One more answer: `to` is where it permanently redirected, or empty."""
    if not to:
        return Move()
    if to != before.to or before.since is None:
        return Move(to, now, 1)
    return Move(to, before.since, min(before.seen + 1, _MOST_SEEN))


def may_follow(url: str, to: str) -> bool:
    """Whether the address may be replaced without asking anybody."""
    if url.startswith("https://") and not to.startswith("https://"):
        return False
    return is_same_owner(host_of(url), host_of(to))


def needs_person(url: str, move: Move, *, now: datetime) -> bool:
    """Whether somebody must confirm the new address."""
    return move.is_settled(now=now) and not may_follow(url, move.to)
