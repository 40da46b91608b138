"""Reads of published content: what stands on a unit's portal."""

from congtruong.publication.queries.addressed import addressed, targets_below, targets_of
from congtruong.publication.queries.fulltext import Found, search
from congtruong.publication.queries.lists import Window, count, linkable, read_windows
from congtruong.publication.queries.sources import Source, from_below, own, own_and_above, pinned_by, sent_to, visible

__all__ = [
    "Found",
    "Source",
    "Window",
    "addressed",
    "count",
    "from_below",
    "linkable",
    "own",
    "own_and_above",
    "pinned_by",
    "read_windows",
    "search",
    "sent_to",
    "targets_below",
    "targets_of",
    "visible",
]
