"""How long a subscription lasts, and how long the hub goes on trying; pure."""

from datetime import timedelta

DAY = 24 * 3600
SHORTEST, USUAL, LONGEST = DAY, 10 * DAY, 10 * DAY
_MOST_DIGITS = 12
# 1, 4, 16, 64 minutes, 4 and 17 hours: a day in all.
MOST_FAILURES = 6
_FIRST_DELAY, _GROWTH = 60, 4
# Between the tries to confirm a request.
CONFIRM_DELAYS = (60, 300, 900)


def lease_seconds(asked: str) -> int | None:
    """The lease that is granted; the usual one when none was asked for, None when that is no number."""
    asked = asked.strip()
    if not asked:
        return USUAL
    if not (asked.isascii() and asked.isdigit()) or int(asked[:_MOST_DIGITS]) == 0:
        return None
    return min(max(int(asked[:_MOST_DIGITS]), SHORTEST), LONGEST)


def retry_in(failures: int) -> timedelta | None:
    """How long to wait after so many failures in a row; None: wait for the next change."""
    if failures >= MOST_FAILURES + 1:
        return None
    return timedelta(seconds=_FIRST_DELAY * _GROWTH ** (max(failures, 1) - 1))
