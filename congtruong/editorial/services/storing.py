"""The one way in which a working copy reaches its rows. Callers hold the lock on the post."""

from dataclasses import fields, replace
from datetime import UTC
from typing import Any

from django.db.models import Q

from congtruong.core.sanitize import clean_article, plain_text
from congtruong.core.text import fold, squeeze
from congtruong.editorial import errors
from congtruong.editorial.enums import RevisionKind
from congtruong.editorial.models import Category, Document, Post, PostFile, Revision
from congtruong.editorial.pipeline.body import keys_in, without_empty_headings
from congtruong.editorial.services.content import Content, RegisterContent, document_of
from congtruong.media.models import Asset
from congtruong.media.services import set_usages
from congtruong.publication.enums import Channel, EntryKind
from congtruong.units.models import Reach

_OWN_FIELDS = (
    "category_id",
    "cover_id",
    "school_year",
    "is_pinned",
    "starts_at",
    "levels",
    "asks",
    "asks_due_at",
    "shows_children",
    "parent_id",
    "order",
    "publish_at",
    "expires_at",
    "facts",
)
_TEXT_FIELDS = ("title", "summary", "body", "author", "source_name", "source_url", "cover_caption", "place")
UNTITLED = "Bài chưa có tiêu đề"


def store(post: Post, content: Content, *, assets: dict[int, Asset] | None = None, saves: bool = True) -> Content:
    """Write a working copy, tidied and sanitised; returns it as stored. A new post is created, an old one counted up.

    `assets` is what `read_assets` found for it. Without `saves` the caller saves the post itself, once for everything.
    Raises `AnotherUnit` for a file, category or page of somebody else, `SourceAddressInvalid`, `ParentInvalid`,
    `TargetNotBelow`.
    """
    content = tidied(content)
    if not content.school_year:
        content = content.replaced(school_year=post.unit.writing_year)
    _check_owner(post, content, read_assets(post.unit_id, content) if assets is None else assets)
    for name in (*_OWN_FIELDS, *_TEXT_FIELDS):
        setattr(post, name, getattr(content, name))
    post.targets = list(content.targets)
    post.search_title = fold(content.title)
    post.version += 1
    is_new = post.pk is None
    if is_new or saves:
        post.save()
    _store_files(post, content, is_new=is_new)
    _store_register(post, content, is_new=is_new)
    return content


def read_assets(unit_id: int, *versions: Content | None) -> dict[int, Asset]:
    """Every file and image of the unit that these versions refer to; at most one query."""
    ids: set[int] = set()
    keys: set[str] = set()
    for content in versions:
        if content is not None:
            ids |= _named_ids(content)
            keys.update(keys_in(content.body))
    if not ids and not keys:
        return {}
    return Asset.objects.filter(Q(pk__in=ids) | Q(key__in=keys), unit=unit_id).in_bulk()


def note_usages(
    post: Post, content: Content, *, assets: dict[int, Asset] | None = None, publishes: bool = False
) -> None:
    """Tell the library which files the post uses, as written and as shown.

    `assets` is what `read_assets` found for the version and the live one. Only what `publishes` is refused for photos
    without consent: a draft from which such a photo is taken out must be saved.
    """
    live = live_content(post)
    if assets is None:
        assets = read_assets(post.unit_id, content, live)
    shown = used_ids(live, assets) if live is not None else set()
    set_usages(
        unit=post.unit,
        kind=EntryKind.POST,
        object_id=post.pk,
        label=(content.title or UNTITLED)[:200],
        assets=used_ids(content, assets) | shown,
        live=shown,
        publishes=publishes,
    )


def live_content(post: Post) -> Content | None:
    """What the public sees, if it sees anything."""
    return Content.from_json(post.live.content) if post.live is not None else None


def used_ids(content: Content, assets: dict[int, Asset]) -> set[int]:
    """Which of these files a version refers to."""
    keys = set(keys_in(content.body))
    return _named_ids(content) | {asset.pk for asset in assets.values() if asset.key in keys}


def _named_ids(content: Content) -> set[int]:
    ids = {asset_id for asset_id, _ in content.files} | album_ids(content)
    return ids if content.cover_id is None else ids | {content.cover_id}


def album_ids(content: Content) -> set[int]:
    """Images of an album: `facts["images"]` is a list of {asset, caption}."""
    return {image["asset"] for image in content.facts.get("images", ())}


