"""Writing and removing what the public sees. Called by the services that publish, inside their transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from congtruong.core import clock
from congtruong.core.sanitize import plain_text, presentable
from congtruong.core.text import shorten, slug, words_of
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Change, Entry, Target
from congtruong.publication.registry import consumers
from congtruong.publication.rules import is_wider, search_scope

# Enough of a long text for search; the rest of a 300,000-character report finds nobody.
_SEARCHED_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Register data of an official document (NĐ 30/2020, article 8) that lists and filters use."""

    symbol: str = ""
    type: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Everything the public may know of one thing. HTML is sanitised already."""

    unit_id: int
    kind: EntryKind
    object_id: int
    channels: tuple[Channel, ...]
    title: str
    published_at: datetime
    slug: str = ""
    path: str = ""
    summary: str = ""
    body: str = ""
    author: str = ""
    source_name: str = ""
    source_url: str = ""
    image: dict[str, Any] | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    changed_at: datetime | None = None
    school_year: int | None = None
    category: str | None = None
    is_pinned: bool = False
    starts_at: datetime | None = None
    is_broadcast: bool = False
    levels: int = 0
    # Units it is meant for; an authority stands for all below it, nobody for everybody below the owner.
    targets: tuple[int, ...] = ()
    register: Register = field(default_factory=Register)

    @property
    def aims_at(self) -> frozenset[int]:
        """What nobody else sees is meant for nobody in particular."""
        return frozenset(self.targets) if self.is_broadcast else frozenset()


def publish(*, content: Published, is_new: bool = False) -> Entry:
    """Show this to the public, replacing what stood there for the same object; returns the primary row.

    One query when the caller knows that nothing stood there; otherwise one, and one for each channel that changed.
    Targets take up to three more. Whoever registered to hear of changes is told, in one query for all of them.
    """
    stored = Entry.objects.select_for_update().filter(kind=content.kind, object_id=content.object_id)
    shown = {} if is_new else {entry.channel: entry for entry in stored}
    before, now, was_in = next(iter(shown.values()), None), clock.now(), set(shown)
    # Who saw it until now hears of it as well.
    was_broadcast, had_levels = (before.is_broadcast, before.levels) if before else (False, content.levels)
    values = _shared(content) | _audience(content, before, now)
    is_changed = _aim(content, before, now)
    primary = Entry()
    for number, channel in enumerate(content.channels):
        known = shown.pop(channel, None)
        entry = known or Entry(kind=content.kind, object_id=content.object_id, channel=channel)
        is_primary = number == 0
        row = values | {"is_primary": is_primary, "primary_id": None if is_primary else primary.pk}
        row["body"] = presentable(content.body) if is_primary else ""
        if known is None or any(getattr(entry, name) != value for name, value in row.items()):
            is_changed = True
            for name, value in row.items():
                setattr(entry, name, value)
            entry.save()
        primary = entry if is_primary else primary
    if shown:
        Entry.objects.filter(pk__in=[entry.pk for entry in shown.values()]).delete()
    if is_changed or shown:
        levels = content.levels | had_levels if content.levels and had_levels else 0
        channels = was_in | {channel.value for channel in content.channels}
        _note(primary, channels, now, is_broadcast=was_broadcast or content.is_broadcast, levels=levels)
    return primary


def change_register_facts(*, kind: EntryKind, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Change register data of documents that are public, by the ids of their objects; two queries."""
    if not changes:
        return
    entries = list(Entry.objects.select_for_update().filter(kind=kind, object_id__in=changes))
    for entry in entries:
        entry.facts = entry.facts | {"register": entry.facts.get("register", {}) | dict(changes[entry.object_id])}
    Entry.objects.bulk_update(entries, ["facts"])


def withdraw(*, kind: EntryKind, object_id: int) -> int:
    """Take a thing off every public page, list, feed and search; returns the number of rows removed.

    What units chose for it stays: it is theirs, and holds again if the thing comes back.
    """
    rows = list(
        Entry.objects.filter(kind=kind, object_id=object_id).only(
            "unit_id", "kind", "object_id", "channel", "is_broadcast", "levels", "is_targeted"
        )
    )
    if not rows:
        return 0
    if rows[0].is_targeted:
        Target.objects.filter(unit=rows[0].unit_id, kind=kind, object_id=object_id).delete()
    removed, _ = Entry.objects.filter(kind=kind, object_id=object_id).delete()
    first, channels = rows[0], {row.channel for row in rows}
    _note(first, channels, clock.now(), is_broadcast=first.is_broadcast, levels=first.levels)
    return removed


