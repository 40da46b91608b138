"""Transfers as people start them: looked into, decided on, carried out by workers that may die at any moment."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.editorial.models import Post
from congtruong.editorial.services import approve_post
from congtruong.transfer import errors, phrases, services
from congtruong.transfer.enums import JobKind, JobState, Outcome
from congtruong.transfer.models import Imported, Job
from congtruong.transfer.queries import outcomes_of
from congtruong.transfer.services import importing, jobs
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_post, make_unit, picture

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DATA = Path(__file__).resolve().parents[1] / "data" / "transfer"


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)")


def site() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.write(DATA / "wordpress.xml", "xuat.xml")
        archive.writestr("uploads/2025/09/khai-giang.jpg", picture())
    return buffer.getvalue()


def uploaded(unit: Unit, body: bytes | None = None, name: str = "Trang cũ.zip") -> Job:
    content = site() if body is None else body
    with unit_scope(unit.pk):
        return services.start_reading(unit=unit, file=io.BytesIO(content), name=name, size=len(content), by=BY)


def fresh(job: Job) -> Job:
    with unit_scope(job.unit_id):
        return Job.objects.select_related("unit").get(pk=job.pk)


def reviewed(unit: Unit, **options: Any) -> Job:
    job = uploaded(unit, **options)
    services.read_site(job_id=job.pk)
    return fresh(job)


def started(unit: Unit, *, publish: bool = True, channels: dict[str, str] | None = None, **options: Any) -> Job:
    job = reviewed(unit, **options)
    with unit_scope(unit.pk):
        return services.start_import(job=job, publish=publish, channels=channels or {}, by=BY)


def titles(unit: Unit) -> list[str]:
    with unit_scope(unit.pk):
        return sorted(Post.objects.values_list("title", flat=True))


def test_file_is_read_and_waits_for_a_decision(school: Unit) -> None:
    job = reviewed(school)

    assert (job.state, job.total, job.leased_until) == (JobState.REVIEW, 5, None)
    report = job.report
    assert report["totals"] == {"posts": 3, "pages": 2, "drafts": 1, "known": 0}
    assert report["format"] == "wordpress"
    assert report["hosts"] == ["thcshoaphuong.edu.vn"]
    assert report["days"] == ["01/03/2019", "10/01/2026"]
    assert [(one["name"], one["channel"]) for one in report["categories"]] == [
        ("Tin hoạt động", "tin-tuc"),
        ("Thông báo", "thong-bao"),
    ]
    assert dict(report["problems"]) == {"shortcode": 2, "missing_image": 1, "missing_file": 1, "no_alt": 1}
    assert titles(school) == []


def test_started_import_brings_everything_in(school: Unit) -> None:
    job = started(school)

    services.run_import(job_id=job.pk)

    done = fresh(job)
    assert (done.state, done.done, done.leased_until) == (JobState.DONE, 5, None)
    assert done.counts == {"published": 4, "drafts": 1, "known": 0, "skipped": 0, "failed": 0}
    with unit_scope(school.pk):
        assert outcomes_of(done) == {Outcome.PUBLISHED: 4, Outcome.DRAFT: 1}
    assert len(titles(school)) == 5
    line = AuditEntry.objects.get(action="transfer.site.imported")
    assert (line.unit_id, line.detail["published"]) == (school.pk, 4)


def test_choices_of_the_person_hold(school: Unit) -> None:
    job = started(school, publish=False, channels={"Thông báo": "thu-moi", "Tin hoạt động": ""})

    services.run_import(job_id=job.pk)

    assert fresh(job).counts["drafts"] == 4
    with unit_scope(school.pk):
        assert Post.objects.get(title__startswith="Thông báo").channel == "thu-moi"
        assert not Post.objects.filter(live__isnull=False).exists()


def test_long_work_goes_on_in_slices(
    school: Unit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[str, int]] = []
    monkeypatch.setattr("congtruong.core.jobs.enqueue", lambda name, job_id: queued.append((name, job_id)))
    job = started(school)
    queued.clear()

    services.run_import(job_id=job.pk, seconds=0)

    assert queued == [("transfer.run", job.pk)]
    assert (fresh(job).state, fresh(job).done) == (JobState.RUNNING, 0)
    services.run_import(job_id=job.pk)
    assert (fresh(job).state, len(titles(school))) == (JobState.DONE, 5)


def test_second_worker_keeps_out_while_the_first_is_at_work(school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = started(school)
    original = importing.import_record
    seen: list[int] = []

    def meanwhile(**options: Any) -> Any:
        before = fresh(job).done
        services.run_import(job_id=job.pk)
        seen.append(fresh(job).done - before)
        return original(**options)

    monkeypatch.setattr(jobs, "import_record", meanwhile)
    services.run_import(job_id=job.pk)

    assert seen == [0] * 5
    assert fresh(job).counts["published"] == 4


def before_record(monkeypatch: pytest.MonkeyPatch, number: int, happening: Callable[[], object]) -> None:
    """Let something happen outside this worker's transactions, just before it brings in one record."""
    original, calls = jobs._bring, iter(range(1, 100))

    def bring(*arguments: Any) -> None:
        if next(calls) == number:
            monkeypatch.setattr(jobs, "_bring", original)
            happening()
        original(*arguments)

    monkeypatch.setattr(jobs, "_bring", bring)


