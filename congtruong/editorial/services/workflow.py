"""From draft to public and back (TT 37/2020, article 11). The caller has entered the unit's scope."""

import logging
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from congtruong.core import audit, clock
from congtruong.core.errors import DomainError
from congtruong.core.text import slug, squeeze
from congtruong.delivery.errors import DueInPast
from congtruong.delivery.services import ask, stop_asking
from congtruong.editorial import errors
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import Post
from congtruong.editorial.pipeline.body import missing_alts
from congtruong.editorial.rules import may_take, state_after_saving
from congtruong.editorial.services.content import Content
from congtruong.editorial.services.guard import findings
from congtruong.editorial.services.showing import is_sent_below, replace_relations, show
from congtruong.editorial.services.storing import (
    add_revision,
    album_ids,
    live_content,
    note_usages,
    read_assets,
    store,
    tidied,
    used_ids,
)
from congtruong.editorial.services.writing import PROVISIONAL, Written, end_lock, is_open, keep, locked
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.services import withdraw
from congtruong.units.rules.duties import Act
from congtruong.units.scoping import everywhere, unit_scope

logger = logging.getLogger(__name__)

APPROVER = frozenset({Act.WRITE, Act.APPROVE})


def submit_post(*, post: Post, acts: Set[Act], by: str, guard_reason: str = "", written: Written | None = None) -> Post:
    """Hand a finished article to who approves; `written` is stored first, in the same step.

    Raises `StepNotPossible`, what `check_complete` raises, `PersonalData` when some was found and no reason given, or
    `Overtaken` when others wrote meanwhile.
    """
    with _behind_kept(post, written, by):
        begun = _begin("submit", post, acts, written)
        post = begun.post
        _check(begun, guard_reason)
        check_pictures(begun.content, begun.assets)
        post.state, post.submitted_at, post.submitted_by = State.SUBMITTED, clock.now(), by[:200]
        post.return_reason, post.guard_reason = "", squeeze(guard_reason)
        post.save()
        if begun.is_changed:
            note_usages(post, begun.content, assets=begun.assets)
        add_revision(post, begun.content, kind=RevisionKind.SUBMITTED, by=by)
        end_lock(post)
        _end("submitted", post, by)
        return post


@transaction.atomic
def recall_post(*, post: Post, acts: Set[Act], by: str) -> Post:
    """Take an article back before anybody decided, to go on writing."""
    post = _begin("recall", post, acts).post
    post.state = State.DRAFT
    post.save(update_fields=["state", "updated_at"])
    _end("recalled", post, by)
    return post


@transaction.atomic
def return_post(*, post: Post, reason: str, acts: Set[Act], by: str) -> Post:
    """Send an article back to its writer; `reason` says what to change."""
    if not squeeze(reason):
        raise errors.ReasonMissing
    post = _begin("return", post, acts).post
    post.state, post.return_reason = State.RETURNED, reason.strip()
    post.save(update_fields=["state", "return_reason", "updated_at"])
    _end("returned", post, by, reason=post.return_reason)
    return post


def approve_post(
    *,
    post: Post,
    acts: Set[Act],
    by: str,
    publish: bool = True,
    guard_reason: str = "",
    at: datetime | None = None,
    written: Written | None = None,
    seen: int | None = None,
) -> Post:
    """Answer for an article: it is published now, or at the time its writer asked for; or only approved.

    `at` is the time of publication of things that were published elsewhere before; never a time to come (`NotYet`).
    `written` is stored first, in the same step; with `seen`, the version that was read, nobody approves what he has not
    read (`ChangedElsewhere`). Raises what `submit_post` raises.
    """
    now = clock.now()
    if at is not None and at > now:
        raise errors.NotYet
    with _behind_kept(post, written, by):
        begun = _begin("approve", post, acts, written)
        if seen is not None and seen != begun.post.version:
            raise errors.ChangedElsewhere
        post, content = begun.post, begun.content
        _check(begun, guard_reason or post.guard_reason)
        post.guard_reason = squeeze(guard_reason or post.guard_reason)
        if not publish or (at is None and post.publish_at is not None and post.publish_at > now):
            if any(asset.is_blocked for pk, asset in begun.assets.items() if pk in used_ids(content, begun.assets)):
                raise errors.ConsentMissing
            post.state = State.SCHEDULED if publish else State.APPROVED
            post.save()
            add_revision(post, content, kind=RevisionKind.APPROVED, by=by)
            note_usages(post, content, assets=begun.assets)
            _end("scheduled" if publish else "approved", post, by)
        else:
            _make_public(post, content, at=at or now, by=by, assets=begun.assets)
        return post


