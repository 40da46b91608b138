"""Files are searched for personal data after they arrived; what a dead worker lost is found again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from congtruong.core import clock
from congtruong.core.personal_data import Finding, Kind
from congtruong.media import phrases, tasks
from congtruong.media.models import Asset
from congtruong.media.services import scan_asset, unscanned
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_file, make_image, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SCHOOL_LIST = (Path(__file__).resolve().parents[1] / "data" / "personal_data" / "danh-sach.pdf").read_bytes()


@pytest.fixture
def unit() -> Unit:
    return make_unit(phone="", hotline="0903 111 222")


def scanned(asset: Asset) -> Any:
    """What is kept with the file after the job ran."""
    scan_asset(asset_id=asset.pk)
    return kept(asset)


def kept(asset: Asset) -> Any:
    with unit_scope(asset.unit_id):
        return Asset.objects.get(pk=asset.pk).scan


def test_scan_keeps_what_was_found_without_the_unit_s_own_number(unit: Unit) -> None:
    scan = scanned(make_file(unit, "danh-sach.pdf", SCHOOL_LIST))

    findings = [Finding.from_json(each) for each in scan.pop("findings")]
    assert {finding.kind: finding.count for finding in findings} == {
        Kind.CITIZEN_ID: 5,
        Kind.PHONE: 4,
        Kind.BIRTH_DATE: 5,
        Kind.PUPIL_LIST: 5,
    }
    assert {key: scan[key] for key in ("state", "reason", "message")} == {"state": "done", "reason": "", "message": ""}


def test_scan_of_what_cannot_be_read_says_why(unit: Unit) -> None:
    scan = scanned(make_file(unit, "hong.pdf", b"%PDF-1.4 thu"))

    del scan["at"]
    assert scan == {
        "state": "unreadable",
        "reason": "damaged",
        "message": phrases.SCANS["damaged"],
        "findings": [],
    }


def test_scan_of_a_file_that_is_gone_from_the_storage_fails(unit: Unit) -> None:
    asset = make_file(unit)
    default_storage.delete(f"{asset.folder}/{asset.name}")

    assert scanned(asset)["state"] == "failed"


def test_scan_is_made_once(unit: Unit) -> None:
    asset = make_file(unit)
    first = scanned(asset)

    assert scanned(asset) == first


def test_scan_leaves_images_and_missing_files_alone(unit: Unit) -> None:
    image = make_image(unit)
    scan_asset(asset_id=image.pk + 1000)

    assert scanned(image) is None


def test_scan_touches_no_other_file(unit: Unit) -> None:
    outsider = make_file(make_unit())
    scanned(make_file(unit))

    assert kept(outsider) is None


def test_every_reason_has_a_sentence() -> None:
    reasons = {"old_format", "archive", "no_text", "encrypted", "damaged", "too_costly", "too_long"}

    assert set(phrases.SCANS) == reasons | {"pages_without_text", "missing"}


def queued() -> list[int]:
    rows = DBTaskResult.objects.filter(task_path="congtruong.media.tasks.scan").order_by("enqueued_at")
    return [row.args_kwargs["kwargs"]["asset_id"] for row in rows]


def test_new_file_is_queued_once_it_is_safe(
    unit: Unit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        file = make_file(unit)
        make_image(unit)
        make_file(unit)

    assert queued() == [file.pk]


def test_forgotten_files_of_all_units_are_queued_again(
    unit: Unit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    forgotten = [make_file(unit), make_file(make_unit())]
    done, fresh = make_file(unit, "xong.pdf"), make_file(unit, "moi.pdf")
    make_image(unit)
    scanned(done)
    with unit_scope(unit.pk, forgotten[1].unit_id):
        Asset.objects.exclude(pk=fresh.pk).update(created_at=clock.now() - timedelta(minutes=11))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.queue_unscanned()

    assert sorted(queued()) == sorted(asset.pk for asset in forgotten)
    assert unscanned(now=clock.now() - timedelta(minutes=5)) == []
