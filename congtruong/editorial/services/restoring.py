"""What a unit wrote, put back from its archive as it stood: states, times and versions included.

Texts are sanitised again: an archive may have been changed on its way. The caller has entered the unit's scope.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from congtruong.core.columns import fill
from congtruong.core.sanitize import clean_article
from congtruong.core.text import fold
from congtruong.editorial import errors
from congtruong.editorial.models import Category, Document, Post, PostFile, Revision
from congtruong.editorial.services.content import Content
from congtruong.editorial.services.showing import show
from congtruong.editorial.services.storing import note_usages
from congtruong.units.models import Unit

_RELATIONS = frozenset(
    {"id", "unit", "category", "cover", "parent", "live", "writer", "post", "type", "relations", "content"}
)


def restore_category(*, unit: Unit, facts: Mapping[str, Any]) -> Category:
    """Raises `ValidationError` for facts that no category has."""
    category = Category(unit=unit)
    fill(category, facts, but=_RELATIONS)
    category.save(force_insert=True)
    return category


@transaction.atomic
def restore_post(
    *,
    unit: Unit,
    facts: Mapping[str, Any],
    category_id: int | None,
    cover_id: int | None,
    files: list[tuple[int, str]],
    register: Mapping[str, Any] | None,
    type_id: int | None,
) -> Post:
    """The working copy with its files and register data; relations to other posts follow in `restore_relations`."""
    post = Post(unit=unit, category_id=category_id, cover_id=cover_id)
    fill(post, facts, but=_RELATIONS)
    post.body, post.search_title = clean_article(post.body), fold(post.title)
    kept: dict[str, datetime | None] = {"created_at": post.created_at, "updated_at": post.updated_at}
    post.save(force_insert=True)
    Post.objects.filter(pk=post.pk).update(**{name: value for name, value in kept.items() if value is not None})
    PostFile.objects.bulk_create(
        PostFile(unit=unit, post=post, asset_id=asset_id, label=label[:200], order=order)
        for order, (asset_id, label) in enumerate(files)
    )
    if register is not None:
        document = Document(unit=unit, post=post, type_id=type_id)
        fill(document, register, but=_RELATIONS)
        document.save(force_insert=True)
    return post


def restore_relations(*, post: Post, parent_id: int | None, relations: list[dict[str, Any]]) -> None:
    """What a post says of other posts of the unit, once these are there."""
    if parent_id is not None:
        Post.objects.filter(pk=post.pk).update(parent_id=parent_id)
    if relations:
        Document.objects.filter(post=post).update(relations=relations)


def restore_revision(*, post: Post, facts: Mapping[str, Any], content: Mapping[str, Any]) -> Revision:
    """One version; its content has the ids of this database."""
    revision = Revision(unit_id=post.unit_id, post=post, content={**content, "body": clean_article(content["body"])})
    # Read once now, so that a broken version stops the restoring and not a visitor.
    Content.from_json(revision.content)
    fill(revision, facts, but=_RELATIONS)
    saved_at = revision.saved_at
    revision.save(force_insert=True)
    if saved_at is not None:
        Revision.objects.filter(pk=revision.pk).update(saved_at=saved_at)
    return revision


def finish_post(*, post: Post, live: Revision | None) -> Post:
    """Show what was public, and tell the library which files are used."""
    if live is not None and live.post_id != post.pk:
        raise errors.AnotherUnit
    # Not `save`: the times of the last change stay.
    Post.objects.filter(pk=post.pk).update(live=live)
    post = Post.objects.select_related("live", "unit").get(pk=post.pk)
    note_usages(post, Content.of(post))
    if post.live is not None:
        show(post)
    return post
