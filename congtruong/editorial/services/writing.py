"""Writing: drafts, saving, autosave under a lock, restoring. The caller has entered the unit's scope."""

import secrets
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from congtruong.core import audit, clock
from congtruong.core.errors import DomainError
from congtruong.editorial import errors
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import Category, EditLock, Post, Revision
from congtruong.editorial.rules import may_edit, state_after_saving
from congtruong.editorial.services.content import Content
from congtruong.editorial.services.storing import (
    add_revision,
    live_content,
    note_usages,
    read_assets,
    store,
    tidied,
)
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit, User
from congtruong.units.rules.duties import Act

# A page that writes says so twice a minute; after this silence somebody else may write without asking.
LOCK_LAPSES = timedelta(seconds=90)
# Two hyphens never come out of a title.
PROVISIONAL = "nhap--"


@dataclass(frozen=True, slots=True)
class Written:
    """What a person's page held when he took a step, and the version it began with."""

    content: Content
    version: int


@dataclass(frozen=True, slots=True)
class Writing:
    """Where a writer's page stands after a request: what it has to send with the next one.

    `content` is what was sent, as stored.
    """

    version: int
    token: str
    saved_at: datetime
    content: Content | None = None


@transaction.atomic
def create_draft(
    *,
    unit: Unit,
    channel: Channel,
    writer: User | None,
    by: str,
    content: Content | None = None,
    address: str = "",
    kind: RevisionKind = RevisionKind.SAVED,
) -> Post:
    """Begin an article. Without `address` its address is made from the title when it is first published.

    `kind` says in the history where a first `content` comes from.
    """
    post = Post(unit=unit, channel=channel, slug=address or f"{PROVISIONAL}{secrets.token_hex(6)}", writer=writer)
    stored = store(post, content or Content(school_year=unit.writing_year, author=by if writer else ""))
    if content is not None:
        note_usages(post, stored)
        add_revision(post, stored, kind=kind, by=by)
    audit.record("editorial.post.created", unit_id=unit.pk, subject=post.title or channel.label, by=by, post_id=post.pk)
    return post


def save_draft(
    *, post: Post, content: Content, acts: Set[Act], by: str, note: str = "", version: int | None = None
) -> Post:
    """Store what a person wrote and keep it as a version. What the public sees stays as it is.

    With `version`, the one the person's page began with: when other words were stored since, his are kept as a version
    and `Overtaken` is raised; so are they where this person may not change the post now (`NotOpen`). Raises what
    `store` raises.
    """
    content = tidied(content)
    with transaction.atomic():
        outcome = _save_or_keep(locked(post), content, acts, by, note, version)
    # Raised only now, so that what was kept is committed.
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def _save_or_keep(
    post: Post, content: Content, acts: Set[Act], by: str, note: str, version: int | None
) -> Post | DomainError:
    if not is_open(post, acts):
        if content_differs(post, content):
            keep(post, content, by=by)
        return errors.NotOpen()
    if version is not None and version != post.version and content_differs(post, content):
        return errors.Overtaken(keep(post, content, by=by))
    return _save(post, content, by, note)


def _save(post: Post, content: Content, by: str, note: str) -> Post:
    _change(post, content)
    add_revision(post, Content.of(post), kind=RevisionKind.SAVED, by=by, note=note)
    audit.record("editorial.post.saved", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk)
    return post


def autosave(
    *, post: Post, content: Content | None, version: int, token: str, user: User, acts: Set[Act], by: str
) -> Writing:
    """Store what stands in the writer's page, or with `content` None only keep his lock.

    Raises `LockHeld` when somebody else writes there now. When another person's or another tab's words were stored
    since `version`, what was sent is kept as a version and `Overtaken` is raised, or `ChangedElsewhere` when nothing
    was sent: nobody's words replace another's.
    """
    content = tidied(content) if content is not None else None
    with transaction.atomic():
        outcome = _autosave(locked(post), content, version, token, user, acts, by)
    # Raised only now, so that what was kept is committed.
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def _autosave(
    post: Post, content: Content | None, version: int, token: str, user: User, acts: Set[Act], by: str
) -> Writing | DomainError:
    lock = lock_of(post)
    now = clock.now()
    is_own = lock is not None and lock.token == token
    is_held = lock is not None and not is_own and lock.seen_at > now - LOCK_LAPSES
    is_changed = content is not None and content_differs(post, content)
    if content is not None and is_changed and (is_held or version != post.version or not is_open(post, acts)):
        return errors.Overtaken(keep(post, content, by=by))
    if not is_open(post, acts):
        return errors.NotOpen()
    if lock is not None and is_held:
        return errors.LockHeld(str(lock.user))
    if content is None and version != post.version:
        # The page is as old as its version: with a new one it would write over what it never saw.
        return errors.ChangedElsewhere()
    if lock is not None and lock.user_id != user.pk:
        _mark(post, by=str(lock.user))
    if lock is not None and is_own:
        EditLock.objects.filter(pk=lock.pk).update(user=user, seen_at=now)
    else:
        token = secrets.token_urlsafe(16)
        _hold(post, user, token, now)
    if content is not None and is_changed:
        _change(post, content)
    return Writing(post.version, token, now, content)


@transaction.atomic
def take_over(*, post: Post, user: User, acts: Set[Act], by: str) -> Writing:
    """Write on in place of whoever holds the lock. What he typed is kept as a version, now or when it arrives."""
    post = locked(post)
    _require_open(post, acts)
    now, token = clock.now(), secrets.token_urlsafe(16)
    before = lock_of(post)
    if before is not None and before.user_id != user.pk:
        _mark(post, by=str(before.user))
    _hold(post, user, token, now)
    audit.record(
        "editorial.post.taken_over",
        unit_id=post.unit_id,
        subject=post.title,
        by=by,
        post_id=post.pk,
        held_by=str(before.user) if before is not None else "",
    )
    return Writing(post.version, token, now)


