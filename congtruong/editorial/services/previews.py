"""Secret addresses at which a working copy is read as visitors will see it. The caller has entered the unit's scope."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from congtruong.core import audit, clock
from congtruong.editorial.models import Post, PreviewLink
from congtruong.editorial.services.content import Content
from congtruong.editorial.services.showing import published
from congtruong.editorial.services.storing import read_assets, used_ids
from congtruong.media.models import Asset
from congtruong.publication.models import Entry
from congtruong.publication.services import unsaved
from congtruong.units.models import Unit

LASTS = timedelta(days=7)
# More than anybody looks at; the oldest makes room.
_MOST = 10


@transaction.atomic
def make_preview(*, post: Post, by: str) -> str:
    """A new secret address for a week; returns its token, which is kept nowhere."""
    now, token = clock.now(), secrets.token_urlsafe(32)
    PreviewLink.objects.filter(post=post, expires_at__lte=now).delete()
    extra = PreviewLink.objects.filter(post=post).order_by("-pk").values_list("pk", flat=True)[_MOST - 1 :]
    PreviewLink.objects.filter(pk__in=list(extra)).delete()
    PreviewLink.objects.create(
        unit_id=post.unit_id, post=post, digest=_digest(token), made_by=by[:200], expires_at=now + LASTS
    )
    audit.record("editorial.preview.made", unit_id=post.unit_id, subject=post.title, by=by, post_id=post.pk)
    return token


@transaction.atomic
def revoke_preview(*, link: PreviewLink, by: str) -> None:
    """From now on nobody reads anything at this address."""
    audit.record(
        "editorial.preview.revoked", unit_id=link.unit_id, subject=link.post.title, by=by, post_id=link.post_id
    )
    link.delete()


def preview_link(unit: Unit, token: str, now: datetime) -> PreviewLink | None:
    """The link behind a token of this unit, as long as it lasts; one query."""
    links = PreviewLink.objects.filter(unit=unit, digest=_digest(token), expires_at__gt=now)
    return links.select_related("post__unit", "post__category", "post__document").first()


def previewed(post: Post) -> tuple[Entry, list[Asset]]:
    """The working copy as an entry that is stored nowhere, and the files it shows.

    Photos that may not be published are left out here as well: who holds the address may be anybody.
    """
    content = Content.of(post)
    found = read_assets(post.unit_id, content)
    assets = {pk: asset for pk, asset in found.items() if not asset.is_blocked}
    entry = unsaved(content=published(post, content, at=post.published_at or clock.now(), assets=assets))
    entry.unit = post.unit
    return entry, [assets[pk] for pk in sorted(used_ids(content, assets) & assets.keys())]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
