"""Reads of published content: what stands on a unit's portal."""

from congtruong.publication.queries.fulltext import Found, search
from congtruong.publication.queries.lists import Window, count, linkable, read_windows
from congtruong.publication.queries.sources import Source, from_below, own, own_and_above, visible

__all__ = [
    "Found",
    "Source",
    "Window",
    "count",
    "from_below",
    "linkable",
    "own",
    "own_and_above",
    "read_windows",
    "search",
    "visible",
]
