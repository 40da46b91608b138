"""Collections that are no dated news: albums, resources, questions; and which of them a unit has."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform

from congtruong.core.sanitize import plain_text
from congtruong.core.text import search_terms
from congtruong.editorial.queries import categories
from congtruong.portal.blocks.cards import Card, Picture, cards, picture_of
from congtruong.portal.blocks.paging import PAGE_SIZE
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope

# In the order in which menus and maps name them.
COLLECTIONS = (Channel.TIMETABLE, Channel.WEEK, Channel.ALBUM, Channel.RESOURCE, Channel.QUESTION)
OTHERS = "Mục khác"
# Of each group on the first page; the rest is one step away.
_SHOWN = 8
# All on one page, so that a browser's own search finds every word.
_QUESTIONS = 200
_HEAVY = ("body", "facts", "search_title", "search_body", "search_scope")


@dataclass(frozen=True, slots=True)
class AlbumCard:
    card: Card
    photos: int
    videos: int


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of an album; `full` is the address of its largest copy for visitors."""

    picture: Picture
    full: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; `total` counts those that are not shown as well."""

    slug: str
    name: str
    entries: list[Entry]
    total: int


def collections_of(unit: Unit) -> list[Channel]:
    """Collections in which the unit has something; one query."""
    held = set(Entry.objects.filter(unit=unit, channel__in=COLLECTIONS).order_by().values_list("channel").distinct())
    return [channel for channel in COLLECTIONS if (channel.value,) in held]


def own_entries(unit: Unit, channel: Channel) -> QuerySet[Entry]:
    """What the unit published in a collection, newest first, without its texts."""
    entries = Entry.objects.filter(unit=unit, channel=channel).select_related("unit").defer(*_HEAVY)
    return entries.order_by("-published_at", "-id")


def albums(unit: Unit, offset: int) -> list[AlbumCard]:
    """One page of albums; one query that leaves out the photos themselves."""
    counted = own_entries(unit, Channel.ALBUM).annotate(
        photos=KeyTransform("photos", "facts"), videos=KeyTransform("videos", "facts")
    )
    found = list(counted[offset : offset + PAGE_SIZE])
    return [
        AlbumCard(card, entry.photos or 0, entry.videos or 0)
        for card, entry in zip(cards(unit, [*found]), found, strict=True)
    ]


def photos(entry: Entry) -> list[Photo]:
    """The photos of an album in its order."""
    made = []
    for image in entry.facts.get("images", ()):
        picture = picture_of(Entry(image=image))
        if picture is not None:
            plain = [row for row in image["renditions"] if not row["name"].endswith(".avif")]
            made.append(Photo(picture, f"/tep/{image['key']}/{plain[-1]['name']}"))
    return made


def resources(unit: Unit, *, words: str, category: str) -> QuerySet[Entry]:
    """Resources all of whose words match, of one heading if one is given."""
    entries = own_entries(unit, Channel.RESOURCE)
    for word in search_terms(words):
        entries = entries.filter(Q(search_title__contains=word) | Q(search_body__contains=word))
    return entries.filter(category=category) if category else entries


def resource_groups(unit: Unit, names: dict[str, str]) -> list[Group]:
    """The latest resources under each heading; two queries."""
    ids: dict[str, list[int]] = {}
    for pk, category in own_entries(unit, Channel.RESOURCE).values_list("pk", "category"):
        ids.setdefault(category if category in names else "", []).append(pk)
    shown = [pk for group in ids.values() for pk in group[:_SHOWN]]
    entries = own_entries(unit, Channel.RESOURCE).in_bulk(shown)
    return [
        Group(
            slug, names.get(slug, OTHERS), [entries[pk] for pk in ids[slug][:_SHOWN] if pk in entries], len(ids[slug])
        )
        for slug in [*names, ""]
        if slug in ids
    ]


def question_groups(unit: Unit, names: dict[str, str]) -> list[Group]:
    """Questions with their answers under each heading, pinned ones first; one query."""
    entries = Entry.objects.filter(unit=unit, channel=Channel.QUESTION).defer("search_title", "search_body")
    groups: dict[str, list[Entry]] = {}
    for entry in entries.order_by("-is_pinned", "-published_at", "-id")[:_QUESTIONS]:
        slug = entry.category if entry.category in names else None
        groups.setdefault(slug or "", []).append(entry)
    return [
        Group(slug, names.get(slug, OTHERS), groups[slug], len(groups[slug])) for slug in [*names, ""] if slug in groups
    ]


def heading_names(unit: Unit, channel: Channel) -> dict[str, str]:
    """Names of the headings of a collection by their addresses, in order; one query."""
    with unit_scope(unit.pk):
        return {category.slug: category.name for category in categories(unit, channel)}


def structured_questions(groups: Iterable[Group]) -> dict[str, object]:
    """schema.org FAQPage of all questions."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": "vi",
        "mainEntity": [
            {
                "@type": "Question",
                "name": entry.title,
                "acceptedAnswer": {"@type": "Answer", "text": plain_text(entry.body)},
            }
            for group in groups
            for entry in group.entries
        ],
    }
