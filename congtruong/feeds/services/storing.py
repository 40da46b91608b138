"""Bringing what was read into the database and onto the portals, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from congtruong.core.text import fold, shorten, squeeze
from congtruong.feeds.models import CategoryRoute, Feed, Item, ItemRevision, Sighting, Source
from congtruong.feeds.pipeline import decide as d
from congtruong.feeds.pipeline.model import Document, Entry
from congtruong.feeds.services import pictures
from congtruong.feeds.services.grouping import group
from congtruong.feeds.services.showing import show

_BAD_GUIDS = 0.05
_MOST_NAMESAKES = 1_000


@dataclass(frozen=True, slots=True)
class Stored:
    """What one reading brought: items whose public form changed, those of them that are new, pictures to fetch."""

    changed: int
    new: int
    pictures: int

    def __bool__(self) -> bool:
        return self.changed > 0


@dataclass(slots=True)
class _Touched:
    """What a reading wrote: new items, items whose text changed, that came into a channel, whose address moved."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)

    @property
    def texts(self) -> list[int]:
        return [*self.new, *self.changed]

    @property
    def everything(self) -> list[int]:
        return list(dict.fromkeys([*self.texts, *self.shown, *self.moved]))


@transaction.atomic
def store(*, feed: Feed, document: Document, now: datetime) -> Stored:
    """Bring the items of one reading into the database and onto the portals.

    Decided against the rows as they are now, under the source's lock: running it twice changes nothing the second time.
    """
    # Items and their channels belong to the source: its feeds are stored one after another.
    Source.objects.select_for_update().get(pk=feed.source_id)
    locked = Feed.objects.select_related("unit").get(pk=feed.pk)
    if locked.trusts_guids and d.repeated_share(document.entries) > _BAD_GUIDS:
        _stop_trusting_guids(locked, document.entries)
    routes = dict(CategoryRoute.objects.filter(source=feed.source_id).values_list("category", "channel"))
    decisions = d.decide(
        document.entries,
        _known(locked, document.entries),
        channel=locked.channel,
        routes=routes,
        trust_guids=locked.trusts_guids,
    )
    touched = _apply(locked, decisions, now)
    waiting = pictures.expect(item_ids=touched.texts, now=now)
    group(unit=locked.unit, item_ids=touched.everything)
    show(touched.everything, new=set(touched.new))
    return Stored(changed=len({*touched.texts, *touched.shown}), new=len(touched.new), pictures=waiting)


def _stop_trusting_guids(feed: Feed, entries: Sequence[Entry]) -> None:
    """Go on with link and title; what is known under its guid is known under its new key, and is not new again."""
    feed.trusts_guids = False
    feed.save(update_fields=["trusts_guids"])
    for entry in entries:
        old, new = d.identity(entry), d.identity(entry, trust_guids=False)
        sighting = Sighting.objects.select_related("item").filter(feed=feed, key=old.key).first()
        if sighting is None or fold(squeeze(sighting.item.title)) != new.title:
            continue
        if not Sighting.objects.filter(feed=feed, key=new.key).exists():
            Sighting.objects.filter(pk=sighting.pk).update(key=new.key)


def _known(feed: Feed, entries: Sequence[Entry]) -> list[d.KnownItem]:
    """What the source knows of these entries; four queries, two when every entry meets a key or a link."""
    identities = [d.identity(entry, trust_guids=feed.trusts_guids) for entry in entries]
    keys = {one.key for one in identities}
    links = {one.link for one in identities if one.link}
    mine: dict[int, list[Sighting]] = {}
    # The key of this document comes first: a restored item may have been seen under several.
    for sighting in Sighting.objects.filter(Q(key__in=keys) | Q(item__canonical_link__in=links), feed=feed):
        mine.setdefault(sighting.item_id, []).append(sighting)
    for seen in mine.values():
        seen.sort(key=lambda sighting: (sighting.key not in keys, -sighting.pk))
    of_source = Item.objects.filter(source=feed.source_id)
    found = {item.pk: item for item in of_source.filter(Q(pk__in=list(mine)) | Q(canonical_link__in=links))}
    known = [_known_item(feed, item, mine.get(item.pk, [])) for item in found.values()]
    if not d.needs_titles(identities, known):
        return known
    titles = {shorten(entry.title, 500) for entry in entries}
    more = of_source.filter(Q(title__in=titles) | Q(withdrawn_at__isnull=False)).exclude(pk__in=list(found))
    # The latest are enough: a source that posts the same title every week posted it hundreds of times.
    others = list(more.order_by("-pk")[:_MOST_NAMESAKES])
    for sighting in Sighting.objects.filter(feed=feed, item__in=others):
        mine.setdefault(sighting.item_id, []).append(sighting)
    return known + [_known_item(feed, item, mine.get(item.pk, [])) for item in others]


