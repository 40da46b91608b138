"""The pages that bring a former site in and take everything out, and who may not see them."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, set_script_prefix
from pytest_django import Settings

from congtruong.editorial.models import Post
from congtruong.transfer import phrases, services
from congtruong.transfer.checks.intake import SiteIntake
from congtruong.transfer.enums import JobState
from congtruong.transfer.models import Job
from congtruong.transfer.pipeline.bundle import MANIFEST
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DATA = Path(__file__).resolve().parents[1] / "data" / "transfer"
HOST = {"host": "truong.hcm.edu.vn.localhost"}
STRANGE = "Bài của trường bạn"


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _own_prefix() -> Iterator[None]:
    """The real handler sets the prefix at each request; that of the tests keeps what the last one mounted."""
    yield
    set_script_prefix("/")


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường của tôi (mẫu)", host="truong.hcm.edu.vn")


@pytest.fixture
def head(school: Unit) -> Client:
    return signed_in(Client(), school, Role.HEAD)


@pytest.fixture
def technician(school: Unit) -> Client:
    return signed_in(Client(), school, Role.TECHNICIAN)


def signed_in(client: Client, unit: Unit, *roles: Role) -> Client:
    person = User.objects.create_user(f"nguoi-{User.objects.count()}", full_name="Cô Lê Thị C")
    for role in roles:
        grant_role(unit=unit, user=person, role=role, by=BY)
    client.force_login(person)
    return client


def get(client: Client, name: str, *args: Any, query: str = "") -> Any:
    return client.get(reverse(f"console:{name}", args=args) + query, headers=HOST)


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"console:{name}", args=args), data, headers=HOST)


def main_part(response: Any) -> str:
    return str(response.content.decode().split("<main", 1)[1].split("</main>")[0])


def sample(name: str = "wordpress.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (DATA / name).read_bytes(), "text/xml")


def job_of(unit: Unit) -> Job:
    with unit_scope(unit.pk):
        return Job.objects.filter(unit=unit).latest("pk")


def read(client: Client, unit: Unit, name: str = "wordpress.xml") -> Job:
    post(client, "transfer-upload", file=sample(name))
    job = job_of(unit)
    services.read_site(job_id=job.pk)
    return job_of(unit)


def finished(client: Client, unit: Unit, **choices: str) -> Job:
    job = read(client, unit)
    post(client, "transfer-start", job.pk, **choices)
    services.run_import(job_id=job.pk)
    return job_of(unit)


def test_site_comes_in_step_by_step(head: Client, school: Unit) -> None:
    uploaded = post(head, "transfer-upload", file=sample())
    job = job_of(school)
    assert (uploaded.status_code, uploaded["Location"]) == (302, reverse("console:transfer-job", args=[job.pk]))
    assert "Đang đọc tệp" in main_part(get(head, "transfer-job", job.pk))

    services.read_site(job_id=job.pk)
    review = main_part(get(head, "transfer-job", job.pk))
    assert "Sẽ chuyển 5 bài" in review
    assert "Lễ khai giảng năm học 2025 – 2026" in review
    assert "Thiếu tệp đính kèm: thong-bao.pdf." in review
    assert "Đăng ngay theo ngày cũ" in review

    post(head, "transfer-start", job.pk, publish="on", **{"heading-0": "tin-tuc", "heading-1": "thu-moi"})
    assert "Đã xong 0/5 bài" in main_part(get(head, "transfer-job", job.pk))

    services.run_import(job_id=job.pk)
    result = main_part(get(head, "transfer-job", job.pk))
    assert "Đã chuyển xong" in result
    with unit_scope(school.pk):
        notice = Post.objects.get(title__startswith="Thông báo nghỉ")
    assert (notice.channel, notice.state) == ("thu-moi", "da-dang")
    assert f'href="{reverse("console:post-edit", args=[notice.pk])}"' in result


def test_headings_of_the_former_site_cannot_write_markup(head: Client, school: Unit) -> None:
    body = (DATA / "wordpress.xml").read_text().replace("Tin hoạt động]]", "<script>alert(1)</script>]]")
    post(head, "transfer-upload", file=SimpleUploadedFile("a.xml", body.encode(), "text/xml"))
    services.read_site(job_id=job_of(school).pk)

    assert "<script>alert" not in main_part(get(head, "transfer-job", job_of(school).pk))


def test_technician_imports_drafts_only_whatever_he_sends(technician: Client, school: Unit) -> None:
    job = read(technician, school)
    assert "Đăng ngay theo ngày cũ" not in main_part(get(technician, "transfer-job", job.pk))

    post(technician, "transfer-start", job.pk, publish="on")
    services.run_import(job_id=job.pk)

    assert job_of(school).counts["drafts"] == 5
    with unit_scope(school.pk):
        assert not Post.objects.filter(live__isnull=False).exists()


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.EDITOR])
def test_others_of_the_board_do_not_find_these_pages(head: Client, school: Unit, role: Role) -> None:
    job = read(head, school)
    client = signed_in(Client(), school, role)

    for name, args in (("transfer", []), ("transfer-job", [job.pk]), ("transfer-download", [job.pk])):
        assert get(client, name, *args).status_code == 404, name
    for name, args in (("transfer-upload", []), ("transfer-export", []), ("transfer-start", [job.pk])):
        assert post(client, name, *args).status_code == 404, name


def test_jobs_of_another_unit_are_not_there(head: Client, school: Unit) -> None:
    other = make_unit("Trường bạn (mẫu)", host="ban.hcm.edu.vn")
    make_post(other, STRANGE)
    with unit_scope(other.pk):
        theirs = services.start_export(unit=other, by=BY)
    services.run_export(job_id=theirs.pk)
    with unit_scope(other.pk):
        reading = services.start_reading(unit=other, file=io.BytesIO(b"x"), name="truong-ban.xml", size=1, by=BY)

    for job in (theirs, reading):
        missing = get(head, "transfer-job", 10**9)
        for name in ("transfer-job", "transfer-download"):
            answer = get(head, name, job.pk)
            assert (answer.status_code, "truong-ban" in answer.content.decode()) == (404, False)
        assert get(head, "transfer-job", job.pk).content == missing.content.replace(b"1000000000", b"%d" % job.pk)
        for name in ("transfer-start", "transfer-resume", "transfer-cancel"):
            assert post(head, name, job.pk).status_code == 404, name
    assert "truong-ban" not in get(head, "transfer").content.decode()
    with unit_scope(other.pk):
        assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == [JobState.DONE, JobState.READING]


def test_visitor_is_sent_to_sign_in(school: Unit) -> None:
    for name in ("transfer", "transfer-upload", "transfer-export"):
        answer = Client().get(reverse(f"console:{name}"), headers=HOST)
        assert answer.status_code == 302, name


def test_upload_needs_the_token_of_the_form(school: Unit) -> None:
    strict = signed_in(Client(enforce_csrf_checks=True), school, Role.HEAD)

    answer = post(strict, "transfer-upload", file=sample())

    assert answer.status_code == 403
    with unit_scope(school.pk):
        assert not Job.objects.exists()


def test_upload_with_the_token_goes_through(school: Unit) -> None:
    strict = signed_in(Client(enforce_csrf_checks=True), school, Role.HEAD)
    page = get(strict, "transfer").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]

    assert post(strict, "transfer-upload", file=sample(), csrfmiddlewaretoken=token).status_code == 302
    assert job_of(school).file_name == "wordpress.xml"


def test_nothing_chosen_and_empty_files_are_explained(head: Client) -> None:
    nothing = post(head, "transfer-upload")
    empty = post(head, "transfer-upload", file=SimpleUploadedFile("a.xml", b""))

    assert (nothing.status_code, empty.status_code) == (422, 422)
    assert "Cần chọn tệp." in main_part(nothing)
    assert "Tệp trống (0 byte)" in main_part(empty)


def test_file_that_is_too_large_is_explained(head: Client, school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SiteIntake, "most", 1_000)
    monkeypatch.setattr("congtruong.console.views.transfer.MOST_BYTES", 1_000)

    answer = post(head, "transfer-upload", file=sample())

    assert answer.status_code == 422
    assert "nên không tải lên được ở đây" in main_part(answer)
    with unit_scope(school.pk):
        assert not Job.objects.exists()


def test_second_import_waits_for_the_first(head: Client) -> None:
    post(head, "transfer-upload", file=sample())

    answer = post(head, "transfer-upload", file=sample())

    assert (answer.status_code, phrases.BUSY in main_part(answer)) == (422, True)


def test_import_is_cancelled_and_another_can_begin(head: Client, school: Unit) -> None:
    job = read(head, school)

    post(head, "transfer-cancel", job.pk)

    assert job_of(school).state == JobState.EXPIRED
    assert "Lượt này đã kết thúc" in main_part(get(head, "transfer-job", job.pk))
    assert post(head, "transfer-upload", file=sample()).status_code == 302


def test_step_of_an_old_page_is_explained(head: Client, school: Unit) -> None:
    job = finished(head, school)

    answer = head.post(reverse("console:transfer-start", args=[job.pk]), headers=HOST, follow=True)

    assert phrases.NOT_READY in main_part(answer)


def test_unreadable_file_shows_why_and_can_be_given_up(head: Client, school: Unit) -> None:
    post(head, "transfer-upload", file=SimpleUploadedFile("a.zip", b"PK\x03\x04 hong"))
    job = job_of(school)
    services.read_site(job_id=job.pk)

    page = main_part(get(head, "transfer-job", job.pk))

    assert "Tệp bị hỏng hoặc chưa tải lên trọn vẹn" in page
    assert reverse("console:transfer-cancel", args=[job.pk]) in page


def test_results_are_filtered_and_paged(head: Client, school: Unit) -> None:
    job = finished(head, school, publish="on")

    drafts = main_part(get(head, "transfer-job", job.pk, query="?loc=ban-nhap"))
    beyond = main_part(get(head, "transfer-job", job.pk, query="?trang=99&loc=x"))

    assert ("Danh sách học sinh dự thi" in drafts, "Lễ khai giảng" in drafts) == (True, False)
    assert "Lễ khai giảng" in beyond


def test_export_is_made_and_downloaded_by_the_head(head: Client, technician: Client, school: Unit) -> None:
    make_post(school, "Bài xuất ra")
    post(head, "transfer-export")
    job = job_of(school)
    assert "Đang đóng gói dữ liệu" in main_part(get(head, "transfer-job", job.pk))
    assert get(head, "transfer-download", job.pk).status_code == 404
    services.run_export(job_id=job.pk)

    assert "Gói dữ liệu đã sẵn sàng: 1 bài" in main_part(get(head, "transfer-job", job.pk))
    answer = get(head, "transfer-download", job.pk)
    body = b"".join(answer.streaming_content)

    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store, private")
    assert answer["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert MANIFEST in archive.namelist()
    assert get(technician, "transfer-download", job.pk).status_code == 404
    assert post(technician, "transfer-export").status_code == 404
    assert "Tải về" not in main_part(get(technician, "transfer-job", job.pk))
    assert Client().get(reverse("console:transfer-download", args=[job.pk]), headers=HOST).status_code == 302


def test_expired_export_is_gone(head: Client, school: Unit) -> None:
    post(head, "transfer-export")
    job = job_of(school)
    services.run_export(job_id=job.pk)
    with unit_scope(school.pk):
        expires_at = Job.objects.get(pk=job.pk).expires_at
    assert expires_at is not None
    services.remove_expired(now=expires_at + timedelta(seconds=1))

    assert get(head, "transfer-download", job.pk).status_code == 404
    assert "không còn được giữ" in main_part(get(head, "transfer-job", job.pk))


def test_second_export_waits(head: Client) -> None:
    post(head, "transfer-export")

    answer = head.post(reverse("console:transfer-export"), headers=HOST, follow=True)

    assert phrases.BUSY in main_part(answer)


def test_pages_cost_the_same_with_one_and_with_many(head: Client, school: Unit) -> None:
    job = finished(head, school, publish="on")
    page = reverse("console:transfer-job", args=[job.pk])

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert head.get(path, headers=HOST).status_code == 200
        return len(queries)

    few = count(page), count(reverse("console:transfer"))
    for _ in range(3):
        job = finished(head, school)
    assert (count(page), count(reverse("console:transfer"))) == few
    assert max(few) <= 12


def test_pages_work_on_the_central_host(head: Client, school: Unit) -> None:
    answer = head.get("/tai/truong.hcm.edu.vn/quan-tri/chuyen-du-lieu/", headers={"host": "congtruong.test"})

    assert answer.status_code == 200
    assert 'action="/tai/truong.hcm.edu.vn/quan-tri/chuyen-du-lieu/tai-len/"' in answer.content.decode()
