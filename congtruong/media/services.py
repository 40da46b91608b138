"""Files and images of a unit: checked by content, stored under an unguessable key, renditions made at once."""

import hashlib
import io
import secrets
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from congtruong.core.text import slug
from congtruong.media import errors
from congtruong.media.checks.content import IMAGES, content_type
from congtruong.media.models import Asset
from congtruong.units.models import Unit

MOST_BYTES = 50 * 1024 * 1024
MOST_PIXELS = 60_000_000
WIDTHS = (480, 960, 1600)
_TALLEST_WEBP = 16_383
# What Pillow raises for damaged images and damaged metadata, depending on the format.
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    struct.error,
    Image.DecompressionBombError,
)


@dataclass(frozen=True, slots=True)
class _Rendition:
    name: str
    width: int
    height: int
    body: bytes


def add_asset(*, unit: Unit, body: bytes, name: str, alt: str = "", by: str) -> Asset:
    """Store a file of the current unit; the same bytes under the same name are stored once.

    Images lose their metadata (place and time of the photo) and get WebP renditions now, so that no visitor waits.
    Raises `FileEmpty`, `FileTooLarge`, `ImageBroken` or `FileRefused`.
    """
    if not body:
        raise errors.FileEmpty
    if len(body) > MOST_BYTES:
        raise errors.FileTooLarge
    kind = content_type(body, name)
    if kind is None:
        raise errors.FileRefused
    name = _safe_name(name)
    digest = hashlib.sha256(body).hexdigest()
    existing = Asset.objects.filter(unit=unit, sha256=digest, name=name).first()
    if isinstance(existing, Asset):
        return existing

    renditions = _renditions(body) if kind in IMAGES else []
    asset = Asset(
        unit=unit,
        key=secrets.token_urlsafe(16),
        kind=Asset.Kind.IMAGE if renditions else Asset.Kind.FILE,
        name=name,
        content_type=kind,
        size=len(body),
        sha256=digest,
        alt=alt,
        width=renditions[-1].width if renditions else None,
        height=renditions[-1].height if renditions else None,
        renditions=[{"name": r.name, "width": r.width, "height": r.height, "size": len(r.body)} for r in renditions],
    )
    with transaction.atomic():
        # Bytes first: a row never points to a file that is not there; an orphaned file costs only space.
        for rendition in renditions:
            default_storage.save(f"{asset.folder}/{rendition.name}", ContentFile(rendition.body))
        if not renditions:
            default_storage.save(f"{asset.folder}/{name}", ContentFile(body))
        asset.save(force_insert=True)
    return asset


def make_public(*, assets: Iterable[Asset]) -> None:
    """Let visitors fetch these files: they now stand in something published."""
    Asset.objects.filter(pk__in=[asset.pk for asset in assets], is_public=False).update(is_public=True)


def make_private(*, assets: Iterable[Asset]) -> None:
    """Take files away from visitors: nothing published shows them any more."""
    Asset.objects.filter(pk__in=[asset.pk for asset in assets], is_public=True).update(is_public=False)


def _safe_name(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{slug(stem)}.{slug(extension, most=8)}" if dot else slug(name)


def _renditions(body: bytes) -> list[_Rendition]:
    """WebP copies at each width the image can fill, smallest first; always at least one."""
    try:
        with Image.open(io.BytesIO(body)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise errors.FileTooLarge
            image = ImageOps.exif_transpose(opened).convert("RGB")
            image.thumbnail((image.width, _TALLEST_WEBP))
    except _UNREADABLE as problem:
        raise errors.ImageBroken from problem
    made = []
    for width in sorted({min(width, image.width) for width in WIDTHS}):
        height = max(1, round(image.height * width / image.width))
        buffer = io.BytesIO()
        image.resize((width, height), Image.Resampling.LANCZOS).save(buffer, "WEBP", quality=72, method=4)
        made.append(_Rendition(f"{width}.webp", width, height, buffer.getvalue()))
    return made