@transaction.atomic
def withdraw_post(*, post: Post, reason: str, by: str) -> Post:
    """Take a post and the files that stand nowhere else off every portal before this returns.

    Raises `StepNotPossible` when the public does not see it.
    """
    post = locked(post)
    if post.live is None:
        raise errors.StepNotPossible
    _hide(post, State.WITHDRAWN)
    _end("withdrawn", post, by, reason=reason)
    return post


@transaction.atomic
def archive_post(*, post: Post, acts: Set[Act], by: str) -> Post:
    """Put away what is not public any more: it stays in the archive, out of the daily lists."""
    post = _begin("archive", post, acts).post
    if post.live is not None:
        raise errors.StepNotPossible
    post.state = State.ARCHIVED
    post.save(update_fields=["state", "updated_at"])
    _end("archived", post, by)
    return post


@transaction.atomic
def reopen_post(*, post: Post, acts: Set[Act], by: str) -> Post:
    """Take an archived post up again as a draft."""
    post = _begin("reopen", post, acts).post
    post.state = State.DRAFT
    post.save(update_fields=["state", "updated_at"])
    _end("reopened", post, by)
    return post


@transaction.atomic
def pin_post(*, post: Post, is_pinned: bool, by: str) -> Post:
    """Pin a published post to the top of its lists, or let it go, without waiting for anything else in its draft."""
    post = locked(post)
    if post.live is None:
        raise errors.StepNotPossible
    content = Content.from_json(post.live.content).replaced(is_pinned=is_pinned)
    post.is_pinned = is_pinned
    post.live = add_revision(post, content, kind=RevisionKind.PUBLISHED, by=by, note="Ghim" if is_pinned else "Bỏ ghim")
    post.save(update_fields=["is_pinned", "live", "updated_at"])
    show(post)
    _end("pinned" if is_pinned else "unpinned", post, by)
    return post


def run_due(*, now: datetime, most: int = 200) -> int:
    """Publish what was scheduled and take away what has run out, in all units; returns how many.

    Each post is a transaction of its own: one that fails is reported and stops no other.
    """
    with everywhere("the scheduler looks for posts whose time has come"):
        due = list(Post.objects.filter(state=State.SCHEDULED, publish_at__lte=now).values_list("unit_id", "pk")[:most])
        ended = list(Post.objects.filter(live_until__lte=now).values_list("unit_id", "pk")[:most])
    steps = [(unit_id, pk, _publish_due) for unit_id, pk in due] + [(unit_id, pk, _expire) for unit_id, pk in ended]
    done = 0
    for unit_id, pk, step in steps:
        try:
            with unit_scope(unit_id), transaction.atomic():
                done += step(pk, now)
        except DomainError as error:
            logger.warning("Post %d of unit %d: %s", pk, unit_id, error.code)
    return done


def check_complete(post: Post, content: Content) -> None:
    """Everything a published article needs. Raises the first `DomainError` that a person has to mend."""
    if not content.title:
        raise errors.TitleMissing
    if content.source_url and not content.source_name:
        raise errors.SourceMissing
    missing = missing_alts(content.body)
    if missing:
        raise errors.AltMissing(missing)
    register = content.register
    if post.channel == Channel.DOCUMENT and (
        register is None or not all((register.issuer, register.type_id, register.issued_on))
    ):
        raise errors.RegisterMissing
    _check_term(post, content)
    if content.expires_at is not None and content.expires_at <= (content.publish_at or clock.now()):
        raise errors.DatesReversed


def _check_term(post: Post, content: Content) -> None:
    """What is asked of units anew leaves them time. Raises `DueInPast`."""
    if not content.asks or content.asks_due_at is None:
        return
    before = live_content(post)
    is_new = before is None or before.asks_due_at != content.asks_due_at
    if is_new and content.asks_due_at <= (content.publish_at or clock.now()):
        raise DueInPast


def check_pictures(content: Content, assets: dict[int, Asset]) -> None:
    """Every picture says what it shows, and may be shown. Raises `AltMissing` or `ConsentMissing`."""
    named = album_ids(content) | ({content.cover_id} if content.cover_id is not None else set())
    missing = missing_alts(content.body) + sum(1 for pk in named if pk in assets and assets[pk].lacks_alt)
    if missing:
        raise errors.AltMissing(missing)
    used = used_ids(content, assets)
    if any(asset.is_blocked for pk, asset in assets.items() if pk in used):
        raise errors.ConsentMissing


@dataclass(frozen=True, slots=True)
class _Begun:
    """An article held against everybody else, with its words and the files these and the live version refer to."""

    post: Post
    content: Content
    assets: dict[int, Asset]
    is_changed: bool


class _Behind(Exception):
    """Other words were stored since the person's page began."""


