"""Posts of a former site come in once, whole, under their old dates, and their old addresses lead on."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import Post, PostFile, Revision
from congtruong.editorial.services import APPROVER, approve_post
from congtruong.media.errors import QuotaFull
from congtruong.media.models import Asset
from congtruong.portal.models import Redirect
from congtruong.publication.models import Entry
from congtruong.transfer.enums import Outcome
from congtruong.transfer.models import Imported
from congtruong.transfer.pipeline.files import NoFiles
from congtruong.transfer.pipeline.model import PAGE, OldPost, Tally
from congtruong.transfer.pipeline.order import parents_first
from congtruong.transfer.pipeline.site import Source, open_file, open_path
from congtruong.transfer.services import Counts, import_site, importing, lead_on_drafts
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_unit, picture

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DATA = Path(__file__).resolve().parents[1] / "data" / "transfer"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
HOST = {"host": "hoaphuong.hcm.edu.vn"}
PDF = b"%PDF-1.4 thu"


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")


def wordpress(**more: bytes) -> Source:
    """The sample export with its uploads beside it, as people hand it over."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.write(DATA / "wordpress.xml", "xuat.xml")
        archive.writestr("uploads/2025/09/khai-giang.jpg", picture(colour="red"))
        archive.writestr("uploads/2025/08/lich.png", picture(colour="blue"))
        archive.writestr("uploads/2025/08/thong-bao.pdf", PDF)
        for name, body in more.items():
            archive.writestr(name, body)
    return open_file(lambda: io.BytesIO(buffer.getvalue()))


def records_of(source: Source) -> list[OldPost]:
    return list(parents_first(source.posts(now=NOW, tally=Tally())))


def bring(unit: Unit, records: list[OldPost], source: Source | None = None, **options: Any) -> Counts:
    options = {"publish": True, "files": source.files if source else NoFiles(), **options}
    with unit_scope(unit.pk):
        return import_site(unit=unit, records=records, by=BY, **options)


def record(key: str = "a", **fields: Any) -> OldPost:
    values: dict[str, Any] = {"title": f"Bài {key}", "body": f"<p>Nội dung {key}</p>", "published_at": NOW, **fields}
    return OldPost(key=key, **values)


def post_titled(unit: Unit, title: str) -> Post:
    with unit_scope(unit.pk):
        return Post.objects.select_related("live", "cover", "parent").get(unit=unit, title=title)


def snapshot(unit: Unit) -> Any:
    """Everything an import writes."""
    with unit_scope(unit.pk):
        return (
            list(Post.objects.order_by("pk").values()),
            list(Asset.objects.order_by("pk").values()),
            list(PostFile.objects.order_by("pk").values()),
            list(Imported.objects.order_by("pk").values()),
            list(Entry.objects.filter(unit=unit).order_by("pk").values()),
            list(Redirect.objects.filter(unit=unit).order_by("pk").values()),
        )


def test_wordpress_comes_in_with_dates_pictures_files_and_tree(school: Unit) -> None:
    source = wordpress()

    counts = bring(school, records_of(source), source)

    assert counts == Counts(published=4, drafts=1)
    opening = post_titled(school, "Lễ khai giảng năm học 2025 – 2026")
    assert (opening.state, opening.channel, opening.slug) == (
        State.PUBLISHED,
        "tin-tuc",
        "le-khai-giang-nam-hoc-2025-2026",
    )
    assert opening.published_at == datetime(2025, 9, 5, 3, 30, tzinfo=UTC)
    assert (opening.school_year, opening.author) == (2025, "Ban biên tập")
    child = post_titled(school, "Cơ cấu tổ chức")
    assert child.parent == post_titled(school, "Giới thiệu")
    assert (child.channel, child.order) == ("gioi-thieu", 2)
    draft = post_titled(school, "Danh sách học sinh dự thi (bản nháp)")
    assert (draft.state, draft.live) == (State.DRAFT, None)
    with unit_scope(school.pk):
        first = Revision.objects.filter(number=1).values_list("post_id", "kind")
        assert dict(first) == dict.fromkeys(Post.objects.values_list("pk", flat=True), RevisionKind.IMPORTED)


def test_pictures_stand_in_the_library_and_in_the_text(school: Unit) -> None:
    source = wordpress()

    bring(school, records_of(source), source)

    with unit_scope(school.pk):
        asset = Asset.objects.get(name="khai-giang.png")
    opening = post_titled(school, "Lễ khai giảng năm học 2025 – 2026")
    assert f'<img src="/tep/{asset.key}/40.webp" alt="Học sinh diễu hành qua lễ đài"' in opening.body
    assert asset.is_public
    # The cover is the same picture: visitors see it once.
    assert opening.cover is None
    assert '<a href="/2025/08/ke-hoach-khai-giang"' in opening.body


