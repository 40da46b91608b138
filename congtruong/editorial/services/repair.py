"""The public form of what is live, written anew."""

from django.db import transaction

from congtruong.editorial.models import Post
from congtruong.editorial.services.content import Content
from congtruong.editorial.services.showing import show
from congtruong.editorial.services.storing import note_usages
from congtruong.media.models import Asset, Usage
from congtruong.publication.enums import EntryKind
from congtruong.units.models import Unit


@transaction.atomic
def show_again(*, unit: Unit) -> set[tuple[EntryKind, int]]:
    """Write the public form of everything the unit has live anew; returns what is public."""
    shown: set[tuple[EntryKind, int]] = set()
    for post in Post.objects.filter(unit=unit, live__isnull=False).select_related("live", "unit"):
        note_usages(post, Content.of(post))
        show(post)
        shown.add((EntryKind.POST, post.pk))
    return shown


@transaction.atomic
def show_users_again(*, unit: Unit, asset: Asset) -> int:
    """Write the posts that show a file anew, after the file may be shown no more or again; returns how many."""
    ids = Usage.objects.filter(unit=unit, asset=asset, kind=EntryKind.POST).values_list("object_id", flat=True)
    posts = Post.objects.filter(unit=unit, pk__in=list(ids), live__isnull=False).select_related("live", "unit")
    for post in posts:
        note_usages(post, Content.of(post))
        show(post)
    return len(posts)
