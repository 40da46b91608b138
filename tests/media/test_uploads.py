"""Files sent in parts: put together in order, per unit and person, bounded, forgotten after a day."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadhandler import SkipFile
from hypothesis import given
from hypothesis import strategies as st

from congtruong.media import errors
from congtruong.media.checks.intake import Intake
from congtruong.media.models import Asset
from congtruong.media.services import assets, receive_part, remove_abandoned, uploads
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_unit, picture

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

UPLOAD = "tep-so-1"
PDF = b"%PDF-1.4 noi dung cua tep"


def send(unit: Unit, body: bytes, offset: int, total: int = len(PDF), **fields: Any) -> Asset | int:
    with unit_scope(unit.pk):
        return receive_part(
            unit=unit,
            person_id=fields.pop("person_id", 1),
            upload=fields.pop("upload", UPLOAD),
            offset=offset,
            total=total,
            body=body,
            name=fields.pop("name", "Kế hoạch.pdf"),
            shows_children=fields.pop("shows_children", False),
            by=BY,
        )


def waiting() -> list[str]:
    root = Path(django_settings.UPLOADS_ROOT)
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def stored_count(unit: Unit) -> int:
    with unit_scope(unit.pk):
        return Asset.objects.count()


def test_parts_become_the_file(unit: Unit) -> None:
    body = picture(300, 200)
    total = len(body)

    answers = [send(unit, body[at : at + 100], at, total, name="ảnh.png") for at in range(0, total, 100)]

    asset = answers[-1]
    assert isinstance(asset, Asset)
    assert answers[:-1] == list(range(100, total, 100))
    assert (asset.name, asset.size, asset.width, asset.unit_id) == ("anh.png", total, 300, unit.pk)
    assert waiting() == []


def test_part_that_does_not_follow_tells_where_to_go_on(unit: Unit) -> None:
    assert send(unit, PDF[:10], 0) == 10

    for body, offset in ((PDF[:10], 0), (PDF[12:], 12), (PDF[5:], 5)):
        with pytest.raises(errors.PartMisplaced) as caught:
            send(unit, body, offset)
        assert caught.value.offset == 10

    asset = send(unit, PDF[10:], 10)
    assert isinstance(asset, Asset)
    assert asset.size == len(PDF)


def test_sender_who_missed_the_last_answer_gets_the_same_file_again(unit: Unit) -> None:
    send(unit, PDF[:10], 0)
    first = send(unit, PDF[10:], 10)
    with pytest.raises(errors.PartMisplaced) as caught:
        send(unit, PDF[10:], 10)
    assert (caught.value.offset, waiting()) == (0, [])

    send(unit, PDF[:10], 0)

    assert send(unit, PDF[10:], 10) == first
    assert stored_count(unit) == 1


def test_units_and_persons_never_meet(unit: Unit) -> None:
    other = make_unit()
    send(unit, PDF[:10], 0)
    send(unit, PDF[:4], 0, person_id=2)
    send(other, PDF[:6], 0)

    assert waiting() == sorted(
        [
            f"u{unit.pk}/p1/{UPLOAD}.phan",
            f"u{unit.pk}/p2/{UPLOAD}.phan",
            f"u{other.pk}/p1/{UPLOAD}.phan",
        ]
    )
    with pytest.raises(errors.PartMisplaced) as caught:
        send(other, PDF[10:], 10)
    assert caught.value.offset == 6
    assert isinstance(send(unit, PDF[10:], 10), Asset)
    assert (stored_count(unit), stored_count(other)) == (1, 0)


@pytest.mark.parametrize(
    "upload", ["", "ngan", "../../../etc", "a" * 65, "a/bcdefghi", "tệp-số-1", "a.bcdefghi", "\0" * 9]
)
def test_names_that_could_leave_the_folder_are_refused(unit: Unit, upload: str) -> None:
    with pytest.raises(errors.PartRefused):
        send(unit, PDF[:10], 0, upload=upload)

    assert waiting() == []


def test_file_announced_as_too_large_is_refused_at_its_first_part(unit: Unit) -> None:
    with pytest.raises(errors.FileTooLarge):
        send(unit, PDF, 0, 200 * 1024 * 1024)

    assert waiting() == []


def test_sender_who_lied_about_the_size_is_stopped(unit: Unit) -> None:
    send(unit, PDF[:10], 0, 15)

    with pytest.raises(errors.PartRefused):
        send(unit, PDF[10:], 10, 15)

    assert (waiting(), stored_count(unit)) == ([], 0)


@pytest.mark.parametrize(
    ("body", "offset", "total", "problem"),
    [
        (b"", 0, 0, errors.FileEmpty),
        (b"", 0, 10, errors.PartRefused),
        (PDF, -1, 100, errors.PartRefused),
        (b"x" * (4 * 1024 * 1024 + 1), 0, 10_000_000, errors.PartRefused),
        (b"<svg onload='alert(1)'/>", 0, 24, errors.SvgRefused),
        (b"\x89PNG\r\n\x1a\n", 0, 8, errors.ImageBroken),
    ],
)
def test_bad_parts_are_refused_and_leave_nothing(
    unit: Unit, body: bytes, offset: int, total: int, problem: type[errors.FileRefused]
) -> None:
    with pytest.raises(problem):
        send(unit, body, offset, total)

    assert (waiting(), stored_count(unit)) == ([], 0)


def test_full_unit_is_told_at_the_first_part(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "quota", lambda: len(PDF) - 1)

    with pytest.raises(errors.QuotaFull):
        send(unit, PDF[:10], 0)

    assert waiting() == []


def test_one_person_cannot_fill_the_disk_with_beginnings(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_MOST_OPEN", 2)
    for number in (1, 2):
        send(unit, PDF[:10], 0, upload=f"tep-so-{number}")

    with pytest.raises(errors.TooManyParts):
        send(unit, PDF[:10], 0, upload="tep-so-3")

    assert send(unit, PDF[:10], 0, upload="tep-so-3", person_id=2) == 10
    assert isinstance(send(unit, PDF[10:], 10, upload="tep-so-1"), Asset)
    assert send(unit, PDF[:10], 0, upload="tep-so-3") == 10


def test_part_sent_many_times_at_once_is_written_once(unit: Unit) -> None:
    """The parts before the last need no database."""

    def attempt(_: int) -> int:
        try:
            receive_part(
                unit=unit,
                person_id=1,
                upload=UPLOAD,
                offset=10,
                total=1000,
                body=b"y" * 10,
                name="a.pdf",
                shows_children=False,
                by=BY,
            )
        except errors.PartMisplaced as problem:
            return -problem.offset
        return 1

    send(unit, PDF[:10], 0, 1000)
    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(attempt, range(8)))

    assert answers == [-20] * 7 + [1]


@given(st.data())
def test_any_order_of_parts_makes_the_file_or_none(data: st.DataObject) -> None:
    """Lost, repeated and swapped parts: whoever follows the offsets he is told arrives at the same bytes."""
    unit = make_unit()
    upload, offset = f"tep-{unit.pk:08d}", 0
    for _ in range(200):
        guess = data.draw(st.one_of(st.just(offset), st.integers(0, len(PDF) - 1)))
        length = data.draw(st.integers(1, 12))
        told: Asset | int
        try:
            answer = send(unit, PDF[guess : guess + length], guess, upload=upload)
        except errors.PartMisplaced as problem:
            told = problem.offset
        else:
            told = answer
        if isinstance(told, Asset):
            assert told.sha256 == hashlib.sha256(PDF).hexdigest()
            return
        assert told == (offset + length if guess == offset else offset)
        offset = told
    raise AssertionError("never finished")


def test_what_was_begun_and_left_is_removed_after_a_day(unit: Unit) -> None:
    for number in (1, 2):
        send(unit, PDF[:10], 0, upload=f"tep-so-{number}")
    old = Path(django_settings.UPLOADS_ROOT) / f"u{unit.pk}" / "p1" / "tep-so-1.phan"
    day_ago = time.time() - 24 * 60 * 60 - 60
    os.utime(old, (day_ago, day_ago))

    assert (remove_abandoned(), remove_abandoned()) == (1, 0)
    assert waiting() == [f"u{unit.pk}/p1/tep-so-2.phan"]


def test_remove_abandoned_finds_nothing_before_the_first_upload() -> None:
    assert remove_abandoned() == 0


@pytest.mark.unit
def test_intake_lets_through_what_fits_and_stops_keeping_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("congtruong.media.checks.intake.MOST_BYTES", 10)
    intake = Intake()

    assert intake.receive_data_chunk(b"12345", 0) == b"12345"
    assert intake.receive_data_chunk(b"67890", 5) == b"67890"
    with pytest.raises(SkipFile):
        intake.receive_data_chunk(b"1", 10)
    # It keeps nothing itself: the handlers after it do.
    assert not hasattr(intake, "file")