@transaction.atomic
def release(*, post: Post, token: str) -> None:
    """Let others write: the writer closed the page. What he wrote there becomes a version of its own."""
    post = locked(post)
    lock = EditLock.objects.filter(post=post, token=token).select_related("user").first()
    if lock is None:
        return
    _mark(post, by=str(lock.user))
    lock.delete()


@transaction.atomic
def restore(*, post: Post, revision: Revision, acts: Set[Act], by: str) -> Post:
    """Bring an earlier version back as the working copy; the present one stays in the history.

    Files deleted since are left out.
    """
    post = locked(post)
    if revision.post_id != post.pk:
        raise errors.AnotherUnit
    _require_open(post, acts)
    content = only_existing(post, Content.from_json(revision.content))
    _change(post, content)
    add_revision(post, Content.of(post), kind=RevisionKind.RESTORED, by=by, note=f"Từ bản {revision.number}")
    audit.record(
        "editorial.post.restored",
        unit_id=post.unit_id,
        subject=post.title,
        by=by,
        post_id=post.pk,
        number=revision.number,
    )
    return post


@transaction.atomic
def discard_changes(*, post: Post, acts: Set[Act], by: str) -> Post:
    """Make the working copy of a published post what the public sees again; the draft stays in the history."""
    post = locked(post)
    _require_open(post, acts)
    if post.live is None:
        raise errors.StepNotPossible
    add_revision(post, Content.of(post), kind=RevisionKind.SAVED, by=by, note="Bản sửa đã bỏ")
    store(post, only_existing(post, Content.from_json(post.live.content)))
    post.state = State.PUBLISHED
    post.save(update_fields=["state", "updated_at"])
    note_usages(post, Content.of(post))
    audit.record("editorial.post.discarded", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk)
    return post


def locked(post: Post) -> Post:
    """The post as stored, held against everybody else until the transaction ends."""
    rows = Post.objects.select_for_update(of=("self",)).filter(unit=post.unit_id)
    last = Revision.objects.filter(post=OuterRef("pk")).order_by("-number").values("number")[:1]
    return (
        rows.select_related("live", "unit", "category", "document__type", "lock__user")
        .annotate(last_number=Coalesce(Subquery(last), 0))
        .get(pk=post.pk)
    )


def lock_of(post: Post) -> EditLock | None:
    """Who writes in the article, as it was when it was locked."""
    try:
        return post.lock
    except EditLock.DoesNotExist:
        return None


def _hold(post: Post, user: User, token: str, now: datetime) -> None:
    EditLock.objects.update_or_create(
        post=post, defaults={"unit_id": post.unit_id, "user": user, "token": token, "seen_at": now}
    )


def end_lock(post: Post) -> None:
    """Nobody writes in the article any more: it went on its way."""
    if lock_of(post) is not None:
        EditLock.objects.filter(post=post).delete()


def content_differs(post: Post, content: Content) -> bool:
    """Would storing this tidied version change anything? One query."""
    return Content.of(post).as_json() != content.as_json()


def only_existing(post: Post, content: Content) -> Content:
    """A version without the files, headings and pages that are gone since."""
    ids = {asset_id for asset_id, _ in content.files} | ({content.cover_id} if content.cover_id else set())
    ids |= {image["asset"] for image in content.facts.get("images", ())}
    kept = set(Asset.objects.filter(unit=post.unit_id, pk__in=ids).values_list("pk", flat=True))
    pages = {content.parent_id} - {None}
    has_parent = Post.objects.filter(unit=post.unit_id, pk__in=pages).exclude(pk=post.pk).exists()
    has_category = Category.objects.filter(
        unit=post.unit_id, channel=post.channel, pk=content.category_id or 0
    ).exists()
    facts = dict(content.facts)
    if "images" in facts:
        facts["images"] = [image for image in facts["images"] if image["asset"] in kept]
    return content.replaced(
        files=tuple(file for file in content.files if file[0] in kept),
        cover_id=content.cover_id if content.cover_id in kept else None,
        parent_id=content.parent_id if has_parent else None,
        category_id=content.category_id if has_category else None,
        facts=facts,
    )


def is_open(post: Post, acts: Set[Act]) -> bool:
    """May this person change the working copy now?"""
    return may_edit(State(post.state), acts)


def _require_open(post: Post, acts: Set[Act]) -> None:
    if not is_open(post, acts):
        raise errors.NotOpen


def _change(post: Post, content: Content) -> None:
    post.state = state_after_saving(State(post.state))
    assets = read_assets(post.unit_id, content, live_content(post))
    note_usages(post, store(post, content, assets=assets), assets=assets)


def _mark(post: Post, *, by: str) -> None:
    """Make a version of what was saved by itself, unless it is one already; whoever writes on may delete any of it."""
    content = Content.of(post).as_json()
    last = Revision.objects.filter(post=post).exclude(kind=RevisionKind.KEPT).first()
    is_untouched = last is None and post.version <= 1
    if not is_untouched and (last is None or last.content != content):
        add_revision(post, Content.of(post), kind=RevisionKind.SAVED, by=by)


def keep(post: Post, content: Content, *, by: str) -> int:
    """Keep words that may not replace the working copy; the same words once."""
    last = Revision.objects.filter(post=post, kind=RevisionKind.KEPT).first()
    if last is not None and last.content == content.as_json():
        return last.number
    kept = add_revision(post, content, kind=RevisionKind.KEPT, by=by)
    return kept.number
