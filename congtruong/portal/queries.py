"""Public reads that several pages share."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from congtruong.core import clock
from congtruong.core.text import search_terms
from congtruong.editorial.enums import State, Validity
from congtruong.editorial.models import Post
from congtruong.media.models import Asset
from congtruong.portal.models import Link, MenuItem, QuickLink, Redirect, SchoolYear, SiteSettings
from congtruong.portal.rules.old_addresses import spellings
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.queries import Source, pinned_by, visible
from congtruong.units.models import Unit
from congtruong.units.queries import canonical_hosts
from congtruong.units.scoping import unit_scope


def quick_links(unit: Unit) -> list[QuickLink]:
    return list(QuickLink.objects.filter(unit=unit)[:6])


def moved_to(unit: Unit, requested: str) -> str:
    """Where the content of an old address (path and query as requested) stands now; empty when nobody knows."""
    asked = spellings(requested)
    if not asked:
        return ""
    known = dict(Redirect.objects.filter(unit=unit, old_path__in=asked).values_list("old_path", "new_path"))
    return next((known[address] for address in asked if address in known), "")


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
    # Asked only of a unit that put anything first.
    pins = {"pinned_here": pinned_by(unit)} if any(source.pins for source in sources) else {}
    return (
        entries.annotate(**pins)
        .defer("body", "search_title", "search_body")
        .order_by(
            *(f"-{name}" for name in pins),
            # A document read from a feed has no date of issue: it stands at the day the source published it.
            Coalesce("doc_issued_on", "published_on").desc(),
            "-published_at",
            "-id",
        )
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


@dataclass(frozen=True, slots=True)
class MenuRow:
    """An item of a unit's own menu; `path` is empty when it only holds others, or when nobody sees its page now."""

    id: int
    parent_id: int | None
    label: str
    path: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    label: str
    url: str
    group: str


@dataclass(frozen=True, slots=True)
class FrameRows:
    """What a unit put around its pages: menu (empty: it uses the product's), links, path of its own crest or empty."""

    menu: list[MenuRow]
    links: list[LinkRow]
    crest_path: str


def frame_rows(unit: Unit) -> FrameRows:
    """Menu, links and crest in order; one query for every public page."""
    page = Entry.objects.filter(kind=EntryKind.POST, object_id=OuterRef("page_id"), unit=OuterRef("unit_id"))
    path = Subquery(page.filter(is_primary=True).values("path")[:1], output_field=CharField())
    nothing, empty = Value(None, output_field=BigIntegerField()), Value("", output_field=CharField())
    shown, zero = Value(False), Value(0)
    menu = MenuItem.objects.filter(unit=unit).annotate(what=Value("menu"), leads=path)
    links = Link.objects.filter(unit=unit).annotate(what=Value("link"), above=nothing, page=nothing, off=shown)
    site = SiteSettings.objects.filter(unit=unit).annotate(
        what=Value("site"), above=nothing, label=empty, leads=empty, page=nothing, order=zero, off=shown
    )
    rows = (
        menu.order_by()
        .values_list("what", "id", "parent_id", "label", "target", "leads", "page_id", "order", "is_hidden")
        .union(
            links.order_by().values_list("what", "id", "above", "label", "url", "group", "page", "order", "off"),
            site.order_by().values_list("what", "id", "above", "label", "crest_path", "leads", "page", "order", "off"),
            all=True,
        )
    )
    found: list[tuple[Any, ...]] = list(rows)
    ordered = sorted(found, key=lambda row: (row[7], row[1]))
    items = [
        MenuRow(pk, parent, label, (leads or "") if page_id is not None else target)
        for what, pk, parent, label, target, leads, page_id, _, is_hidden in ordered
        if what == "menu" and not is_hidden
    ]
    return FrameRows(
        items,
        [LinkRow(row[3], row[4], row[5]) for row in ordered if row[0] == "link"],
        next((row[4] for row in ordered if row[0] == "site"), ""),
    )


def site_of(unit: Unit) -> SiteSettings:
    """How the unit's portal looks; the defaults, not stored, when the unit chose nothing. One query."""
    return SiteSettings.objects.filter(unit=unit).first() or SiteSettings(unit=unit)


def banner_image(unit: Unit, site: SiteSettings, day: date) -> Asset | None:
    """The banner's image on that day while visitors may see it; a query only when a banner is set."""
    is_on = (site.banner_from is None or site.banner_from <= day) and (site.banner_to is None or day <= site.banner_to)
    if site.banner_id is None or not is_on:
        return None
    with unit_scope(unit.pk):
        return Asset.objects.filter(unit=unit, pk=site.banner_id, is_public=True).first()


def menu_items(unit: Unit) -> list[MenuItem]:
    """Every item of the unit's own menu for its staff, in order, with the page it leads to; one query."""
    return list(MenuItem.objects.filter(unit=unit).select_related("page"))


def links_of(unit: Unit) -> list[Link]:
    return list(Link.objects.filter(unit=unit))


def year_of(unit: Unit, year: int) -> SchoolYear | None:
    """What a unit whose scope was entered did to begin a school year."""
    return SchoolYear.objects.filter(unit=unit, year=year).first()


def years_of(unit: Unit) -> list[SchoolYear]:
    """Every school year a unit whose scope was entered began, latest first."""
    return list(SchoolYear.objects.filter(unit=unit))


def offered_year(today: date) -> int:
    """The school year that may be begun now: from May on the coming one."""
    return clock.school_year(today + _AHEAD)


# From 1 May to 1 August.
_AHEAD = timedelta(days=92)


def old_calendars(unit: Unit, year: int) -> QuerySet[Post]:
    """Weekly calendars and timetables of the years before, not put away yet."""
    channels = (Channel.WEEK, Channel.TIMETABLE)
    posts = Post.objects.filter(unit=unit, channel__in=channels, school_year__lt=year)
    return posts.exclude(state=State.ARCHIVED).order_by("pk")


def old_pins(unit: Unit, year: int) -> QuerySet[Post]:
    """Published posts of the years before that are still pinned."""
    return Post.objects.filter(unit=unit, live__isnull=False, is_pinned=True, school_year__lt=year).order_by("pk")


def old_yearly_pages(unit: Unit, year: int) -> list[Post]:
    """Published pages that are written every year and have no draft for this one yet; two queries."""
    pages = Post.objects.filter(
        unit=unit, channel=Channel.PAGE, live__isnull=False, school_year__lt=year, facts__yearly=True
    )
    begun = Post.objects.filter(unit=unit, channel=Channel.PAGE, school_year=year, facts__copied_from__isnull=False)
    copied = {facts.get("copied_from") for facts in begun.values_list("facts", flat=True)}
    return [page for page in pages.order_by("pk") if page.pk not in copied]


def year_papers(unit: Unit, year: int) -> tuple[bool, bool]:
    """Has the unit published a timetable, and a plan, of this school year? One query."""
    rows = Entry.objects.filter(unit=unit, school_year=year)
    found = rows.filter(Q(channel=Channel.TIMETABLE) | Q(channel=Channel.DOCUMENT, doc_type="Kế hoạch"))
    channels = set(found.order_by().values_list("channel", flat=True).distinct())
    return Channel.TIMETABLE.value in channels, Channel.DOCUMENT.value in channels