def unsaved(*, content: Published) -> Entry:
    """The primary row as `publish` would write it, for showing to staff; nothing is stored."""
    entry = Entry(kind=content.kind, object_id=content.object_id, channel=content.channels[0], **_shared(content))
    entry.body = presentable(content.body)
    return entry


def forget_category(*, unit_id: int, channel: Channel, category: str) -> int:
    """Let what stood under a heading of a channel stand under none; returns how many rows."""
    return Entry.objects.filter(unit=unit_id, channel=channel, category=category).update(category=None)


def _audience(content: Published, before: Entry | None, now: datetime) -> dict[str, Any]:
    """Who sees it, and since when. Rows from before these were kept say nothing of their beginning."""
    if before is None:
        return {"is_targeted": bool(content.aims_at) or None, "shown_at": now, "widened_at": None}
    wider = is_wider(
        was_broadcast=before.is_broadcast,
        was_targeted=bool(before.is_targeted),
        old_levels=before.levels,
        is_broadcast=content.is_broadcast,
        is_targeted=bool(content.aims_at),
        new_levels=content.levels,
    )
    # The tree of another day may hold other units.
    moved = before.published_on != clock.day_of(content.published_at)
    return {
        "is_targeted": bool(content.aims_at) or None,
        "shown_at": before.shown_at,
        "widened_at": now if wider or moved else before.widened_at,
    }


def _aim(content: Published, before: Entry | None, now: datetime) -> bool:
    """Store whom it is meant for; returns whether that changed. Asks nothing of what is and was meant for everybody."""
    wanted, was_targeted = content.aims_at, before is not None and bool(before.is_targeted)
    if not wanted and not was_targeted:
        return False
    targets = Target.objects.filter(unit=content.unit_id, kind=content.kind, object_id=content.object_id)
    # Also of what is new: somebody may have removed the entry around the services.
    known = set(targets.values_list("target_id", flat=True))
    if known - wanted:
        targets.filter(target__in=known - wanted).delete()
    if wanted - known:
        # Units that are all that is left of everybody have seen it from its beginning.
        since = now if before is None or was_targeted else before.shown_at or before.published_at
        Target.objects.bulk_create(
            Target(
                unit_id=content.unit_id,
                kind=content.kind,
                object_id=content.object_id,
                target_id=target_id,
                made_at=since,
            )
            for target_id in sorted(wanted - known)
        )
    return known != wanted


def _note(entry: Entry, channels: Iterable[str], now: datetime, *, is_broadcast: bool, levels: int) -> None:
    """Leave word of a change for everybody who registered to hear of it."""
    names = consumers()
    if not names:
        return
    Change.objects.bulk_create(
        Change(
            consumer=name,
            unit_id=entry.unit_id,
            kind=entry.kind,
            object_id=entry.object_id,
            channels=sorted(channels),
            is_broadcast=is_broadcast,
            levels=levels,
            made_at=now,
        )
        for name in names
    )


def _shared(content: Published) -> dict[str, Any]:
    day = clock.day_of(content.published_at)
    return {
        "unit_id": content.unit_id,
        "title": shorten(content.title, 500),
        "slug": content.slug or slug(content.title),
        "path": content.path,
        "summary": content.summary,
        "image": content.image,
        "author": content.author,
        "source_name": content.source_name,
        "source_url": content.source_url,
        "published_at": content.published_at,
        "published_on": day,
        "changed_at": content.changed_at,
        "school_year": content.school_year or clock.school_year(day),
        "category": content.category,
        "is_pinned": content.is_pinned,
        "starts_at": content.starts_at,
        "is_broadcast": content.is_broadcast,
        "levels": content.levels,
        "doc_symbol": content.register.symbol,
        "doc_type": content.register.type,
        "doc_issuer": content.register.issuer,
        "doc_issued_on": content.register.issued_on,
        "doc_effective_on": content.register.effective_on,
        "doc_expires_on": content.register.expires_on,
        "files": content.files,
        "facts": content.facts,
        # Only the primary row holds the text.
        "body": "",
        **_searched(content),
    }


def _searched(content: Published) -> dict[str, Any]:
    words = f"{content.summary} {plain_text(content.body)} {content.register.issuer} {content.author}"
    return {
        # Plain words only: the two databases cut symbols such as 2326/GDĐT-THCS differently.
        "search_title": " ".join(words_of(f"{content.title} {content.register.symbol}")),
        "search_body": " ".join(words_of(words[:_SEARCHED_CHARACTERS])),
        "search_scope": search_scope(content.unit_id, is_broadcast=content.is_broadcast),
    }