def _known_item(feed: Feed, item: Item, seen: Sequence[Sighting]) -> d.KnownItem:
    return d.KnownItem(
        item=item.pk,
        key=seen[0].key if seen else "",
        link=item.canonical_link,
        title=item.title,
        content_hash=item.content_hash,
        channel=seen[0].channel if seen else "",
        is_origin=item.origin_id == feed.pk,
        is_withdrawn=item.withdrawn_at is not None,
        other_keys=tuple(sighting.key for sighting in seen[1:]),
        address=item.link,
        published=item.published_at,
        words=d.words_hash(item.summary, item.content) if item.withdrawn_at is not None else "",
    )


def _apply(feed: Feed, decisions: Iterable[d.Decision], now: datetime) -> _Touched:
    """Write the decisions: two statements for each new item, one for each changed, a few for all the rest."""
    touched = _Touched()
    seen: list[Sighting] = []
    replaced: list[str] = []
    changes: dict[int, d.Changed] = {}
    for decision in decisions:
        match decision:
            case d.New():
                item = _new_item(feed, decision, now)
                seen.append(_sighting(feed, item.pk, decision.key, decision.channel))
                touched.new.append(item.pk)
            case d.Changed():
                changes[decision.item] = decision
                touched.changed.append(decision.item)
            case d.Moved():
                Item.objects.filter(pk=decision.item).update(link=decision.entry.link, canonical_link=decision.link)
                touched.moved.append(decision.item)
            case d.AlsoIn():
                if decision.replaces:
                    replaced.append(decision.replaces)
                seen.append(_sighting(feed, decision.item, decision.key, decision.channel))
                if decision.is_shown_anew:
                    touched.shown.append(decision.item)
            case d.StillWithdrawn():
                seen.append(_sighting(feed, decision.item, decision.key, decision.channel))
    _revise(changes, now)
    if replaced:
        Sighting.objects.filter(feed=feed, key__in=replaced).delete()
    if seen:
        Sighting.objects.bulk_create(
            seen, update_conflicts=True, unique_fields=["feed", "key"], update_fields=["item", "channel"]
        )
    return touched


def _revise(changes: Mapping[int, d.Changed], now: datetime) -> None:
    """Keep what the changed items said, then let them say the new text."""
    if not changes:
        return
    items = Item.objects.in_bulk(list(changes))
    counted = ItemRevision.objects.filter(item__in=items).values("item").annotate(last=Max("number"))
    last = {row["item"]: row["last"] for row in counted}
    ItemRevision.objects.bulk_create(
        ItemRevision(
            unit_id=item.unit_id,
            item=item,
            number=last.get(item.pk, 0) + 1,
            title=item.title,
            summary=item.summary,
            content=item.content,
            link=item.link,
            enclosures=item.enclosures,
            replaced_at=now,
        )
        for item in items.values()
    )
    for pk, item in items.items():
        change = changes[pk]
        texts = _texts(change.entry, now, known=item.enclosures)
        Item.objects.filter(pk=pk).update(
            **texts, canonical_link=change.link, content_hash=change.content_hash, changed_at=now
        )


def _new_item(feed: Feed, decision: d.New, now: datetime) -> Item:
    return Item.objects.create(
        unit_id=feed.unit_id,
        source_id=feed.source_id,
        origin=feed,
        canonical_link=decision.link,
        first_seen_at=now,
        published_at=decision.entry.published,
        content_hash=decision.content_hash,
        levels=feed.levels,
        **_texts(decision.entry, now),
    )


def _texts(entry: Entry, now: datetime, known: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Columns with what the source says. What was found out about its files (`known`) stays with them."""
    checked = {file["url"]: dict(file) for file in known}
    files = [
        checked.get(one.url, {}) | {"url": one.url, "type": one.type, "length": one.length} for one in entry.enclosures
    ]
    has_unchecked = any("state" not in file for file in files)
    return {
        "link": entry.link[:1000],
        "title": shorten(entry.title, 500),
        "summary": entry.summary,
        "content": entry.content,
        "author": entry.author[:200],
        "image_url": entry.image if len(entry.image) <= 1000 else "",
        "enclosures": files,
        **({"files_due_at": now} if has_unchecked else {}),
    }


def _sighting(feed: Feed, item_id: int, key: str, channel: str) -> Sighting:
    return Sighting(unit_id=feed.unit_id, feed=feed, item_id=item_id, key=key, channel=channel)
