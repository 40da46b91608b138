"""Reads of files: by visitors, and by the staff of their unit."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from congtruong.core.text import search_terms, squeeze
from congtruong.media.enums import COPIED, Consent
from congtruong.media.models import Asset, Usage
from congtruong.units.models import Reach, Unit
from congtruong.units.scoping import everywhere

_ADDED = ~Q(uploaded_by=COPIED)
LACKS_ALT = _ADDED & Q(kind=Asset.Kind.IMAGE, alt="", is_decorative=False)
WAITING = Q(consent=Consent.WAITING)
STOPPED = Q(consent=Consent.STOPPED)
# Rows from before the large copy was kept know the size of what was sent only.
_USED = Coalesce(Sum(Coalesce("stored_size", "size")), 0)


@dataclass(frozen=True, slots=True)
class StoredFile:
    path: str
    name: str
    content_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What the library of a unit holds; `used` in bytes."""

    images: int
    files: int
    lack_alt: int
    waiting: int
    stopped: int
    used: int


def public_file(*, unit: Unit, key: str, name: str) -> StoredFile | None:
    """A public file that may be shown on this unit's host: its own, or one of a unit above or below it."""
    with everywhere("a public file is found by its unguessable key, then compared with the tree"):
        asset = Asset.objects.filter(key=key, is_public=True).first()
    if not isinstance(asset, Asset) or not _may_show(unit, asset.unit_id):
        return None
    return _stored(asset, name, asset.renditions)


def own_file(*, unit: Unit, key: str, name: str) -> StoredFile | None:
    """A file of the unit for its own staff, public or not, the large copy of an image included."""
    asset = Asset.objects.filter(unit=unit, key=key).first()
    if asset is None:
        return None
    return _stored(asset, name, [asset.original, *asset.renditions] if asset.original else asset.renditions)


def library(unit: Unit, *, q: str = "", kind: str = "") -> QuerySet[Asset]:
    """The files people of the unit added, newest first; every word of `q` is part of name, description or caption."""
    found = Asset.objects.filter(_ADDED, unit=unit).order_by("-pk")
    if kind:
        found = found.filter(kind=kind)
    words = squeeze(q)
    if words:
        named = Q()
        for term in search_terms(words):
            named &= Q(name__contains=term)
        described = Q(alt__icontains=words) | Q(caption__icontains=words)
        found = found.filter((named | described) if named else described)
    return found


def counts(unit: Unit) -> Counts:
    """One query."""
    row = Asset.objects.filter(unit=unit).aggregate(
        images=Count("pk", filter=_ADDED & Q(kind=Asset.Kind.IMAGE)),
        files=Count("pk", filter=Q(kind=Asset.Kind.FILE)),
        lack_alt=Count("pk", filter=LACKS_ALT),
        waiting=Count("pk", filter=WAITING),
        stopped=Count("pk", filter=STOPPED),
        used=_USED,
    )
    return Counts(**row)


def usages_of(asset: Asset) -> list[Usage]:
    """Where the file is used, what visitors see first."""
    return list(Usage.objects.filter(asset=asset).order_by("-is_live", "-pk"))


def used_bytes(unit: Unit) -> int:
    return int(Asset.objects.filter(unit=unit).aggregate(used=_USED)["used"])


def quota() -> int:
    """What one unit may keep, in bytes."""
    return int(settings.MEDIA_QUOTA_GB) * 1024**3


def _stored(asset: Asset, name: str, renditions: list[dict[str, str]]) -> StoredFile | None:
    path = f"{asset.folder}/{name}"
    if not asset.is_image:
        return StoredFile(path, name, asset.content_type, asset.sha256[:16]) if name == asset.name else None
    for rendition in renditions:
        if rendition["name"] == name:
            # Rows from before AVIF name no type.
            kind = rendition.get("type", "image/webp")
            return StoredFile(path, name, kind, f"{asset.sha256[:16]}-{name}")
    return None


def _may_show(unit: Unit, owner_id: int) -> bool:
    related = Q(unit=unit, authority=owner_id) | Q(unit=owner_id, authority=unit)
    return owner_id == unit.pk or Reach.objects.filter(related).exists()
