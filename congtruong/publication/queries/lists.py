"""Several dated lists in two queries, each read from the end of its index: the cost does not depend on the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries.sources import Source

_Statement = tuple[str, tuple[Any, ...]]
# The ORM writes every part of the texts below; values stay parameters.
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


def read_windows(windows: Sequence[Window]) -> dict[str, list[Entry]]:
    """The entries of every window by its name; two queries for any number of windows."""
    parts = [part for number, window in enumerate(windows) for part in _parts(number, window)]
    if not parts:
        return {window.name: [] for window in windows}
    union = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part{n}" for n, (sql, _) in enumerate(parts))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(union, _flat(parts))
        rows: list[tuple[int, int, datetime]] = cursor.fetchall()

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


def _parts(number: int, window: Window) -> list[_Statement]:
    """One statement a source: the first rows in order, so that the index is read and nothing is sorted."""
    parts = []
    for source in window.sources:
        entries = source.narrow(Entry.objects.all())
        entries = entries.filter(channel=window.channel) if window.channel else entries.filter(is_primary=True)
        if window.pinned_only:
            entries = entries.filter(is_pinned=True)
        if window.with_image:
            entries = entries.filter(image__isnull=False)
        if window.starting_from is None:
            moment, order = "published_at", ("-published_at", "-id")
        else:
            moment, order = "starts_at", ("starts_at", "id")
            entries = entries.filter(starts_at__gte=window.starting_from)
        entries = entries.order_by(*order)[: window.offset + window.limit]
        sql, parameters = entries.values_list("id", moment).query.sql_with_params()
        # The number comes from enumerate(), the rest from the ORM: nothing typed by anybody is in this text.
        parts.append((f"SELECT {number:d} AS owner, chosen.* FROM ({sql}) AS chosen", parameters))  # noqa: S608
    return parts


def count(sources: Sequence[Source], channel: Channel) -> int:
    """How many entries a list has; one query."""
    parts = [
        source.narrow(Entry.objects.filter(channel=channel)).order_by().values("id").query.sql_with_params()
        for source in sources
    ]
    union = " UNION ALL ".join(f"SELECT COUNT(*) AS n FROM ({sql}) AS part{n}" for n, (sql, _) in enumerate(parts))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(union, _flat(parts))
        return sum(int(row[0]) for row in cursor.fetchall())


def _flat(parts: Sequence[_Statement]) -> list[Any]:
    return [value for _, parameters in parts for value in parameters]