def test_attached_files_come_along_and_missing_ones_are_noted(school: Unit) -> None:
    source = wordpress()

    bring(school, records_of(source), source)

    notice = post_titled(school, "Thông báo nghỉ lễ Quốc khánh & họp phụ huynh")
    with unit_scope(school.pk):
        files = [(row.asset.name, row.asset.is_public) for row in PostFile.objects.filter(post=notice)]
        noted = Imported.objects.get(post=notice)
    assert files == [("thong-bao.pdf", True)]
    assert ["missing_file", "bien-ban.docx"] in noted.notes
    assert ["shortcode", ""] in noted.notes
    assert notice.channel == "thong-bao"


def test_picture_without_a_description_takes_the_title(school: Unit) -> None:
    source = wordpress()
    body = '<figure class="image"><img src="/uploads/2025/08/lich.png" alt=""></figure>'

    bring(school, [record(title="Giờ ra chơi", body=body, images=("/uploads/2025/08/lich.png",))], source)

    assert 'alt="Hình ảnh trong bài “Giờ ra chơi”"' in post_titled(school, "Giờ ra chơi").body
    with unit_scope(school.pk):
        assert ["no_alt", ""] in Imported.objects.get().notes


def test_old_addresses_lead_to_the_new_ones(school: Unit, client: Client) -> None:
    source = wordpress()

    bring(school, records_of(source), source)

    new = "/tin-tuc/le-khai-giang-nam-hoc-2025-2026/"
    for old in ("/2025/09/le-khai-giang-nam-hoc-2025-2026/", "/?p=101", "/index.php?p=101"):
        answer = client.get(old, headers=HOST)
        assert (answer.status_code, answer["Location"]) == (301, new), old
    assert client.get(new, headers=HOST).status_code == 200
    assert client.get("/?page_id=2", headers=HOST)["Location"] == "/gioi-thieu/gioi-thieu/"


def test_importing_twice_changes_nothing(school: Unit) -> None:
    source = wordpress()
    bring(school, records_of(source), source)
    before = snapshot(school)

    counts = bring(school, records_of(source), source)

    assert counts == Counts(known=5)
    assert snapshot(school) == before


def test_drafts_wait_and_their_old_addresses_tell_nothing_until_somebody_publishes(
    school: Unit, client: Client
) -> None:
    bring(school, [record(old_urls=("/cu.html",))], publish=False)
    post = post_titled(school, "Bài a")

    assert (post.state, client.get("/cu.html", headers=HOST).status_code) == (State.DRAFT, 404)
    assert lead_on_drafts() == 0
    with unit_scope(school.pk):
        post = approve_post(post=post, acts=APPROVER, by=BY)
    assert (lead_on_drafts(), lead_on_drafts()) == (1, 0)
    assert client.get("/cu.html", headers=HOST)["Location"] == f"/tin-tuc/{post.slug}/"


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"is_draft": True}, None),
        ({"published_at": None, "notes": ("no_date",)}, "no_date"),
        ({"body": "<p>Số căn cước công dân: 079185001234 của em Nguyễn Văn A.</p>"}, "personal"),
    ],
)
def test_what_needs_a_person_becomes_a_draft(school: Unit, fields: dict[str, Any], note: str | None) -> None:
    counts = bring(school, [record(**fields)])

    assert counts == Counts(drafts=1)
    with unit_scope(school.pk):
        row = Imported.objects.get()
    assert row.outcome == Outcome.DRAFT
    assert [name for name, _ in row.notes] == ([note] if note else [])
    assert not Entry.objects.filter(unit=school).exists()


def test_personal_data_in_an_attached_file_keeps_the_post_a_draft(school: Unit) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Họ và tên", "Số căn cước công dân"])
    sheet.append(["Nguyễn Văn An", "079185001234"])
    buffer = io.BytesIO()
    book.save(buffer)
    source = wordpress(**{"uploads/danh-sach.xlsx": buffer.getvalue()})

    counts = bring(school, [record(attachments=("/uploads/danh-sach.xlsx",))], source)

    assert counts == Counts(drafts=1)
    with unit_scope(school.pk):
        assert [name for name, _ in Imported.objects.get().notes] == ["personal"]
        assert not Asset.objects.get().is_public


def test_personal_data_itself_is_not_repeated_in_the_notes(school: Unit) -> None:
    bring(school, [record(body="<p>Số căn cước công dân: 079185001234</p>")])

    with unit_scope(school.pk):
        assert "079185001234" not in str(Imported.objects.get().notes)


def test_page_without_a_date_is_published_today(school: Unit) -> None:
    bring(school, [record(kind=PAGE, published_at=None)])

    post = post_titled(school, "Bài a")
    assert post.published_at is not None
    assert clock.day_of(post.published_at) == clock.today()


def test_documents_become_notices_with_a_note(school: Unit) -> None:
    bring(school, [record(categories=("Văn bản - Công văn",))])

    assert post_titled(school, "Bài a").channel == "thong-bao"
    with unit_scope(school.pk):
        assert Imported.objects.get().notes == [["documents", ""]]


