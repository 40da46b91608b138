"""The tree of pages under Giới thiệu: order among fellows, place below another page.

The public sees the new place at once: it says nothing that somebody would have to approve.
"""

from django.db import transaction

from congtruong.core import audit
from congtruong.editorial import errors
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import Post
from congtruong.editorial.services.content import Content
from congtruong.editorial.services.showing import show
from congtruong.editorial.services.storing import add_revision, check_parent
from congtruong.editorial.services.writing import locked
from congtruong.publication.enums import Channel


@transaction.atomic
def move_page(*, post: Post, step: int, by: str) -> bool:
    """Move a page up (-1) or down (+1) among the pages below the same parent; False where there is no further place."""
    fellows = _fellows(post, post.parent_id)
    place = next((number for number, other in enumerate(fellows) if other.pk == post.pk), None)
    if place is None:
        raise errors.AnotherUnit
    target = place + step
    if not 0 <= target < len(fellows):
        return False
    fellows.insert(target, fellows.pop(place))
    for order, other in enumerate(fellows):
        if other.order != order:
            _put(other, other.parent_id, order, by)
    audit.record("editorial.page.moved", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk)
    return True


@transaction.atomic
def place_page(*, post: Post, parent_id: int | None, by: str) -> Post:
    """Put a page below another one, or with None at the top, behind its new fellows.

    Raises `AnotherUnit`, or `ParentInvalid` when it would stand below itself.
    """
    if post.channel != Channel.PAGE:
        raise errors.AnotherUnit
    post = locked(post)
    if post.parent_id == parent_id:
        return post
    if parent_id is not None:
        check_parent(post, parent_id)
    fellows = _fellows(post, parent_id)
    around = [pk for pk in (post.parent_id, parent_id) if pk is not None]
    names: dict[int | None, str] = dict(Post.objects.filter(pk__in=around).values_list("pk", "title"))
    changes = {"thuộc trang": [names.get(post.parent_id, ""), names.get(parent_id, "")]}
    last = max((other.order for other in fellows), default=-1)
    _put(post, parent_id, last + 1, by)
    audit.record(
        "editorial.page.moved", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk, changes=changes
    )
    return post


def _fellows(post: Post, parent_id: int | None) -> list[Post]:
    """The pages below one parent in their order, held until the transaction ends."""
    rows = Post.objects.filter(unit=post.unit_id, channel=Channel.PAGE, parent=parent_id).exclude(state=State.ARCHIVED)
    return list(rows.order_by("order", "pk").select_for_update(of=("self",)).select_related("live", "unit"))


def _put(post: Post, parent_id: int | None, order: int, by: str) -> None:
    """In the working copy and, where there is one, in the version the public sees; other words stay as they are."""
    post.parent_id, post.order = parent_id, order
    if post.live is None:
        post.save(update_fields=["parent", "order", "updated_at"])
        return
    content = Content.from_json(post.live.content).replaced(parent_id=parent_id, order=order)
    post.live = add_revision(post, content, kind=RevisionKind.PUBLISHED, by=by, note="Đổi chỗ trong cây trang")
    post.save(update_fields=["parent", "order", "live", "updated_at"])
    show(post)
