"""Files and images of a unit: checked by content, stored under an unguessable key, renditions made at once."""

import hashlib
import logging
import secrets
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from congtruong.core import audit, clock, jobs
from congtruong.core.text import slug, squeeze
from congtruong.media import errors, phrases
from congtruong.media.checks.archives import check_archive, check_entries
from congtruong.media.checks.content import ARCHIVES, IMAGES, content_type, ending, why_refused
from congtruong.media.checks.limits import MOST_BYTES
from congtruong.media.enums import BLOCKED, COPIED, Consent
from congtruong.media.models import Asset, Usage
from congtruong.media.pipeline.renditions import Made, make_renditions
from congtruong.media.queries import quota, used_bytes
from congtruong.units.models import Unit

logger = logging.getLogger(__name__)

_MOST_PLACES = 5


def add_asset(
    *,
    unit: Unit,
    body: bytes,
    name: str,
    alt: str = "",
    shows_children: bool = False,
    is_copy: bool = False,
    by: str,
) -> Asset:
    """Store a file of the current unit; the same bytes under the same name are stored once.

    A copy of what a source published (`is_copy`) is nobody's upload: it is left out of the library and of the trail.

    Images lose their metadata (place and time of the photo) and get their renditions now, so that no visitor waits.
    What `shows_children` stays private until their consent is recorded. Raises a `FileRefused`.
    """
    kind = _accepted_type(body, name)
    name = _safe_name(name, kind)
    digest = hashlib.sha256(body).hexdigest()
    existing = Asset.objects.filter(unit=unit, sha256=digest, name=name).first()
    if isinstance(existing, Asset):
        return existing
    check_room(unit=unit, size=len(body))

    made = make_renditions(body) if kind in IMAGES else None
    asset = Asset(
        unit=unit,
        key=secrets.token_urlsafe(16),
        kind=Asset.Kind.IMAGE if made else Asset.Kind.FILE,
        name=name,
        content_type=kind,
        size=len(body),
        stored_size=len(body),
        sha256=digest,
        alt=squeeze(alt)[:300],
        uploaded_by=COPIED if is_copy else by[:200],
    )
    if shows_children:
        asset.consent, asset.consent_by, asset.consent_at = Consent.WAITING, by[:200], clock.now()
    files = {name: body}
    if made:
        files = _describe_image(asset, made)
    try:
        with transaction.atomic():
            # Bytes first: a row never points to a file that is not there; an orphaned file costs only space.
            for file_name, content in files.items():
                default_storage.save(f"{asset.folder}/{file_name}", ContentFile(content))
            asset.save(force_insert=True)
            if not is_copy:
                audit.record("media.asset.added", unit_id=unit.pk, subject=name, by=by, asset_id=asset.pk)
            if not made:
                jobs.enqueue("media.scan", asset_id=asset.pk)
    except IntegrityError:
        # Sent twice at the same moment: the other one was faster.
        _remove_files(asset.folder, list(files))
        return Asset.objects.get(unit=unit, sha256=digest, name=name)
    return asset


def check_room(*, unit: Unit, size: int) -> None:
    """Raise `QuotaFull` unless so many bytes more fit into what the unit may keep."""
    used, most = used_bytes(unit), quota()
    if used + size > most:
        raise errors.QuotaFull(phrases.QUOTA_FULL.format(used=_gigabytes(used), quota=_gigabytes(most)))


@transaction.atomic
def describe_asset(*, asset: Asset, alt: str, caption: str, is_decorative: bool, by: str) -> Asset:
    """Set what blind visitors hear and what stands below the image; a decorative image needs no words."""
    asset.alt = "" if is_decorative else squeeze(alt)[:300]
    asset.caption = squeeze(caption)[:300]
    asset.is_decorative = is_decorative and asset.is_image
    asset.save(update_fields=["alt", "caption", "is_decorative"])
    audit.record("media.asset.described", unit_id=asset.unit_id, subject=asset.name, by=by, asset_id=asset.pk)
    return asset