def test_worker_that_was_thought_dead_changes_nothing_when_it_comes_back(
    school: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = started(school)

    def somebody_else_does_the_rest() -> None:
        Job.objects.update(leased_until=clock.now() - timedelta(seconds=1))
        services.run_import(job_id=job.pk)

    before_record(monkeypatch, 2, somebody_else_does_the_rest)
    services.run_import(job_id=job.pk)

    done = fresh(job)
    assert (done.state, done.done, done.counts["published"], done.counts["known"]) == (JobState.DONE, 5, 4, 0)
    assert len(titles(school)) == 5


def test_cancelled_import_stops_and_what_came_in_stays(school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = started(school)

    before_record(monkeypatch, 2, partial(services.cancel_job, job=job, by=BY))
    services.run_import(job_id=job.pk)

    assert fresh(job).state == JobState.EXPIRED
    assert titles(school) == ["Lễ khai giảng năm học 2025 – 2026"]
    with unit_scope(school.pk), pytest.raises(errors.NotReady):
        services.cancel_job(job=job, by=BY)


def test_full_library_stops_the_job_and_it_goes_on_afterwards(school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = started(school)
    monkeypatch.setattr("congtruong.media.services.assets.quota", lambda: 10)

    services.run_import(job_id=job.pk)

    stopped = fresh(job)
    assert (stopped.state, stopped.done, stopped.leased_until) == (JobState.FAILED, 0, None)
    assert stopped.problem.startswith("Kho tệp của đơn vị đã đầy")
    monkeypatch.undo()
    with unit_scope(school.pk):
        services.resume_job(job=stopped, by=BY)
    services.run_import(job_id=job.pk)
    assert (fresh(job).state, fresh(job).problem, len(titles(school))) == (JobState.DONE, "", 5)


def test_unexpected_failure_shows_as_stopped(school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    job = started(school)

    def broken(**_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(jobs, "import_record", broken)
    services.run_import(job_id=job.pk)

    assert (fresh(job).state, fresh(job).problem) == (JobState.FAILED, phrases.UNEXPECTED)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"khong phai gi ca", "Không nhận ra tệp này"),
        (b"PK\x03\x04 hong", "Tệp bị hỏng"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss xmlns:w="http://wordpress.org/export/1.2/"/>', "không an toàn"),
        (b"<rss><channel></channel></rss>", "Không tìm thấy bài viết nào"),
    ],
)
def test_file_that_cannot_be_read_says_why(school: Unit, body: bytes, problem: str) -> None:
    job = reviewed(school, body=body)

    assert job.state == JobState.FAILED
    assert problem in job.problem


def test_lost_file_is_named(school: Unit) -> None:
    job = started(school)
    default_storage.delete(job.file_path)

    services.run_import(job_id=job.pk)

    assert fresh(job).problem == phrases.GONE


def test_one_import_at_a_time(school: Unit) -> None:
    uploaded(school)

    with pytest.raises(errors.TransferBusy):
        uploaded(school)
    uploaded(make_unit())


def test_steps_are_taken_from_where_they_belong_only(school: Unit) -> None:
    job = uploaded(school)

    with unit_scope(school.pk):
        with pytest.raises(errors.NotReady):
            services.start_import(job=job, publish=True, channels={}, by=BY)
        with pytest.raises(errors.NotReady):
            services.resume_job(job=job, by=BY)
    services.run_import(job_id=job.pk)
    services.run_export(job_id=job.pk)
    services.read_site(job_id=0)
    assert fresh(job).state == JobState.READING


def test_second_import_of_the_same_site_brings_nothing_new(school: Unit) -> None:
    services.run_import(job_id=started(school).pk)
    again = started(school)

    assert again.report["totals"]["known"] == 5
    services.run_import(job_id=again.pk)

    assert fresh(again).counts["known"] == 5
    assert len(titles(school)) == 5


def test_lost_jobs_are_found_again(school: Unit) -> None:
    reading = uploaded(school)
    running = started(make_unit())
    with unit_scope(school.pk):
        packing = services.start_export(unit=school, by=BY)
    now = clock.now()

    assert services.unfinished_jobs(now=now) == []
    found = services.unfinished_jobs(now=now + jobs.LEASE + timedelta(minutes=3))
    assert sorted(found) == sorted(
        [("transfer.read", reading.pk), ("transfer.run", running.pk), ("transfer.export", packing.pk)]
    )
    services.read_site(job_id=reading.pk)
    services.run_import(job_id=running.pk)
    services.run_export(job_id=packing.pk)
    assert services.unfinished_jobs(now=now + timedelta(days=1)) == []


def test_export_is_packed_kept_and_removed(school: Unit) -> None:
    make_post(school, "Lễ khai giảng")
    with unit_scope(school.pk):
        job = services.start_export(unit=school, by=BY)
        with pytest.raises(errors.TransferBusy):
            services.start_export(unit=school, by=BY)

    services.run_export(job_id=job.pk)

    packed = fresh(job)
    assert (packed.state, packed.kind, packed.counts["posts"]) == (JobState.DONE, JobKind.OUT, 1)
    assert packed.file_size == default_storage.size(packed.file_path)
    assert packed.expires_at is not None
    assert timedelta(days=6, hours=23) < packed.expires_at - clock.now() <= timedelta(days=7)
    assert services.remove_expired(now=clock.now()) == 0
    assert services.remove_expired(now=packed.expires_at + timedelta(seconds=1)) == 1
    assert (fresh(job).state, fresh(job).file_path) == (JobState.EXPIRED, "")
    assert not default_storage.exists(packed.file_path)
    assert services.remove_expired(now=packed.expires_at + timedelta(days=1)) == 0


def test_uploaded_site_is_removed_and_its_result_stays(school: Unit) -> None:
    job = started(school)
    services.run_import(job_id=job.pk)
    done = fresh(job)
    assert done.expires_at is not None

    assert services.remove_expired(now=done.expires_at + timedelta(seconds=1)) == 1

    after = fresh(job)
    assert (after.state, after.file_path) == (JobState.DONE, "")
    assert default_storage.listdir(done.folder) == ([], [])
    with unit_scope(school.pk):
        assert Imported.objects.filter(job=after).count() == 5


def test_record_that_fails_is_listed_and_counted(school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., Post] = approve_post

    def approve(*, post: Post, **options: Any) -> Post:
        if post.title.startswith("Giới thiệu"):
            raise RuntimeError
        return original(post=post, **options)

    monkeypatch.setattr(importing, "approve_post", approve)
    job = started(school)
    services.run_import(job_id=job.pk)

    assert fresh(job).counts["failed"] == 1
    with unit_scope(school.pk):
        assert Imported.objects.get(outcome=Outcome.FAILED).title == "Giới thiệu"


def test_jobs_of_one_unit_do_not_touch_another(school: Unit) -> None:
    other = make_unit()
    theirs = started(other)

    services.run_import(job_id=started(school).pk)

    assert (fresh(theirs).state, titles(other)) == (JobState.RUNNING, [])
