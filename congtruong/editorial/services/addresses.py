"""The address of an article, and drafts nobody wrote anything in."""

import re
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from congtruong.core import audit
from congtruong.editorial import errors
from congtruong.editorial.enums import State
from congtruong.editorial.models import Post
from congtruong.editorial.services.showing import show
from congtruong.editorial.services.writing import locked
from congtruong.publication.enums import Channel
from congtruong.units.scoping import everywhere, unit_scope

_ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EMPTY_AFTER = timedelta(days=1)


@transaction.atomic
def change_address(*, post: Post, address: str, by: str) -> tuple[Post, str]:
    """Let the article stand at another address; returns the path at which the public knew it, or an empty text.

    Raises `AddressInvalid` or `AddressTaken`.
    """
    post = locked(post)
    if len(address) > 80 or not _ADDRESS.fullmatch(address):
        raise errors.AddressInvalid
    if address == post.slug:
        return post, ""
    if Post.objects.filter(unit=post.unit_id, channel=post.channel, slug=address).exists():
        raise errors.AddressTaken
    before = f"/{post.channel}/{post.slug}/" if post.published_at is not None else ""
    old, post.slug = post.slug, address
    post.save(update_fields=["slug", "updated_at"])
    if post.live is not None:
        show(post)
    if post.channel == Channel.PAGE:
        # Pages below name the address of the one above.
        for child in Post.objects.filter(parent=post, live__isnull=False).select_related("live", "unit"):
            show(child)
    audit.record(
        "editorial.post.moved", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk, old=old, new=address
    )
    return post, before


def remove_empty_drafts(*, now: datetime, most: int = 200) -> int:
    """Delete drafts that were begun more than a day ago and hold nothing, in all units; returns how many."""
    with everywhere("the scheduler looks for drafts that nobody wrote anything in"):
        found = list(_empty(now).values_list("unit_id", "pk")[:most])
    removed = 0
    for unit_id, pk in found:
        with unit_scope(unit_id), transaction.atomic():
            # Read again behind the lock: somebody may have begun to write.
            draft = _empty(now).select_for_update(of=("self",)).filter(unit=unit_id, pk=pk).first()
            if draft is not None:
                draft.delete()
                removed += 1
    return removed


def _empty(now: datetime) -> models.QuerySet[Post]:
    return Post.objects.filter(
        state=State.DRAFT,
        title="",
        summary="",
        body="",
        cover=None,
        live=None,
        published_at=None,
        facts={},
        updated_at__lt=now - _EMPTY_AFTER,
        attachments=None,
        revisions=None,
    ).filter(Q(document=None) | Q(document__symbol=""))
