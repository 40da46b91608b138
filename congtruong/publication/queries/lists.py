"""Several dated lists in two queries, each read from the end of its index: the cost does not depend on the archive.

The statements are written by hand: compiling twenty small querysets costs more than a whole home page may.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from congtruong.core.text import search_terms
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries.sources import Source
from congtruong.units.models import Unit

_Statement = tuple[str, list[Any]]
_TABLE = "publication_entry"
_HEAVY = ("body", "search_title", "search_body", "search_scope")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a list, newest first; `starting_from` turns it into coming events, soonest first."""

    name: str
    channel: Channel | None
    sources: Sequence[Source]
    limit: int
    offset: int = 0
    pinned_only: bool = False
    with_image: bool = False
    starting_from: datetime | None = None
    category: str | None = None


def read_windows(windows: Sequence[Window]) -> dict[str, list[Entry]]:
    """The entries of every window by its name; two queries for any number of windows."""
    parts = [_part(n, window, source) for n, window in enumerate(windows) for source in window.sources]
    rows = _union(parts) if parts else []

    chosen: dict[int, list[int]] = {}
    for number, window in enumerate(windows):
        mine = [(when, pk) for owner, pk, when in rows if owner == number]
        mine.sort(reverse=window.starting_from is None)
        chosen[number] = [pk for _, pk in mine[window.offset : window.offset + window.limit]]
    wanted = {pk for ids in chosen.values() for pk in ids}
    entries = Entry.objects.defer(*_HEAVY).select_related("unit").in_bulk(wanted)
    return {
        window.name: [entries[pk] for pk in chosen[number] if pk in entries] for number, window in enumerate(windows)
    }


def count(sources: Sequence[Source], channel: Channel, category: str | None = None) -> int:
    """How many entries a list has; one query."""
    parts = []
    for source in sources:
        where, values = _conditions(source, channel)
        if category is not None:
            where += " AND category = %s"
            values.append(category)
        parts.append((f"SELECT COUNT(*) AS n FROM {_TABLE} WHERE {where}", values))  # noqa: S608
    return sum(int(row[0]) for row in _union(parts)) if parts else 0


def linkable(unit: Unit, words: str, *, most: int = 20) -> list[Entry]:
    """The unit's own pages whose title has these words, newest first, for linking to one; one query."""
    entries = Entry.objects.filter(unit=unit, is_primary=True).exclude(path="").only("title", "path", "channel")
    for term in search_terms(words):
        entries = entries.filter(search_title__contains=term)
    return list(entries.order_by("-published_at", "-id")[:most])


def _part(number: int, window: Window, source: Source) -> _Statement:
    """The first rows of one source in the order of an index, so that nothing is sorted."""
    where, values = _conditions(source, window.channel)
    if window.pinned_only:
        where += " AND is_pinned"
    if window.with_image:
        where += " AND image IS NOT NULL"
    if window.category is not None:
        where += " AND category = %s"
        values.append(window.category)
    moment, order = "published_at", "published_at DESC, id DESC"
    if window.starting_from is not None:
        moment, order = "starts_at", "starts_at, id"
        where += " AND starts_at >= %s"
        values.append(connection.ops.adapt_datetimefield_value(window.starting_from))
    values.append(window.offset + window.limit)
    # Names come from this module, numbers from enumerate(); everything else is a parameter.
    return f"SELECT {number:d} AS owner, id, {moment} FROM {_TABLE} WHERE {where} ORDER BY {order} LIMIT %s", values  # noqa: S608


def _conditions(source: Source, channel: Channel | None) -> _Statement:
    """The same as `Source.condition` with its levels; a test compares the two."""
    where = "unit_id = %s"
    values: list[Any] = [source.unit_id]
    if channel is None:
        where += " AND is_primary"
    else:
        where += " AND channel = %s"
        values.append(channel.value)
    if source.span is not None:
        where += " AND is_broadcast AND published_on >= %s"
        values.append(connection.ops.adapt_datefield_value(source.span.from_on))
        if source.span.to_on is not None:
            where += " AND published_on <= %s"
            values.append(connection.ops.adapt_datefield_value(source.span.to_on))
        if source.levels:
            where += " AND (levels = 0 OR (levels & %s) <> 0)"
            values.append(source.levels)
    return where, values


def _union(parts: Sequence[_Statement]) -> list[tuple[Any, ...]]:
    text = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part{n}" for n, (sql, _) in enumerate(parts))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text, [value for _, values in parts for value in values])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
