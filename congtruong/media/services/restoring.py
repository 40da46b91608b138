"""Files of a unit put back from its archive, byte for byte. The caller has entered the unit's scope."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from congtruong.core.columns import fill
from congtruong.media import errors
from congtruong.media.checks.content import content_type
from congtruong.media.models import Asset
from congtruong.media.services.assets import check_room
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere

_KEY = re.compile(r"[A-Za-z0-9_-]{16,32}")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,118}")
_OWN = frozenset({"id", "unit", "key", "is_public"})


@transaction.atomic
def restore_asset(*, unit: Unit, key: str, facts: Mapping[str, Any], files: Mapping[str, bytes]) -> Asset:
    """Store a file as it was stored elsewhere; under its old key, so that its address stays, unless somebody has it.

    Trusts neither names nor types: raises `FileRefused` when the bytes are not what the facts say, `ValidationError`
    for facts that no asset has, `QuotaFull`.
    """
    asset = Asset(unit=unit, key=key if _KEY.fullmatch(key) and _is_free(key) else secrets.token_urlsafe(16))
    fill(asset, facts, but=_OWN)
    made_at: datetime | None = asset.created_at
    _check_files(asset, files)
    check_room(unit=unit, size=asset.stored_size or asset.size)
    for name, body in files.items():
        default_storage.save(f"{asset.folder}/{name}", ContentFile(body))
    asset.save(force_insert=True)
    Asset.objects.filter(pk=asset.pk).update(created_at=made_at or asset.created_at)
    return asset


def _is_free(key: str) -> bool:
    """Keys are unique over all units; that one is taken is all that is learnt."""
    with everywhere("a restored file keeps its key unless another file has it"):
        return not Asset.objects.filter(key=key).exists()


def _check_files(asset: Asset, files: Mapping[str, bytes]) -> None:
    types = {asset.name: asset.content_type}
    if asset.is_image:
        copies = [*([asset.original] if asset.original else []), *asset.renditions]
        types = {copy["name"]: copy.get("type", "image/webp") for copy in copies}
    for name, body in files.items():
        if not _NAME.fullmatch(name) or content_type(body, name) != types.get(name):
            raise errors.FileRefused
    if asset.is_image and not all(str(kind).startswith("image/") for kind in types.values()):
        raise errors.FileRefused
