"""Whose fault it is when many sources cannot be reached at once; pure."""

from collections.abc import Iterable
from datetime import timedelta

WINDOW = timedelta(minutes=1)
# Failures that our own line or resolver causes as well.
CODES = frozenset({"dns", "network", "timeout", "own_network"})
_SHARE = 0.3
# Longer than that nobody is pardoned: hosts that are down for good would fill every window and look like our line.
LONGEST = timedelta(hours=2)
# Fewer hosts may fail together by chance.
_LEAST_HOSTS = 3


def is_ours(results: Iterable[tuple[str, bool]]) -> bool:
    """Whether the failures of the last minute are ours: of all hosts asked, more than 30 % could not be reached.

    `results` holds host and whether it could not be reached. A host counts as reached when one of its feeds was.
    """
    asked: set[str] = set()
    reached: set[str] = set()
    for host, is_failed in results:
        asked.add(host)
        if not is_failed:
            reached.add(host)
    failed = len(asked - reached)
    return failed >= _LEAST_HOSTS and failed > _SHARE * len(asked)
