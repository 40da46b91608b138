"""Writing and publishing posts, documents and pages of one unit. The caller has entered the unit's scope."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from congtruong.core import audit, clock
from congtruong.core.sanitize import clean_html, plain_text
from congtruong.core.text import shorten, squeeze
from congtruong.editorial import errors
from congtruong.editorial.enums import State
from congtruong.editorial.models import Document, Page, Post, PostFile
from congtruong.media.models import Asset
from congtruong.media.services import make_private, make_public
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.services import Published, Register, publish, withdraw
from congtruong.units.models import Unit

_SUMMARY = 300


@transaction.atomic
def save_post(
    *, post: Post, document: Document | None = None, files: list[tuple[Asset, str]] | None = None, by: str
) -> Post:
    """Store a draft or a changed post with its register data and files; a published post changes at once.

    `files` are (asset, label) in order; None leaves them as they are. Raises `TitleMissing`, `SourceMissing`,
    `RegisterMissing`, or `AnotherUnit` when a file or cover belongs to somebody else.
    """
    _check_post(post, document, files or [])
    if post.pk is not None:
        # Only publishing and withdrawing decide whether a post is public, whatever an older copy says.
        stored = Post.objects.select_for_update().get(pk=post.pk)
        post.state, post.published_at = stored.state, stored.published_at
        post.changed_at = clock.now() if post.state == State.PUBLISHED else stored.changed_at
    post.title = squeeze(post.title)
    post.body = clean_html(post.body).html
    post.summary = squeeze(plain_text(post.summary))
    before = _assets_of(post)
    post.save()
    if document is not None:
        document.post = post
        document.unit_id = post.unit_id
        document.save()
    if files is not None:
        PostFile.objects.filter(post=post).delete()
        PostFile.objects.bulk_create(
            PostFile(unit_id=post.unit_id, post=post, asset=asset, label=label, order=order)
            for order, (asset, label) in enumerate(files)
        )
    audit.record("editorial.post.saved", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk)
    if post.state == State.PUBLISHED:
        _show_post(post)
        _release(before)
    return post


@transaction.atomic
def publish_post(*, post: Post, at: datetime, by: str) -> Post:
    """Put a post on the portal as it was last saved. Posts of an authority stand on every portal below it.

    Raises what `save_post` raises, and `NotYet` for a time to come.
    """
    if at > clock.now():
        raise errors.NotYet
    post.refresh_from_db(from_queryset=Post.objects.select_for_update())
    _check_post(post, None, [])
    post.state = State.PUBLISHED
    post.published_at = post.published_at or at
    post.save(update_fields=["state", "published_at", "updated_at"])
    audit.record("editorial.post.published", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk)
    _show_post(post)
    return post


@transaction.atomic
def withdraw_post(*, post: Post, reason: str, by: str) -> Post:
    """Take a post and the files that stand nowhere else off every portal before this returns."""
    post.state = State.WITHDRAWN
    post.save(update_fields=["state", "updated_at"])
    withdraw(kind=EntryKind.POST, object_id=post.pk)
    _release(_assets_of(post))
    audit.record(
        "editorial.post.withdrawn", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk, reason=reason
    )
    return post


@transaction.atomic
def publish_page(*, page: Page, at: datetime, by: str) -> Page:
    """Store a page under Giới thiệu and show it."""
    if not squeeze(page.title):
        raise errors.TitleMissing
    if page.parent is not None and page.parent.unit_id != page.unit_id:
        raise errors.AnotherUnit
    page.title = squeeze(page.title)
    page.body = clean_html(page.body).html
    page.state = State.PUBLISHED
    page.published_at = page.published_at or at
    page.save()
    audit.record("editorial.page.published", unit_id=page.unit_id, subject=page.title, by=by, page_id=page.pk)
    _show_page(page)
    return page


@transaction.atomic
def show_again(*, unit: Unit) -> set[tuple[EntryKind, int]]:
    """Write the public form of everything the unit has published anew; returns what is public."""
    shown: set[tuple[EntryKind, int]] = set()
    for post in Post.objects.filter(unit=unit, state=State.PUBLISHED):
        _show_post(post)
        shown.add((EntryKind.POST, post.pk))
    for page in Page.objects.filter(unit=unit, state=State.PUBLISHED).select_related("parent"):
        _show_page(page)
        shown.add((EntryKind.PAGE, page.pk))
    return shown


def _show_page(page: Page) -> None:
    if page.published_at is None:
        raise ValueError("a published page has its time")
    publish(
        content=Published(
            unit_id=page.unit_id,
            kind=EntryKind.PAGE,
            object_id=page.pk,
            channels=(Channel.PAGE,),
            title=page.title,
            slug=page.slug,
            path=f"/{Channel.PAGE}/{page.slug}/",
            summary=page.summary or shorten(plain_text(page.body), _SUMMARY),
            body=page.body,
            published_at=page.published_at,
            facts={"order": page.order, "parent": page.parent.slug if page.parent else ""},
        )
    )


def _check_post(post: Post, document: Document | None, files: list[tuple[Asset, str]]) -> None:
    if not squeeze(post.title):
        raise errors.TitleMissing
    if post.source_url and not post.source_url.lower().startswith(("http://", "https://")):
        raise errors.SourceAddressInvalid
    if post.source_url and not post.source_name:
        raise errors.SourceMissing
    assets = [asset for asset, _ in files] + ([post.cover] if post.cover else [])
    if any(asset.unit_id != post.unit_id for asset in assets):
        raise errors.AnotherUnit
    if post.channel == Channel.DOCUMENT and document is None and not Document.objects.filter(post=post.pk).exists():
        raise errors.RegisterMissing
    if document is not None and document.unit_id not in {None, post.unit_id}:
        raise errors.AnotherUnit
    if document is not None and not all((document.issuer, document.type_id, document.issued_on)):
        raise errors.RegisterMissing


def _assets_of(post: Post) -> list[Asset]:
    """Files and cover of a post as stored; none for a new one."""
    stored = Post.objects.filter(pk=post.pk).values("cover")
    return list(
        Asset.objects.filter(Q(pk__in=stored) | Q(pk__in=PostFile.objects.filter(post=post.pk).values("asset")))
    )


def _release(assets: list[Asset]) -> None:
    """Take away from visitors what no published post shows any more."""
    shown = Post.objects.filter(state=State.PUBLISHED)
    ids = [asset.pk for asset in assets]
    still = {
        *shown.filter(cover__in=ids).values_list("cover", flat=True),
        *PostFile.objects.filter(asset__in=ids, post__in=shown).values_list("asset", flat=True),
    }
    make_private(assets=[asset for asset in assets if asset.pk not in still])


def _show_post(post: Post) -> None:
    attachments = list(PostFile.objects.filter(post=post).select_related("asset"))
    make_public(assets=[a.asset for a in attachments] + ([post.cover] if post.cover else []))
    document = Document.objects.select_related("type").filter(post=post).first()
    owner = Unit.objects.get(pk=post.unit_id)
    if post.published_at is None:
        raise ValueError("a published post has its time")
    publish(
        content=Published(
            unit_id=post.unit_id,
            kind=EntryKind.POST,
            object_id=post.pk,
            channels=(Channel(post.channel),),
            title=post.title,
            slug=post.slug,
            path=f"/{post.channel}/{post.slug}/",
            summary=post.summary or shorten(plain_text(post.body), _SUMMARY),
            body=post.body,
            author=post.author,
            source_name=post.source_name,
            source_url=post.source_url,
            image=_image(post),
            files=[_file(a) for a in attachments],
            facts=_facts(post, document),
            published_at=post.published_at,
            changed_at=post.changed_at,
            school_year=post.school_year,
            is_pinned=post.is_pinned,
            starts_at=post.starts_at,
            is_broadcast=owner.is_authority,
            levels=post.levels,
            register=_register(document),
        )
    )


def _image(post: Post) -> dict[str, Any] | None:
    cover = post.cover
    if cover is None:
        return None
    return {
        "key": cover.key,
        "alt": cover.alt,
        "caption": post.cover_caption,
        "width": cover.width,
        "height": cover.height,
        "renditions": [{"name": r["name"], "width": r["width"]} for r in cover.renditions],
    }


def _file(attachment: PostFile) -> dict[str, Any]:
    asset = attachment.asset
    return {
        "key": asset.key,
        "name": asset.name,
        "label": attachment.label or asset.name,
        "type": asset.name.rsplit(".", 1)[-1].upper(),
        "size": asset.size,
    }


def _register(document: Document | None) -> Register:
    if document is None:
        return Register()
    return Register(
        symbol=document.symbol,
        type=document.type.name,
        issuer=document.issuer,
        issued_on=document.issued_on,
        effective_on=document.effective_on,
        expires_on=document.expires_on,
    )


def _facts(post: Post, document: Document | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"place": post.place} if post.place else {}
    if document is not None:
        facts["register"] = {
            "second_reference": document.second_reference,
            "parent_issuer": document.parent_issuer,
            "place": document.place,
            "signer": document.signer,
            "signer_title": document.signer_title,
            "signing_authority": document.signing_authority,
            "urgency": document.urgency,
            "field": document.field,
            "recipients": document.recipients,
            "pages": document.pages,
            "is_signed_digitally": document.is_signed_digitally,
        }
    return facts
