"""When a feed is read again; pure."""

from datetime import datetime, timedelta

LONGEST = timedelta(hours=24)


def next_check(
    *, now: datetime, interval: timedelta, failures: int, retry_after: int | None, jitter: float
) -> datetime:
    """The next reading: the interval, doubled for each failure in a row up to a day, never switched off.

    `jitter` in -1…1 moves it by a tenth; `retry_after` is what the server asked for, in seconds.
    """
    wait = min(interval * (1 << min(failures, 20)), max(LONGEST, interval))
    wait += wait * 0.1 * jitter
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=min(retry_after, LONGEST.total_seconds())))
    return now + wait
