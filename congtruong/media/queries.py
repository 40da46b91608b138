"""Public reads of files."""

from dataclasses import dataclass

from django.db.models import Q

from congtruong.media.models import Asset
from congtruong.units.models import Reach, Unit
from congtruong.units.scoping import everywhere


@dataclass(frozen=True, slots=True)
class PublicFile:
    path: str
    name: str
    content_type: str
    etag: str


def public_file(*, unit: Unit, key: str, name: str) -> PublicFile | None:
    """A public file that may be shown on this unit's host: its own, or one of a unit above or below it."""
    with everywhere("a public file is found by its unguessable key, then compared with the tree"):
        asset = Asset.objects.filter(key=key, is_public=True).first()
    if not isinstance(asset, Asset) or not _may_show(unit, asset.unit_id):
        return None
    if asset.kind == Asset.Kind.IMAGE:
        if name not in {rendition["name"] for rendition in asset.renditions}:
            return None
        return PublicFile(f"{asset.folder}/{name}", name, "image/webp", f"{asset.sha256[:16]}-{name}")
    if name != asset.name:
        return None
    return PublicFile(f"{asset.folder}/{name}", name, asset.content_type, asset.sha256[:16])


def _may_show(unit: Unit, owner_id: int) -> bool:
    related = Q(unit=unit, authority=owner_id) | Q(unit=owner_id, authority=unit)
    return owner_id == unit.pk or Reach.objects.filter(related).exists()
