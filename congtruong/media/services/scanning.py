"""The personal-data guard over uploaded files; what it found is kept with the file.

`Asset.scan` is {state, reason, message, findings, at}: state done (then reason and message tell what was left out, if
anything was), unreadable or failed; findings as `Finding.to_json` writes them.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q

from congtruong.core import clock
from congtruong.core.personal_data import Own, find_in_sections
from congtruong.media import phrases
from congtruong.media.checks.extract import extract
from congtruong.media.models import Asset
from congtruong.units.models import Unit
from congtruong.units.queries import canonical_hosts
from congtruong.units.scoping import everywhere, unit_scope

# A file waits so long before it counts as forgotten by a worker that died.
_FORGOTTEN_AFTER = timedelta(minutes=10)
_MOST_AT_ONCE = 50


def scan_asset(*, asset_id: int) -> None:
    """Look into a file once and keep what was found. Images, and files that are gone or were scanned, are left."""
    with everywhere("a queued job knows the file, not yet the unit"):
        asset = (
            Asset.objects.select_related("unit").filter(pk=asset_id, kind=Asset.Kind.FILE, scan__isnull=True).first()
        )
    if not isinstance(asset, Asset):
        return
    with unit_scope(asset.unit_id):
        scan = _scan(asset)
        # By condition: two workers may have looked into the same file.
        Asset.objects.filter(pk=asset.pk, scan__isnull=True).update(scan=scan)


def unscanned(*, now: datetime) -> list[int]:
    """Files whose job was lost with its worker, the oldest first, a bounded number at once."""
    with everywhere("the scheduler queues forgotten files of all units"):
        forgotten = Q(kind=Asset.Kind.FILE, scan__isnull=True, created_at__lt=now - _FORGOTTEN_AFTER)
        return list(Asset.objects.filter(forgotten).order_by("pk").values_list("pk", flat=True)[:_MOST_AT_ONCE])


def _scan(asset: Asset) -> dict[str, Any]:
    try:
        with default_storage.open(f"{asset.folder}/{asset.name}") as opened:
            body = bytes(opened.read())
    except FileNotFoundError:
        return _result("failed", "missing")
    extracted = extract(body, asset.content_type)
    if extracted.unread:
        return _result("unreadable", extracted.unread)
    findings = find_in_sections(extracted.sections, own=_own(asset.unit))
    return _result("done", extracted.partly, [finding.to_json() for finding in findings])


def _result(state: str, reason: str, findings: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "state": state,
        "reason": reason,
        "message": phrases.SCANS.get(reason, ""),
        "findings": findings or [],
        "at": clock.now().isoformat(),
    }


def _own(unit: Unit) -> Own:
    return Own.of(phones=[unit.phone, unit.hotline], emails=[unit.email], domains=canonical_hosts([unit.pk]).values())