def add_revision(post: Post, content: Content, *, kind: RevisionKind, by: str, note: str = "") -> Revision:
    """Keep a version; the caller holds the lock on the post."""
    known: int | None = getattr(post, "last_number", None)
    if known is None:
        known = Revision.objects.filter(post=post).order_by("-number").values_list("number", flat=True).first() or 0
    post.last_number = known + 1  # type: ignore[attr-defined]
    return Revision.objects.create(
        unit_id=post.unit_id,
        post=post,
        number=known + 1,
        kind=kind,
        content=content.as_json(),
        saved_by=by[:200],
        note=note[:500],
    )


def tidied(content: Content) -> Content:
    """A version as it is stored: sanitised, composed, times in UTC. Raises `SourceAddressInvalid`."""
    address = content.source_url.strip()
    if address and not address.lower().startswith(("http://", "https://")):
        raise errors.SourceAddressInvalid
    times = {name: getattr(content, name) for name in ("starts_at", "publish_at", "expires_at", "asks_due_at")}
    return content.replaced(
        title=squeeze(content.title)[:500],
        summary=squeeze(plain_text(content.summary)),
        body=without_empty_headings(clean_article(content.body)),
        author=squeeze(content.author)[:200],
        source_name=squeeze(content.source_name)[:200],
        source_url=address[:1000],
        cover_caption=squeeze(content.cover_caption)[:300],
        place=squeeze(content.place)[:200],
        files=tuple((asset_id, squeeze(label)[:200]) for asset_id, label in content.files),
        targets=tuple(dict.fromkeys(content.targets)),
        register=_tidied_register(content.register),
        **{name: moment.astimezone(UTC) for name, moment in times.items() if moment is not None},
    )


def _tidied_register(register: RegisterContent | None) -> RegisterContent | None:
    if register is None:
        return None
    words: dict[str, Any] = {f.name: squeeze(getattr(register, f.name)) for f in fields(register) if f.type is str}
    return replace(register, **words)


def _check_owner(post: Post, content: Content, assets: dict[int, Asset]) -> None:
    if not _named_ids(content) <= assets.keys():
        raise errors.AnotherUnit
    if content.category_id is not None:
        own = Category.objects.filter(unit=post.unit_id, channel=post.channel, pk=content.category_id)
        if not own.exists():
            raise errors.AnotherUnit
    if content.parent_id is not None:
        check_parent(post, content.parent_id)
    # A unit that went elsewhere may stay named in what was written before: nothing reaches it any more.
    named = set(content.targets) - set(post.targets)
    if named and Reach.objects.filter(authority=post.unit_id, unit__in=named).values("unit").distinct().count() < len(
        named
    ):
        raise errors.TargetNotBelow
    relations = content.register.relations if content.register is not None else ()
    others = {relation["post"] for relation in relations if relation.get("post")}
    if others:
        own_documents = Post.objects.filter(unit=post.unit_id, channel=Channel.DOCUMENT, pk__in=others)
        if own_documents.exclude(pk=post.pk).count() != len(others):
            raise errors.AnotherUnit


def check_parent(post: Post, parent_id: int) -> None:
    """A page stands below pages of its unit, never below itself."""
    above = dict(Post.objects.filter(unit=post.unit_id, channel=Channel.PAGE).values_list("pk", "parent_id"))
    if parent_id not in above:
        raise errors.AnotherUnit
    seen: set[int | None] = {post.pk}
    step: int | None = parent_id
    while step is not None:
        if step in seen:
            raise errors.ParentInvalid
        seen.add(step)
        step = above.get(step)


def _store_files(post: Post, content: Content, *, is_new: bool) -> None:
    wanted = list(content.files)
    if not is_new:
        stored = list(PostFile.objects.filter(post=post).values_list("asset_id", "label"))
        if stored == wanted:
            return
        PostFile.objects.filter(post=post).delete()
    PostFile.objects.bulk_create(
        PostFile(unit_id=post.unit_id, post=post, asset_id=asset_id, label=label[:200], order=order)
        for order, (asset_id, label) in enumerate(wanted)
    )


def _store_register(post: Post, content: Content, *, is_new: bool) -> None:
    if content.register is None or post.channel != Channel.DOCUMENT:
        return
    document = (None if is_new else document_of(post)) or Document(unit_id=post.unit_id, post=post)
    register = content.register
    for name in register.__slots__:
        value = getattr(register, name)
        setattr(document, name, list(value) if isinstance(value, tuple) else value)
    document.save()