@contextmanager
def _behind_kept(post: Post, written: Written | None, by: str) -> Iterator[None]:
    """One transaction; words that came too late are kept in one of their own and `Overtaken` is raised."""
    try:
        with transaction.atomic():
            yield
    except _Behind as behind:
        if written is None:
            raise
        with transaction.atomic():
            number = keep(locked(post), tidied(written.content), by=by)
        raise errors.Overtaken(number) from behind


def _check(begun: _Begun, guard_reason: str) -> None:
    check_complete(begun.post, begun.content)
    if squeeze(guard_reason):
        return
    if any(found.finding.must_explain for found in findings(begun.post, begun.content, assets=begun.assets)):
        raise errors.PersonalData


def _begin(step: str, post: Post, acts: Set[Act], written: Written | None = None) -> _Begun:
    post = locked(post)
    content = Content.of(post)
    wanted = tidied(written.content) if written is not None else content
    is_changed = wanted.as_json() != content.as_json()
    if is_changed:
        if not is_open(post, acts):
            raise errors.NotOpen
        if written is not None and written.version != post.version:
            raise _Behind
        post.state = state_after_saving(State(post.state))
    if not may_take(step, State(post.state), acts):
        raise errors.StepNotPossible
    assets = read_assets(post.unit_id, wanted, live_content(post)) if step in _READING else {}
    if is_changed:
        store(post, wanted, assets=assets, saves=False)
    return _Begun(post, wanted, assets, is_changed)


# Steps that look at the files.
_READING = frozenset({"submit", "approve"})


def _end(event: str, post: Post, by: str, **detail: Any) -> None:
    audit.record(f"editorial.post.{event}", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk, **detail)


def _make_public(
    post: Post, content: Content, *, at: datetime, by: str, assets: dict[int, Asset] | None = None
) -> None:
    is_first, is_new = post.published_at is None, post.live is None
    asked_before = bool(post.live is not None and post.live.content.get("asks"))
    if is_first:
        post.slug = free_slug(post)
    post.changed_at = clock.now() if post.live is not None else post.changed_at
    post.published_at = post.published_at or at
    post.state, post.live_until, post.publish_at = State.PUBLISHED, content.expires_at, None
    post.live = add_revision(post, content, kind=RevisionKind.PUBLISHED, by=by)
    post.save()
    end_lock(post)
    if assets is None:
        assets = read_assets(post.unit_id, content)
    note_usages(post, content, assets=assets, publishes=True)
    show(post, assets=assets, is_new=is_new)
    _ask(post, content, by=by, asked_before=asked_before)
    _end("published", post, by, **({"guard_reason": post.guard_reason} if post.guard_reason else {}))


def _ask(post: Post, content: Content, *, by: str, asked_before: bool) -> None:
    """Ask of the units below what the writer chose; what was asked in another way is left alone."""
    if content.asks and is_sent_below(post):
        ask(
            unit=post.unit,
            kind=EntryKind.POST,
            object_id=post.pk,
            asks=content.asks,
            due_at=content.asks_due_at,
            by=by,
            was_planned=True,
        )
    elif asked_before:
        stop_asking(unit=post.unit, kind=EntryKind.POST, object_id=post.pk, by=by)


def free_slug(post: Post) -> str:
    """An address from the title that no other post of the channel has; an address somebody chose stays."""
    if not post.slug.startswith(PROVISIONAL):
        return post.slug
    wanted = slug(post.title)
    taken = set(
        Post.objects.filter(unit=post.unit_id, channel=post.channel, slug__startswith=wanted)
        .exclude(pk=post.pk)
        .values_list("slug", flat=True)
    )
    number = 1
    while (wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return wanted if number == 1 else f"{wanted}-{number}"


def _hide(post: Post, state: State) -> None:
    post.live, post.live_until, post.state = None, None, state
    post.save(update_fields=["live", "live_until", "state", "updated_at"])
    withdraw(kind=EntryKind.POST, object_id=post.pk)
    if post.channel == Channel.DOCUMENT:
        replace_relations(post, set())
    note_usages(post, Content.of(post))


def _publish_due(pk: int, now: datetime) -> int:
    post = Post.objects.select_for_update(of=("self",)).select_related("live", "unit").get(pk=pk)
    if post.state != State.SCHEDULED or post.publish_at is None or post.publish_at > now:
        return 0
    _make_public(post, Content.of(post), at=post.publish_at, by="Hẹn giờ")
    return 1


def _expire(pk: int, now: datetime) -> int:
    post = Post.objects.select_for_update(of=("self",)).select_related("live", "unit").get(pk=pk)
    if post.live_until is None or post.live_until > now:
        return 0
    # A draft of a new version stays a draft.
    _hide(post, State.EXPIRED if post.state == State.PUBLISHED else State(post.state))
    _end("expired", post, "Hẹn giờ")
    return 1