def test_headings_go_where_the_person_says(school: Unit) -> None:
    records = [record("a", categories=("Đoàn đội",)), record("b", categories=("Bỏ",)), record("c", categories=("Lạ",))]

    counts = bring(school, records, channels={"Đoàn đội": "tai-nguyen", "Bỏ": ""})

    assert counts == Counts(published=2, skipped=1)
    assert post_titled(school, "Bài a").channel == "tai-nguyen"
    with unit_scope(school.pk):
        assert Imported.objects.get(title="Bài c").notes == [["unknown_category", ""]]
        assert not Post.objects.filter(title="Bài b").exists()


def test_what_was_left_out_can_come_in_later(school: Unit) -> None:
    left_out = record(categories=("Bỏ",))
    bring(school, [left_out], channels={"Bỏ": ""})

    assert bring(school, [left_out], channels={"Bỏ": "tin-tuc"}) == Counts(published=1)
    with unit_scope(school.pk):
        assert Imported.objects.get().outcome == Outcome.PUBLISHED


def test_hostile_text_is_sanitised(school: Unit) -> None:
    body = (
        '<p onclick="x()">Chào<script>alert(1)</script><a href="javascript:alert(1)">x</a></p>'
        '<iframe src="//a"></iframe>'
    )

    bring(school, [record(body=body)])

    entry = Entry.objects.get(unit=school)
    for sign in ("script", "onclick", "javascript", "iframe"):
        assert sign not in entry.body, sign


def test_bad_record_stops_no_other(school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_on(monkeypatch, "Bài b", RuntimeError)

    counts = bring(school, [record("a"), record("b"), record("c")])

    assert counts == Counts(published=2, failed=1)
    with unit_scope(school.pk):
        assert Imported.objects.get(title="Bài b").outcome == Outcome.FAILED
        assert not Post.objects.filter(title="Bài b").exists()
    monkeypatch.undo()
    assert bring(school, [record("b")]) == Counts(published=1)


def fail_on(monkeypatch: pytest.MonkeyPatch, title: str, error: type[Exception]) -> None:
    """Publishing a post of this title ends in an error, after its draft was written."""
    original: Callable[..., Post] = approve_post

    def approve(*, post: Post, **options: Any) -> Post:
        if post.title == title:
            raise error
        return original(post=post, **options)

    monkeypatch.setattr(importing, "approve_post", approve)


def test_full_library_stops_the_import_and_says_why(school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    source = wordpress()
    monkeypatch.setattr("congtruong.media.services.assets.quota", lambda: 10)

    with pytest.raises(QuotaFull):
        bring(school, records_of(source), source)


def test_refused_file_is_noted_and_the_post_comes_in(school: Unit) -> None:
    source = wordpress(**{"uploads/2025/08/bien-ban.docx": b"<html>khong phai Word</html>"})

    bring(school, records_of(source), source)

    with unit_scope(school.pk):
        notes = dict(Imported.objects.get(title__startswith="Thông báo nghỉ").notes)
    assert notes["refused_file"].startswith("bien-ban.docx (")


def test_folder_of_pages_comes_in(school: Unit, client: Client) -> None:
    source = open_path(DATA / "trang-cu")

    counts = bring(school, records_of(source), source)

    assert counts == Counts(published=3, drafts=1)
    games = post_titled(school, "Hội khỏe Phù Đổng cấp trường")
    assert '/40.webp"' not in games.body
    assert '/64.webp" alt="Học sinh chạy tiếp sức trên sân trường"' in games.body
    assert "<font" not in games.body
    assert client.get("/tin-tuc/hoi-khoe-phu-dong.html", headers=HOST)["Location"] == f"/tin-tuc/{games.slug}/"


def test_missing_pictures_are_fetched_where_the_command_says_so(school: Unit) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return picture()

    body = '<figure class="image"><img src="https://cu.edu.vn/a.png" alt="Sân trường"></figure>'
    one = record(body=body, images=("https://cu.edu.vn/a.png",), cover="https://cu.edu.vn/b.png")

    bring(school, [one], fetch=fetch)
    bring(school, [one], fetch=fetch)

    assert asked == ["https://cu.edu.vn/a.png", "https://cu.edu.vn/b.png"]
    assert post_titled(school, "Bài a").body.count("<img") == 1


def test_two_units_import_the_same_site_apart(school: Unit) -> None:
    other = make_unit()

    bring(school, [record()])

    assert bring(other, [record()]) == Counts(published=1)
    with unit_scope(other.pk):
        assert Post.objects.get().unit_id == other.pk
        assert Imported.objects.get().unit_id == other.pk


def test_import_stands_in_the_trail(school: Unit) -> None:
    bring(school, [record()])

    line = AuditEntry.objects.get(action="transfer.site.imported")
    assert (line.unit_id, line.actor, line.detail) == (school.pk, BY, {"published": 1})
    assert AuditEntry.objects.filter(action="editorial.post.published", unit_id=school.pk).count() == 1


def test_same_titles_get_addresses_of_their_own(school: Unit) -> None:
    bring(school, [replace(record(str(number)), title="Thông báo") for number in range(3)])

    with unit_scope(school.pk):
        assert sorted(Post.objects.values_list("slug", flat=True)) == ["thong-bao", "thong-bao-2", "thong-bao-3"]
