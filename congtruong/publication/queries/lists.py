"""Several dated lists in two queries, each read from the end of its index: the cost does not depend on the archive.

The statements are written by hand: compiling twenty small querysets costs more than a whole home page may.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from congtruong.core.text import search_terms
from congtruong.publication.enums import Channel, ChoiceAct
from congtruong.publication.models import Entry
from congtruong.publication.queries.sources import Source
from congtruong.units.models import Unit

_Statement = tuple[str, list[Any]]
_TABLE = "publication_entry AS e"
_HEAVY = ("body", "search_title", "search_body", "search_scope")
# Asked of rows that are meant for certain units only: does one of them stand for the reader on that day?
_MEANT_FOR_READER = """(e.is_targeted IS NOT TRUE OR EXISTS (
    SELECT 1 FROM publication_target AS t WHERE t.kind = e.kind AND t.object_id = e.object_id
        AND (t.target_id = %s OR EXISTS (
            SELECT 1 FROM units_reach AS r WHERE r.unit_id = %s AND r.authority_id = t.target_id
                AND r.from_on <= e.published_on AND (r.to_on IS NULL OR r.to_on >= e.published_on)))))"""
# Read once for the whole list.
_NOT_HIDDEN = """(e.kind, e.object_id) NOT IN (
    SELECT c.kind, c.object_id FROM publication_choice AS c WHERE c.unit_id = %s AND c.act = %s)"""
# Begins with the few rows of the reader; SQLite keeps this order.
_PINNED = "publication_choice AS c CROSS JOIN publication_entry AS e"
_IS_PINNED = "c.unit_id = %s AND c.act = %s AND e.kind = c.kind AND e.object_id = c.object_id"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a list, newest first; `starting_from` turns it into coming events, soonest first.

    With `pins_first` what the reader of its sources put first comes before everything else, marked `pinned_here`.
    """

    name: str
    channel: Channel | None
    sources: Sequence[Source]
    limit: int
    offset: int = 0
    pinned_only: bool = False
    with_image: bool = False
    starting_from: datetime | None = None
    category: str | None = None
    pins_first: bool = False


def read_windows(windows: Sequence[Window]) -> dict[str, list[Entry]]:
    """The entries of every window by its name; two queries for any number of windows."""
    parts = [
        _part(n, window, source, pins=pins)
        for n, window in enumerate(windows)
        for source in window.sources
        for pins in ((False, True) if window.pins_first and source.pins else (False,))
    ]
    rows = _union(parts) if parts else []

    chosen: dict[int, list[int]] = {}
    pinned = {(owner, pk) for owner, pk, _, is_pin in rows if is_pin}
    for number, window in enumerate(windows):
        mine = [(when, pk) for owner, pk, when, is_pin in rows if owner == number and not is_pin]
        mine.sort(reverse=window.starting_from is None)
        first = sorted(((when, pk) for owner, pk, when, is_pin in rows if owner == number and is_pin), reverse=True)
        ordered = [*first, *(row for row in mine if (number, row[1]) not in pinned)]
        chosen[number] = [pk for _, pk in ordered[window.offset : window.offset + window.limit]]
    wanted = {pk for ids in chosen.values() for pk in ids}
    entries = Entry.objects.defer(*_HEAVY).select_related("unit").in_bulk(wanted)
    for _, pk in pinned:
        if pk in entries:
            entries[pk].pinned_here = True
    return {
        window.name: [entries[pk] for pk in chosen[number] if pk in entries] for number, window in enumerate(windows)
    }


def count(sources: Sequence[Source], channel: Channel, category: str | None = None) -> int:
    """How many entries a list has; one query."""
    parts = []
    for source in sources:
        where, values = _conditions(source, channel)
        if category is not None:
            where += " AND e.category = %s"
            values.append(category)
        parts.append((f"SELECT COUNT(*) AS n FROM {_TABLE} WHERE {where}", values))  # noqa: S608
    return sum(int(row[0]) for row in _union(parts)) if parts else 0


def linkable(unit: Unit, words: str, *, most: int = 20) -> list[Entry]:
    """The unit's own pages whose title has these words, newest first, for linking to one; one query."""
    entries = Entry.objects.filter(unit=unit, is_primary=True).exclude(path="").only("title", "path", "channel")
    for term in search_terms(words):
        entries = entries.filter(search_title__contains=term)
    return list(entries.order_by("-published_at", "-id")[:most])


def _part(number: int, window: Window, source: Source, *, pins: bool) -> _Statement:
    """The first rows of one source in the order of an index, so that nothing is sorted; or those its reader pinned."""
    where, values = _conditions(source, window.channel)
    if window.pinned_only:
        where += " AND e.is_pinned"
    if window.with_image:
        where += " AND e.image IS NOT NULL"
    if window.category is not None:
        where += " AND e.category = %s"
        values.append(window.category)
    moment, order = "e.published_at", "e.published_at DESC, e.id DESC"
    if window.starting_from is not None:
        moment, order = "e.starts_at", "e.starts_at, e.id"
        where += " AND e.starts_at >= %s"
        values.append(connection.ops.adapt_datetimefield_value(window.starting_from))
    if pins:
        where += f" AND {_IS_PINNED}"
        values += [source.reader, ChoiceAct.PIN.value]
    values.append(window.offset + window.limit)
    table = _PINNED if pins else _TABLE
    # Names come from this module, numbers from enumerate(); everything else is a parameter.
    head = f"SELECT {number:d} AS owner, e.id, {moment}, {pins:d} AS is_pin FROM {table}"  # noqa: S608
    return f"{head} WHERE {where} ORDER BY {order} LIMIT %s", values


def _conditions(source: Source, channel: Channel | None) -> _Statement:
    """The same as `Source.condition` with its levels; a test compares the two."""
    where = "e.unit_id = %s"
    values: list[Any] = [source.unit_id]
    if channel is None:
        where += " AND e.is_primary"
    else:
        where += " AND e.channel = %s"
        values.append(channel.value)
    if source.span is not None:
        where += " AND e.is_broadcast AND e.published_on >= %s"
        values.append(connection.ops.adapt_datefield_value(source.span.from_on))
        if source.span.to_on is not None:
            where += " AND e.published_on <= %s"
            values.append(connection.ops.adapt_datefield_value(source.span.to_on))
        if source.levels:
            where += " AND (e.levels = 0 OR (e.levels & %s) <> 0)"
            values.append(source.levels)
        where += f" AND {_MEANT_FOR_READER}"
        values += [source.reader, source.reader]
        if source.hides:
            where += f" AND {_NOT_HIDDEN}"
            values += [source.reader, ChoiceAct.HIDE.value]
    return where, values


def _union(parts: Sequence[_Statement]) -> list[tuple[Any, ...]]:
    text = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part{n}" for n, (sql, _) in enumerate(parts))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text, [value for _, values in parts for value in values])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