@transaction.atomic
def set_consent(*, asset: Asset, consent: Consent, note: str, by: str) -> Asset:
    """Record whether the children shown, and their parents, agree.

    Without their consent the photo is taken away from visitors at once, wherever it stands. Raises `ConsentNoteMissing`
    when consent is given by nobody in particular.
    """
    note = squeeze(note)[:300]
    if consent == Consent.GIVEN and not note:
        raise errors.ConsentNoteMissing
    asset = Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk)
    before = asset.consent
    hidden = 0
    if consent in BLOCKED:
        hidden = Usage.objects.filter(asset=asset, is_live=True).update(is_live=False)
        asset.is_public = False
    asset.consent, asset.consent_note = consent, note
    asset.consent_by, asset.consent_at = by[:200], clock.now()
    asset.save(update_fields=["consent", "consent_note", "consent_by", "consent_at", "is_public"])
    audit.record(
        "media.asset.consent_set",
        unit_id=asset.unit_id,
        subject=asset.name,
        by=by,
        asset_id=asset.pk,
        before=before,
        after=str(consent),
        note=note,
        hidden_in=hidden,
    )
    return asset


@transaction.atomic
def delete_asset(*, asset: Asset, by: str) -> None:
    """Remove a file that nothing shows; its bytes go once that is certain. Raises `AssetInUse` naming the places."""
    asset = Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk)
    labels = list(Usage.objects.filter(asset=asset).order_by("pk").values_list("label", flat=True)[: _MOST_PLACES + 1])
    if labels:
        raise _in_use(asset, labels)
    folder, names, pk = asset.folder, asset.stored_names, asset.pk
    try:
        with transaction.atomic():
            asset.delete()
    except (ProtectedError, RestrictedError) as problem:
        raise _in_use(asset, [phrases.IN_USE_SOMEWHERE]) from problem
    audit.record("media.asset.deleted", unit_id=asset.unit_id, subject=asset.name, by=by, asset_id=pk)
    transaction.on_commit(partial(_remove_files, folder, names))


def _in_use(asset: Asset, labels: list[str]) -> errors.AssetInUse:
    places = ", ".join(labels[:_MOST_PLACES]) + (", …" if len(labels) > _MOST_PLACES else "")
    return errors.AssetInUse(phrases.IN_USE.format(name=asset.name, places=places))


def _accepted_type(body: bytes, name: str) -> str:
    if not body:
        raise errors.FileEmpty
    if len(body) > MOST_BYTES:
        raise errors.FileTooLarge
    if body.startswith(b"PK\x03\x04"):
        check_entries(body)
    kind = content_type(body, name)
    if kind is None:
        raise why_refused(body)
    if kind in ARCHIVES:
        check_archive(body)
    return kind


def _safe_name(name: str, kind: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{slug(stem if dot else name)}.{ending(kind, slug(extension, most=8))}"


def _describe_image(asset: Asset, made: Made) -> dict[str, bytes]:
    """Fill in what is kept of an image; returns its files."""
    kept = [made.original, *made.renditions]
    widest = made.renditions[-1]
    asset.width, asset.height = widest.width, widest.height
    asset.original = made.original.row
    asset.renditions = [rendition.row for rendition in made.renditions]
    asset.stored_size = sum(len(rendition.body) for rendition in kept)
    return {rendition.name: rendition.body for rendition in kept}


def _remove_files(folder: str, names: list[str]) -> None:
    for name in names:
        try:
            default_storage.delete(f"{folder}/{name}")
        except Exception:
            # The row is gone, so nobody reaches the file any more; what stays costs only space.
            logger.exception("Could not delete %s/%s", folder, name)


def _gigabytes(size: int) -> str:
    return f"{size / 1024**3:.1f} GB".replace(".", ",")
