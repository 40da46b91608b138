"""Full-text search without diacritics, inside one unit's portal.

Both databases index the folded text together with marker words naming the owner, so that the index itself narrows
to the unit. Matches in titles come first, newer ones before older ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from congtruong.core.text import search_terms
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries.sources import Source, visible
from congtruong.publication.rules import broadcast_marker, own_marker
from congtruong.units.models import Unit

# Beyond this the page says "more than": counting every match of a common word is work for nobody.
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results; `total` stops at `COUNTED`."""

    entries: list[Entry]
    total: int
    terms: list[str]

    @property
    def is_capped(self) -> bool:
        return self.total >= COUNTED


def search(
    *,
    unit: Unit,
    sources: Sequence[Source],
    query: str,
    channel: Channel | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """What the visitor of this portal may read and all of whose words match."""
    terms = search_terms(query)
    if not terms:
        return Found([], 0, [])
    entries = visible(unit, Entry.objects.defer("body", "search_title", "search_scope"), list(sources))
    # An item that stands in several channels is found once, or under the channel asked for.
    entries = entries.filter(is_primary=True) if channel is None else entries.filter(channel=channel)
    markers = sorted({own_marker(s.unit_id) if s.span is None else broadcast_marker(s.unit_id) for s in sources})
    ids = _ranked(entries, terms, markers)
    page = ids[offset : offset + limit]
    found = entries.order_by().select_related("unit").in_bulk(page)
    return Found([found[pk] for pk in page if pk in found], len(ids), terms)


def _ranked(entries: QuerySet[Entry], terms: list[str], markers: list[str]) -> list[int]:
    """At most `COUNTED` ids, title matches first, newer before older.

    When more match, the latest to be stored are taken: reading them costs little, and sorting every match of a common
    word by date would cost much.
    """
    matching = _in_postgresql if connection.vendor == "postgresql" else _in_sqlite

    def read(*, titles_only: bool) -> list[int]:
        found = matching(entries, terms, markers, titles_only).order_by("-id")
        rows: list[tuple[int, datetime]] = list(found.values_list("pk", "published_at")[:COUNTED])
        return [pk for pk, _ in sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)]

    titles = read(titles_only=True)
    if len(titles) == COUNTED:
        return titles
    known = set(titles)
    return (titles + [pk for pk in read(titles_only=False) if pk not in known])[:COUNTED]


def _in_sqlite(entries: QuerySet[Entry], terms: list[str], markers: list[str], titles_only: bool) -> QuerySet[Entry]:
    # Terms are [a-z0-9]+ only: quoted, they are plain words to FTS5. The last one may be unfinished.
    words = " AND ".join([f'"{term}"' for term in terms[:-1]] + [f'"{terms[-1]}"*'])
    scope = " OR ".join(f'"{marker}"' for marker in markers)
    columns = "{search_title}" if titles_only else "{search_title search_body}"
    table = "publication_search_title" if titles_only else "publication_search"
    expression = f"({{search_scope}} : ({scope})) AND ({columns} : ({words}))"
    rows = RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [expression])  # noqa: S608, S611
    return entries.filter(pk__in=rows)


def _in_postgresql(
    entries: QuerySet[Entry], terms: list[str], markers: list[str], titles_only: bool
) -> QuerySet[Entry]:
    column = "search_title_vector" if titles_only else "search_vector"
    expression = " & ".join([f"({' | '.join(markers)})", *terms[:-1], f"{terms[-1]}:*"])
    matches = RawSQL(f"{column} @@ to_tsquery('simple', %s)", [expression])  # noqa: S611
    return entries.alias(matches=matches).filter(matches=True)
