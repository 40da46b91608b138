"""Full-text search without diacritics, inside one unit's portal.

Both databases index the folded text together with marker words naming the owner, so that the index itself narrows
to the unit. Matches in titles come first, newer ones before older ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
    if channel is not None:
        entries = entries.filter(channel=channel)
    markers = [own_marker(s.unit_id) if s.span is None else broadcast_marker(s.unit_id) for s in sources]
    in_title = _matching(entries, terms, markers, titles_only=True)
    elsewhere = _matching(entries, terms, markers, titles_only=False)

    ids = list(in_title.values_list("pk", flat=True)[:COUNTED])
    if len(ids) < COUNTED:
        ids += elsewhere.values_list("pk", flat=True)[: COUNTED - len(ids)]
    page = ids[offset : offset + limit]
    found = entries.order_by().in_bulk(page)
    return Found([found[pk] for pk in page if pk in found], len(ids), terms)


def _matching(entries: QuerySet[Entry], terms: list[str], markers: list[str], *, titles_only: bool) -> QuerySet[Entry]:
    narrow = _in_postgresql if connection.vendor == "postgresql" else _in_sqlite
    return narrow(entries, terms, sorted(set(markers)), titles_only)


def _in_sqlite(entries: QuerySet[Entry], terms: list[str], markers: list[str], titles_only: bool) -> QuerySet[Entry]:
    # Terms are [a-z0-9]+ only: quoted, they are plain words to FTS5. The last one may be unfinished.
    words = [f'"{term}"' for term in terms[:-1]] + [f'"{terms[-1]}"*']
    scope = f"{{search_scope}} : ({' OR '.join(markers)})"
    title = f"{{search_title}} : ({' AND '.join(words)})"
    anywhere = f"{{search_title search_body}} : ({' AND '.join(words)})"
    expression = f"({scope}) AND ({title})" if titles_only else f"(({scope}) AND ({anywhere})) NOT ({title})"
    matching = RawSQL("SELECT rowid FROM publication_search WHERE publication_search MATCH %s", [expression])
    return entries.filter(pk__in=matching).order_by("-published_at", "-id")


def _in_postgresql(
    entries: QuerySet[Entry], terms: list[str], markers: list[str], titles_only: bool
) -> QuerySet[Entry]:
    words = [*terms[:-1], f"{terms[-1]}:*"]
    in_titles = " & ".join([*(f"{term}:A" for term in terms[:-1]), f"{terms[-1]}:*A"])
    scope = f"({' | '.join(markers)})"
    expression = f"{scope} & {in_titles}" if titles_only else f"{scope} & {' & '.join(words)} & !({in_titles})"
    matches = RawSQL("search_vector @@ to_tsquery('simple', %s)", [expression])
    return entries.alias(matches=matches).filter(matches=True).order_by("-published_at", "-id")
