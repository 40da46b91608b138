"""Public reads that several pages share."""

from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from congtruong.core.text import search_terms
from congtruong.editorial.enums import Validity
from congtruong.portal.models import QuickLink
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries import Source, visible
from congtruong.units.models import Unit
from congtruong.units.queries import canonical_hosts


def quick_links(unit: Unit) -> list[QuickLink]:
    return list(QuickLink.objects.filter(unit=unit)[:6])


def own_entry(unit: Unit, path: str) -> Entry | None:
    """The unit's own published page at a path."""
    return Entry.objects.select_related("unit").filter(unit=unit, path=path, is_primary=True).first()


def readable_entry(unit: Unit, entry_id: int) -> Entry | None:
    """An entry by id if it stands on this unit's portal; anybody else's does not exist here."""
    found = visible(unit, Entry.objects.select_related("unit").filter(pk=entry_id)).first()
    if found is None or found.is_primary:
        return found
    # The item came to stand in a more telling channel since: its old address still leads to it.
    return Entry.objects.select_related("unit").filter(pk=found.content_id).first()


def pages_of(unit: Unit) -> list[Entry]:
    """Pages under Giới thiệu in their order, parents before children; light rows."""
    entries = Entry.objects.filter(unit=unit, channel=Channel.PAGE).defer("body", "search_title", "search_body")
    ordered = sorted(entries, key=lambda entry: (entry.facts.get("order", 0), entry.pk))
    children: dict[str, list[Entry]] = {}
    for entry in ordered:
        children.setdefault(entry.facts.get("parent", ""), []).append(entry)
    known = {entry.slug for entry in ordered}
    roots = [entry for entry in ordered if entry.facts.get("parent", "") not in known]
    return [each for root in roots for each in _with_children(root, children)]


def _with_children(entry: Entry, children: dict[str, list[Entry]]) -> list[Entry]:
    return [entry, *(each for child in children.get(entry.slug, []) for each in _with_children(child, children))]


def register_entries(
    unit: Unit,
    sources: list[Source],
    *,
    today: date,
    words: str = "",
    type_name: str = "",
    year: int | None = None,
    issuer: str = "",
    validity: str = "",
) -> QuerySet[Entry]:
    """The document register of a portal: own documents and those of authorities above, newest issue first."""
    entries = visible(unit, Entry.objects.filter(channel=Channel.DOCUMENT), sources)
    for word in search_terms(words):
        entries = entries.filter(Q(search_title__contains=word) | Q(search_body__contains=word))
    if type_name:
        entries = entries.filter(doc_type=type_name)
    if issuer:
        entries = entries.filter(doc_issuer=issuer)
    if year is not None:
        entries = entries.filter(Q(doc_issued_on__year=year) | Q(doc_issued_on=None, published_on__year=year))
    if validity:
        entries = entries.filter(_validity(Validity(validity), today))
    return entries.defer("body", "search_title", "search_body").order_by(
        # A document read from a feed has no date of issue: it stands at the day the source published it.
        Coalesce("doc_issued_on", "published_on").desc(),
        "-published_at",
        "-id",
    )


def _validity(state: Validity, today: date) -> Q:
    """The same rule as `editorial.rules.validity`, for the database; a test compares the two."""
    started = Q(doc_effective_on__lte=today) | Q(doc_effective_on=None, doc_issued_on__lte=today)
    ended = Q(doc_expires_on__lt=today)
    conditions = {
        Validity.UNKNOWN: Q(doc_effective_on=None, doc_issued_on=None),
        Validity.NOT_YET: Q(doc_effective_on__gt=today) | Q(doc_effective_on=None, doc_issued_on__gt=today),
        Validity.ENDED: started & ended,
        Validity.IN_FORCE: started & ~Q(doc_expires_on__isnull=False, doc_expires_on__lt=today),
    }
    return conditions[state]


def register_choices(unit: Unit, sources: list[Source]) -> tuple[list[str], list[str], list[int]]:
    """Types, issuers and years that occur in a portal's register; one query."""
    rows = (
        visible(unit, Entry.objects.filter(channel=Channel.DOCUMENT), sources)
        .order_by()
        .values_list("doc_type", "doc_issuer", "doc_issued_on__year", "published_on__year")
        .distinct()
    )
    types: set[str] = set()
    issuers: set[str] = set()
    years: set[int] = set()
    for type_name, issuer, issued_year, published_year in rows:
        types |= {type_name} if type_name else set()
        issuers |= {issuer} if issuer else set()
        years.add(issued_year or published_year)
    return sorted(types), sorted(issuers), sorted(years, reverse=True)


def hosts_of(entries: list[Entry]) -> dict[int, str]:
    """Canonical host of each owner of a list of entries; one query."""
    return canonical_hosts(sorted({entry.unit_id for entry in entries}))
