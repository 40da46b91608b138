"""Writing and removing what the public sees. Called by the services that publish, inside their transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from congtruong.core import clock
from congtruong.core.sanitize import plain_text, presentable
from congtruong.core.text import shorten, slug, words_of
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.rules import search_scope

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
    register: Register = field(default_factory=Register)


def publish(*, content: Published, is_new: bool = False) -> Entry:
    """Show this to the public, replacing what stood there for the same object; returns the primary row.

    Two or three queries for one channel, one when the caller knows that nothing stood there.
    """
    stored = Entry.objects.select_for_update().filter(kind=content.kind, object_id=content.object_id)
    shown = {} if is_new else {entry.channel: entry for entry in stored}
    primary = Entry()
    for number, channel in enumerate(content.channels):
        entry = shown.pop(channel, None) or Entry(kind=content.kind, object_id=content.object_id, channel=channel)
        for name, value in _shared(content).items():
            setattr(entry, name, value)
        entry.is_primary = number == 0
        entry.primary_id = None if entry.is_primary else primary.pk
        entry.body = presentable(content.body) if entry.is_primary else ""
        entry.save()
        primary = entry if entry.is_primary else primary
    if shown:
        Entry.objects.filter(pk__in=[entry.pk for entry in shown.values()]).delete()
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
    """Take a thing off every public page, list, feed and search; returns the number of rows removed."""
    removed, _ = Entry.objects.filter(kind=kind, object_id=object_id).delete()
    return removed


def unsaved(*, content: Published) -> Entry:
    """The primary row as `publish` would write it, for showing to staff; nothing is stored."""
    entry = Entry(kind=content.kind, object_id=content.object_id, channel=content.channels[0], **_shared(content))
    entry.body = presentable(content.body)
    return entry


def forget_category(*, unit_id: int, channel: Channel, category: str) -> int:
    """Let what stood under a heading of a channel stand under none; returns how many rows."""
    return Entry.objects.filter(unit=unit_id, channel=channel, category=category).update(category=None)


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
