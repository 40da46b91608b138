"""Items of a unit's sources as its staff read them, and who else published a document."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from congtruong.core.text import search_terms, squeeze
from congtruong.feeds.models import Item, ItemRevision, Picture, Sighting, Source
from congtruong.feeds.rules.pictures import addresses_in, digest_of
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.queries import authority_spans
from congtruong.units.scoping import unit_scope

# An item that stands in several feeds is read under the channel that says most about it.
_MOST_TELLING = (Channel.INVITATION, Channel.DOCUMENT, Channel.NOTICE, Channel.NEWS)
SHOWN, CHANGED, WITHDRAWN, COPIES = "dang-hien", "da-cap-nhat", "da-go", "ban-sao"
STATES = ((SHOWN, "Đang hiện"), (CHANGED, "Đã cập nhật"), (WITHDRAWN, "Đã gỡ"), (COPIES, "Bản sao"))
_IN_STATE = {
    SHOWN: Q(withdrawn_at=None),
    CHANGED: Q(withdrawn_at=None, changed_at__isnull=False),
    WITHDRAWN: Q(withdrawn_at__isnull=False),
    COPIES: Q(withdrawn_at=None, copy_of__isnull=False),
}


@dataclass(frozen=True, slots=True)
class NamedPicture:
    """A picture an item names; `picture` is None as long as nobody has looked at it."""

    url: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Publishers:
    """Who else published a document that stands on a portal: its original above, copies of authorities there."""

    original: Item | None
    copies: tuple[Item, ...]


def items(unit: Unit, *, q: str = "", source: int | None = None, channel: str = "", state: str = "") -> QuerySet[Item]:
    """Items of the unit's sources, the latest first; every word of `q` is part of the title."""
    found = Item.objects.filter(unit=unit).select_related("source").defer("content", "summary")
    found = found.order_by("-first_seen_at", "-pk")
    if source is not None:
        found = found.filter(source=source)
    if channel:
        seen = Exists(Sighting.objects.filter(item=OuterRef("pk"), channel=channel))
        found = found.filter(Q(chosen_channel=channel) | Q(seen, chosen_channel=""))
    if state:
        found = found.filter(_IN_STATE[state])
    words = squeeze(q)
    if words:
        # Without diacritics only what is public is found: titles are folded there.
        public = Entry.objects.filter(unit=unit, kind=EntryKind.ITEM, is_primary=True)
        for term in search_terms(words):
            public = public.filter(search_title__contains=term)
        found = found.filter(Q(title__icontains=words) | Q(pk__in=public.values("object_id")))
    return found


def sources(unit: Unit) -> list[Source]:
    return list(Source.objects.filter(unit=unit).order_by("name", "pk"))


def item_of(unit: Unit, item_id: int) -> Item | None:
    found = Item.objects.select_related("unit", "source", "origin").filter(unit=unit, pk=item_id)
    return found.first()


def sightings_of(item: Item) -> list[Sighting]:
    """In which feeds an item stands, and under which key."""
    return list(Sighting.objects.filter(item=item).select_related("feed").order_by("pk"))


def revisions_of(item: Item) -> QuerySet[ItemRevision]:
    """What it said before, the latest first, without the texts."""
    return ItemRevision.objects.filter(item=item).defer("content", "summary").order_by("-number")


def versions(item: Item, number: int) -> tuple[ItemRevision, ItemRevision | None] | None:
    """A former text and the one that took its place; None for the text of today."""
    found = list(ItemRevision.objects.filter(item=item, number__in=(number, number + 1)).order_by("number"))
    if not found or found[0].number != number:
        return None
    return found[0], found[1] if len(found) > 1 else None


def pictures_of(item: Item) -> list[NamedPicture]:
    """Pictures an item names, in their order; one query."""
    named = addresses_in(item.content, item.image_url)
    rows = Picture.objects.filter(source=item.source_id, digest__in=[digest_of(url) for url in named])
    found = {row.url: row for row in rows.select_related("asset")}
    return [NamedPicture(url, found.get(url)) for url in named]


def shown_as(items: Iterable[Item]) -> dict[int, Entry]:
    """How items stand on portals, without the texts; one query."""
    entries = Entry.objects.filter(kind=EntryKind.ITEM, object_id__in=[item.pk for item in items], is_primary=True)
    return {entry.object_id: entry for entry in entries.defer("body", "search_title", "search_body", "search_scope")}


def text_shown(item: Item) -> Entry | None:
    """How one item stands on portals, with its text."""
    return Entry.objects.filter(kind=EntryKind.ITEM, object_id=item.pk, is_primary=True).first()


def channels_of(item_ids: Collection[int]) -> dict[int, tuple[Channel, ...]]:
    """Where items stand, the most telling first: what a person chose, else the channels of their feeds; two queries."""
    chosen = dict(Item.objects.filter(pk__in=item_ids).exclude(chosen_channel="").values_list("pk", "chosen_channel"))
    found: dict[int, set[str]] = {}
    for item_id, channel in Sighting.objects.filter(item__in=item_ids).values_list("item_id", "channel"):
        found.setdefault(item_id, set()).add(channel)
    found |= {item_id: {channel} for item_id, channel in chosen.items()}
    return {item_id: tuple(c for c in _MOST_TELLING if c in names) for item_id, names in found.items()}


def publishers(portal: Unit, item_id: int, owner_id: int) -> Publishers:
    """Who else among the authorities of a portal published this document; public, two queries."""
    around = {portal.pk, owner_id, *(authority_id for authority_id, _ in authority_spans(portal))}
    with unit_scope(*around):
        others = Item.objects.filter(Q(copies=item_id) | Q(copy_of=item_id), withdrawn_at=None)
        found = list(others.select_related("unit").defer("content", "summary").order_by("pk"))
    original = next((item for item in found if item.copy_of_id is None), None)
    return Publishers(original, tuple(item for item in found if item.copy_of_id == item_id))
