"""The library on the staff pages: uploading, describing, consent, safe deletion, and nobody else's files."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, set_script_prefix
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from congtruong.core.models import AuditEntry
from congtruong.media import errors, phrases
from congtruong.media.enums import Consent
from congtruong.media.models import Asset, Usage
from congtruong.media.services import describe_asset, set_consent, set_usages
from congtruong.portal.services import Banner, set_banner, set_crest
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_file, make_image, make_unit, picture
from tests.media.pictures import photo

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "truong.hcm.edu.vn.localhost"}
AS_JSON = {**HOST, "accept": "application/json"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
COLOURS = ("red", "blue", "lime", "navy", "black", "white")


@pytest.fixture(autouse=True)
def _own_folders(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES}
    settings.UPLOADS_ROOT = tmp_path / "uploads"


@pytest.fixture(autouse=True)
def _own_prefix() -> Iterator[None]:
    """The real handler sets the prefix at each request; that of the tests keeps what the last one mounted."""
    yield
    set_script_prefix("/")


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường của tôi (mẫu)", host="truong.hcm.edu.vn")


@pytest.fixture
def foreign() -> Asset:
    """An image of another school."""
    return make_image(make_unit("Trường bạn (mẫu)"), "anh-truong-ban.png", alt="Ảnh trường bạn")


@pytest.fixture
def writer(school: Unit, client: Client) -> Client:
    return signed_in(client, school, Role.CONTRIBUTOR)


def signed_in(client: Client, unit: Unit, *roles: Role) -> Client:
    person = User.objects.create_user(f"nguoi-{User.objects.count()}", full_name="Cô Lê Thị C")
    for role in roles:
        grant_role(unit=unit, user=person, role=role, by=BY)
    client.force_login(person)
    return client


def get(client: Client, name: str, /, *args: Any, query: str = "", **headers: str) -> Any:
    return client.get(reverse(f"console:{name}", args=args) + query, headers=HOST | headers)


def post(client: Client, name: str, /, *args: Any, headers: dict[str, str] = HOST, **data: Any) -> Any:
    return client.post(reverse(f"console:{name}", args=args), data, headers=headers)


def sent(name: str, body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def of(unit: Unit) -> list[Asset]:
    with unit_scope(unit.pk):
        return list(Asset.objects.order_by("pk"))


def said(client: Client) -> str:
    """What the next page tells."""
    return str(get(client, "media").content.decode())


def queries(call: Callable[[], HttpResponse]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert call().status_code == 200
    return len(caught)


# --- Who may come in --------------------------------------------------------------------------------------------------

PAGES = ("media", "media-upload", "media-picker", "media-alts")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("roles", [(), (Role.TECHNICIAN,)])
def test_library_exists_for_those_who_write_only(
    client: Client, school: Unit, name: str, roles: tuple[Role, ...]
) -> None:
    signed_in(client, school, *roles)

    assert get(client, name).status_code == 404


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.EDITOR, Role.HEAD])
def test_everybody_who_writes_sees_the_library(client: Client, school: Unit, role: Role) -> None:
    signed_in(client, school, role)

    assert [get(client, name).status_code for name in PAGES] == [200] * 4


def test_nobody_sees_it_without_signing_in(client: Client, school: Unit) -> None:
    asset = make_image(school)
    paths = [reverse(f"console:{name}") for name in (*PAGES, "media-chunk", "media-waiting")]
    paths += [reverse(f"console:{name}", args=[asset.pk]) for name in ("media-item", "media-consent", "media-delete")]
    paths.append(reverse("console:file", args=[asset.key, "40.webp"]))

    answers = [client.get(path, headers=HOST) for path in paths] + [client.post(path, headers=HOST) for path in paths]

    assert {answer.status_code for answer in answers} == {302}
    assert {"dang-nhap" in answer["Location"] for answer in answers} == {True}


def test_another_units_files_do_not_exist(writer: Client, school: Unit, foreign: Asset) -> None:
    """Not by number, not by key, not by any method; and nothing of them changes."""
    with unit_scope(foreign.unit_id):
        before = list(Asset.objects.values())
    data = {"alt": "chiếm", "consent": "ngung", "note": "x", "is_decorative": "on", "asset": foreign.pk}
    paths = [reverse(f"console:{name}", args=[foreign.pk]) for name in ("media-item", "media-consent", "media-delete")]
    paths += [reverse("console:file", args=[foreign.key, name]) for name in ("40.webp", "goc.webp", foreign.name)]
    unknown = [reverse(f"console:{name}", args=[10**6]) for name in ("media-item", "media-consent", "media-delete")]
    unknown += [reverse("console:file", args=["khong-co", name]) for name in ("40.webp", "goc.webp", foreign.name)]

    def asked(path: str) -> list[Any]:
        return [writer.get(path, headers=HOST), writer.post(path, data, headers=HOST)]

    answers = [asked(path) for path in paths]
    same = [[answer.status_code for answer in asked(path)] for path in unknown]

    codes = [[answer.status_code for answer in pair] for pair in answers]
    assert codes == same
    assert {code for pair in codes for code in pair} == {404, 405}
    assert [pair[0] for pair in codes] == [404, 405, 404, 404, 404, 404]
    assert post(writer, "media-alts", asset=foreign.pk, alt="chiếm").status_code == 404
    with unit_scope(foreign.unit_id):
        assert list(Asset.objects.values()) == before
    for path, pair in zip(paths, answers, strict=True):
        for answer in pair:
            assert "truong-ban" not in answer.content.decode().replace(path, "")


def test_no_page_tells_of_another_units_files(writer: Client, school: Unit, foreign: Asset) -> None:
    make_image(school)
    for query in ("", "?q=truong-ban", "?q=Ảnh", "?loc=thieu-mo-ta", "?loai=anh", f"?sau={foreign.pk + 5}"):
        for name in PAGES:
            body = get(writer, name, query=query).content.decode()
            assert "Trường bạn" not in body
            assert "Ảnh trường bạn" not in body
            assert foreign.key not in body


# --- The list ---------------------------------------------------------------------------------------------------------


def test_empty_library_says_how_to_begin(writer: Client) -> None:
    body = get(writer, "media").content.decode()

    assert "Thư viện còn trống" in body
    assert f'href="{reverse("console:media-upload")}"' in body
    assert "0 ảnh" in body


def test_list_shows_state_of_each_file_and_counts(writer: Client, school: Unit) -> None:
    with unit_scope(school.pk):
        images = [make_image(school, f"{n}.png", colour=colour) for n, colour in enumerate(COLOURS[:4])]
        file = make_file(school, "Kế hoạch.pdf")
        describe_asset(asset=images[0], alt="Sân trường", caption="", is_decorative=False, by=BY)
        set_consent(asset=images[0], consent=Consent.NOT_NEEDED, note="", by=BY)
        set_consent(asset=images[1], consent=Consent.WAITING, note="", by=BY)
        set_consent(asset=images[2], consent=Consent.STOPPED, note="", by=BY)
        set_consent(asset=images[3], consent=Consent.GIVEN, note="14 em", by=BY)

    body = get(writer, "media").content.decode()

    for words in ("4 ảnh, 1 tệp", "trong 10 GB", "Thiếu mô tả 3", "Chờ giấy đồng ý 1", "Đã ngừng đăng 1"):
        assert words in body
    for words in (
        "Đủ mô tả",
        "Chờ đồng ý · chưa đăng được",
        "Ngừng đăng theo yêu cầu",
        "Có đồng ý",
        "Không có học sinh",
    ):
        assert words in body
    assert f'src="{reverse("console:file", args=[images[0].key, "40.webp"])}" alt="Sân trường"' in body
    assert file.name in body
    assert "UNDEFINED" not in body


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["van-ban.pdf", "c.png", "b.png", "a.png"]),
        ("?loc=thieu-mo-ta", ["c.png", "b.png"]),
        ("?loc=cho-dong-y", ["b.png"]),
        ("?loc=ngung-dang", ["c.png"]),
        ("?loai=tep", ["van-ban.pdf"]),
        ("?loai=anh&q=B", ["b.png"]),
        ("?q=sân", ["a.png"]),
        ("?q=khong-co-dau", []),
        ("?loc=la&loai=la&trang=abc", ["van-ban.pdf", "c.png", "b.png", "a.png"]),
        ("?trang=99", ["van-ban.pdf", "c.png", "b.png", "a.png"]),
        ("?trang=-1", ["van-ban.pdf", "c.png", "b.png", "a.png"]),
    ],
)
def test_list_is_filtered_and_searched(writer: Client, school: Unit, query: str, names: list[str]) -> None:
    with unit_scope(school.pk):
        make_image(school, "a.png", alt="Toàn cảnh sân trường")
        set_consent(asset=make_image(school, "b.png", colour="blue"), consent=Consent.WAITING, note="", by=BY)
        set_consent(asset=make_image(school, "c.png", colour="lime"), consent=Consent.STOPPED, note="", by=BY)
        make_file(school)

    response = get(writer, "media", query=query)

    assert response.status_code == 200
    body = response.content.decode().split('class="media"')[-1]
    found = [name for name in ("van-ban.pdf", "c.png", "b.png", "a.png") if f"<b>{name}</b>" in body]
    assert found == names


def test_duty_leads_to_the_photos_that_wait(writer: Client, school: Unit) -> None:
    with unit_scope(school.pk):
        set_consent(asset=make_image(school, "cho.png"), consent=Consent.WAITING, note="", by=BY)
        make_image(school, "khac.png", colour="blue")

    response = writer.get(reverse("console:media-waiting"), headers=HOST, follow=True)

    body = response.content.decode()
    assert ("<b>cho.png</b>" in body, "<b>khac.png</b>" in body) == (True, False)
    assert 'aria-current="page">Chờ giấy đồng ý 1' in body


def test_long_library_is_shown_in_sheets(writer: Client, school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("congtruong.console.views.media._ON_A_SHEET", 2)
    for number in range(5):
        make_file(school, f"tep-{number}.pdf", b"%%PDF-1.4 %d" % number)

    pages = [get(writer, "media", query=f"?loai=tep&trang={n}").content.decode() for n in (1, 2, 3)]

    assert [[n for n in range(5) if f"<b>tep-{n}.pdf</b>" in page] for page in pages] == [[3, 4], [1, 2], [0]]
    assert 'href="/quan-tri/thu-vien/?loai=tep&amp;trang=2"' in pages[0]
    assert "trang 2/3" in pages[1]


def test_pages_cost_the_same_queries_for_one_file_and_for_three(writer: Client, school: Unit) -> None:
    asset = make_image(school)
    paths = [("media",), ("media-picker",), ("media-alts",), ("media-item", asset.pk), ("media-delete", asset.pk)]

    def cost() -> list[int]:
        return [queries(lambda path=path: get(writer, *path)) for path in paths]  # type: ignore[misc]

    with unit_scope(school.pk):
        set_usages(unit=school, kind="post", object_id=1, label="Bài 1", assets=[asset.pk])
    cost()
    one = cost()
    for number, colour in enumerate(COLOURS[1:4], 2):
        other = make_image(school, f"{number}.png", colour=colour)
        with unit_scope(school.pk):
            set_usages(unit=school, kind="post", object_id=number, label="Bài", assets=[asset.pk, other.pk])

    assert cost() == one
    assert max(one) <= 12


# --- Uploading --------------------------------------------------------------------------------------------------------


def test_upload_page_works_without_javascript(writer: Client, school: Unit) -> None:
    body = get(writer, "media-upload").content.decode()
    assert 'enctype="multipart/form-data"' in body
    assert "multiple" in body

    response = post(writer, "media-upload", file=[sent("Ảnh 1.jpg", photo()), sent("Kế hoạch.pdf", b"%PDF-1.4")])

    assert (response.status_code, response["Location"]) == (302, reverse("console:media"))
    assert [(asset.name, asset.uploaded_by) for asset in of(school)] == [
        ("anh-1.jpg", "Cô Lê Thị C"),
        ("ke-hoach.pdf", "Cô Lê Thị C"),
    ]
    assert "Đã tải lên 2 tệp." in said(writer)
    person = User.objects.get(full_name="Cô Lê Thị C")
    assert set(AuditEntry.objects.filter(action="media.asset.added").values_list("actor_id", flat=True)) == {person.pk}


def test_photos_of_children_wait_whichever_way_they_came(writer: Client, school: Unit) -> None:
    pictures = [picture(colour=colour) for colour in COLOURS[:4]]
    post(writer, "media-upload", file=sent("0.png", pictures[0]), children="on")
    post(writer, "media-upload", headers=AS_JSON, file=sent("1.png", pictures[1]), children="on")
    post(writer, "media-chunk", **part(pictures[2], 0, len(pictures[2])), children="on")
    post(writer, "media-upload", file=sent("3.png", pictures[3]))

    assert [asset.consent for asset in of(school)] == ["cho", "cho", "cho", "khong-can"]
    body = get(writer, "media").content.decode()
    assert body.count("Chờ đồng ý · chưa đăng được") == 3
    # Of the last one nobody has said anything yet.
    assert "Không có học sinh" not in body


def test_good_files_are_kept_and_bad_ones_named(writer: Client, school: Unit) -> None:
    files = [sent("tot.pdf", b"%PDF-1.4"), sent("xau.svg", SVG), sent("rong.pdf", b"")]

    response = post(writer, "media-upload", file=files)

    body = response.content.decode()
    assert response.status_code == 422
    assert [asset.name for asset in of(school)] == ["tot.pdf"]
    assert f"“xau.svg”: {errors.SvgRefused.message}" in body
    assert f"“rong.pdf”: {errors.FileEmpty.message}" in body
    assert "Đã tải lên “tot.pdf”." in body


def test_nothing_chosen_is_said(writer: Client) -> None:
    response = post(writer, "media-upload")

    assert (response.status_code, phrases.NO_FILE in response.content.decode()) == (422, True)


def test_editor_gets_the_image_as_data(writer: Client, school: Unit) -> None:
    response = post(writer, "media-upload", headers=AS_JSON, file=sent("Sân.png", picture(1000, 500)))

    (asset,) = of(school)
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (
        201,
        "application/json",
        "no-store, private",
    )
    assert json.loads(response.content) == {
        "id": asset.pk,
        "key": asset.key,
        "name": "san.png",
        "kind": "anh",
        "url": f"/quan-tri/tep/{asset.key}/960.webp",
        "alt": "",
        "width": 1000,
        "height": 500,
        "thumb": f"/quan-tri/tep/{asset.key}/480.webp",
    }
    assert get(writer, "file", asset.key, "960.webp").status_code == 200


@pytest.mark.parametrize(
    ("name", "body", "status", "problem"),
    [
        ("anh.jpg", b"khong phai anh", 422, errors.FileRefused),
        ("anh.png", SVG, 422, errors.SvgRefused),
        ("anh.jpg", b"<html><script>alert(1)</script>", 422, errors.HtmlRefused),
        ("rong.jpg", b"", 422, errors.FileEmpty),
        ("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", 422, errors.HeicRefused),
    ],
)
def test_editor_gets_a_sentence_for_what_is_refused(
    writer: Client, school: Unit, name: str, body: bytes, status: int, problem: type[errors.FileRefused]
) -> None:
    response = post(writer, "media-upload", headers=AS_JSON, file=sent(name, body))

    assert (response.status_code, json.loads(response.content)) == (status, {"message": problem.message})
    assert of(school) == []


@pytest.mark.parametrize("headers", [HOST, AS_JSON])
def test_file_too_large_is_dropped_on_arrival_and_said(
    writer: Client, school: Unit, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr("congtruong.media.checks.intake.MOST_BYTES", 200_000)
    monkeypatch.setattr("congtruong.console.views.uploads.MOST_BYTES", 200_000)

    response = post(writer, "media-upload", headers=headers, file=sent("to.pdf", b"%PDF-1.4" + b"x" * 400_000))

    assert response.status_code == (413 if headers is AS_JSON else 422)
    told = response.json()["message"] if headers is AS_JSON else response.content.decode()
    assert errors.FileTooLarge.message in told
    assert of(school) == []


def test_full_library_is_said(writer: Client, school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("congtruong.media.services.assets.quota", lambda: 5)

    response = post(writer, "media-upload", headers=AS_JSON, file=sent("a.pdf", b"%PDF-1.4"))

    assert response.status_code == 422
    assert "đã đầy" in json.loads(response.content)["message"]


def part(body: bytes, offset: Any, total: Any, **fields: Any) -> dict[str, Any]:
    chunk = SimpleUploadedFile("phan", body)
    return {"upload": "tep-0123456789", "offset": offset, "total": total, "name": "Ảnh.png", "chunk": chunk} | fields


def test_file_arrives_in_parts(writer: Client, school: Unit) -> None:
    body = picture(600, 400)
    half = len(body) // 2

    first = post(writer, "media-chunk", **part(body[:half], 0, len(body)))
    wrong = post(writer, "media-chunk", **part(body[:half], 0, len(body)))
    last = post(writer, "media-chunk", **part(body[half:], half, len(body)))

    (asset,) = of(school)
    assert (first.status_code, json.loads(first.content)) == (200, {"offset": half})
    assert (wrong.status_code, json.loads(wrong.content)) == (
        409,
        {"message": errors.PartMisplaced(0).message, "offset": half},
    )
    assert (last.status_code, json.loads(last.content)["id"], asset.name, asset.size) == (
        201,
        asset.pk,
        "anh.png",
        len(body),
    )


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"total": 200 * 1024 * 1024}, 413, errors.FileTooLarge),
        ({"total": 10**30}, 413, errors.FileTooLarge),
        ({"total": 3}, 422, errors.PartRefused),
        ({"upload": "../../x"}, 422, errors.PartRefused),
        ({"offset": -5}, 422, errors.PartRefused),
        ({"offset": "abc"}, 422, errors.PartRefused),
        ({"chunk": ""}, 422, errors.PartRefused),
        ({"total": 200 * 1024 * 1024, "chunk": ""}, 413, errors.FileTooLarge),
    ],
)
def test_bad_parts_are_refused_with_a_sentence(
    writer: Client, school: Unit, fields: dict[str, Any], status: int, problem: type[errors.FileRefused]
) -> None:
    response = post(writer, "media-chunk", **(part(b"%PDF-1.4", 0, 8) | fields))

    assert (response.status_code, json.loads(response.content)) == (status, {"message": problem.message})
    assert of(school) == []


def test_part_larger_than_agreed_is_refused(writer: Client, school: Unit) -> None:
    response = post(writer, "media-chunk", **part(b"x" * (4 * 1024 * 1024 + 1), 0, 10_000_000))

    assert (response.status_code, of(school)) == (422, [])


def test_parts_of_two_people_never_meet(client: Client, school: Unit) -> None:
    other = signed_in(Client(), school, Role.EDITOR)
    signed_in(client, school, Role.CONTRIBUTOR)
    post(client, "media-chunk", **part(b"%PDF", 0, 8))

    response = post(other, "media-chunk", **part(b"-1.4", 4, 8))

    assert (response.status_code, json.loads(response.content)["offset"]) == (409, 0)
    assert of(school) == []


# --- One file ---------------------------------------------------------------------------------------------------------


def test_item_page_shows_everything_known(writer: Client, school: Unit) -> None:
    asset = make_image(school, alt="Sân trường")
    with unit_scope(school.pk):
        set_usages(unit=school, kind="la", object_id=7, label="Bài về <sân>", assets=[asset.pk], live=[asset.pk])
        set_consent(asset=asset, consent=Consent.GIVEN, note="Giấy của 14 em", by="Thầy B")

    body = get(writer, "media-item", asset.pk).content.decode()

    assert "Bài về &lt;sân&gt;" in body
    for words in ("Đang hiển thị", "Giấy của 14 em", "Thầy B", "Sân trường", "Lưu bản lớn nhất về máy", "40 × 25 điểm"):
        assert words in body
    assert f'href="/quan-tri/tep/{asset.key}/goc.webp"' in body
    assert "UNDEFINED" not in body


def test_item_page_of_a_file_has_no_words_for_images(writer: Client, school: Unit) -> None:
    asset = make_file(school, "Kế hoạch.pdf")

    body = get(writer, "media-item", asset.pk).content.decode()

    assert f'href="/quan-tri/tep/{asset.key}/ke-hoach.pdf"' in body
    assert "Ảnh cho thấy gì?" not in body
    assert "UNDEFINED" not in body


def test_description_is_saved(writer: Client, school: Unit) -> None:
    asset = make_image(school)

    response = post(writer, "media-item", asset.pk, alt="Sân trường", caption="Lễ khai giảng")

    assert (response.status_code, response["Location"]) == (302, reverse("console:media-item", args=[asset.pk]))
    (kept,) = of(school)
    assert (kept.alt, kept.caption, kept.is_decorative) == ("Sân trường", "Lễ khai giảng", False)
    assert "Đã lưu mô tả của “anh.png”." in said(writer)
    assert AuditEntry.objects.filter(action="media.asset.described", actor="Cô Lê Thị C").count() == 1


def test_description_too_long_is_kept_on_the_page(writer: Client, school: Unit) -> None:
    asset = make_image(school)

    response = post(writer, "media-item", asset.pk, alt="Ă" * 301, caption="")

    body = response.content.decode()
    assert (response.status_code, of(school)[0].alt) == (422, "")
    assert phrases.ALT_TOO_LONG in body
    assert "Ă" * 301 in body


def test_consent_is_recorded_and_hides_the_photo(writer: Client, school: Unit) -> None:
    asset = make_image(school)
    with unit_scope(school.pk):
        set_usages(unit=school, kind="post", object_id=1, label="Bài", assets=[asset.pk], live=[asset.pk])
    path = f"/tep/{asset.key}/40.webp"
    assert Client().get(path, headers=HOST).status_code == 200

    response = post(writer, "media-consent", asset.pk, consent="ngung", note="Phụ huynh gọi điện")

    assert response.status_code == 302
    assert Client().get(path, headers=HOST).status_code == 404
    assert get(writer, "file", asset.key, "40.webp").status_code == 200
    assert "Ảnh không còn hiển thị trên cổng." in said(writer)
    with unit_scope(school.pk):
        assert list(Usage.objects.values_list("is_live", flat=True)) == [False]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"consent": "co", "note": ""}, phrases.CONSENT_NOTE_MISSING),
        ({"note": "x"}, phrases.CONSENT_NEEDED),
        ({"consent": "la", "note": "x"}, "error"),
    ],
)
def test_consent_without_what_is_needed_is_not_recorded(
    writer: Client, school: Unit, data: dict[str, Any], problem: str
) -> None:
    asset = make_image(school)

    response = post(writer, "media-consent", asset.pk, **data)

    assert (response.status_code, problem in response.content.decode()) == (422, True)
    assert of(school)[0].consent_at is None


def test_crest_goes_with_its_consent(client: Client, school: Unit) -> None:
    head = signed_in(client, school, Role.HEAD)
    asset, other = make_image(school), make_image(school, "khac.png", colour="blue")
    set_crest(unit=school, asset_id=asset.pk, by=BY)
    assert f"/tep/{asset.key}/" in Client().get("/", headers=HOST).content.decode()
    post(head, "media-consent", other.pk, consent="ngung", note="Ảnh khác")
    assert f"/tep/{asset.key}/" in Client().get("/", headers=HOST).content.decode()

    post(head, "media-consent", asset.pk, consent="ngung", note="Phụ huynh gọi điện")

    shown = Client().get("/", headers=HOST).content.decode()
    assert (f"/tep/{asset.key}/" in shown, "img/hieu-ct" in shown) == (False, True)
    assert [place.usage for place in get(head, "media-item", asset.pk).context["places"]] == []


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        (Role.CONTRIBUTOR, {"banner": "", "crest": ""}),
        (Role.EDITOR, {"banner": "/quan-tri/trang-chu/anh-bia/", "crest": ""}),
        (Role.HEAD, {"banner": "/quan-tri/trang-chu/anh-bia/", "crest": "/quan-tri/cai-dat/"}),
    ],
)
def test_places_of_the_portal_lead_to_their_screens(
    client: Client, school: Unit, role: Role, addresses: dict[str, str]
) -> None:
    person = signed_in(client, school, role)
    asset = make_image(school, alt="Cổng trường")
    set_crest(unit=school, asset_id=asset.pk, by=BY)
    set_banner(unit=school, banner=Banner(asset_id=asset.pk, alt="Cổng trường"), by=BY)

    for page in ("media-item", "media-delete"):
        places = get(person, page, asset.pk).context["places"]
        assert {place.usage.kind: place.url for place in places} == addresses
    assert all(person.get(url, headers=HOST).status_code == 200 for url in addresses.values() if url)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.TECHNICIAN])
@pytest.mark.parametrize("mount", ["", "/tai/truong.hcm.edu.vn"])
def test_console_stands_under_the_own_crest(client: Client, school: Unit, role: Role, mount: str) -> None:
    person = signed_in(client, school, role)
    headers = {"host": "congtruong.test"} if mount else HOST
    shipped = person.get(f"{mount}/quan-tri/", headers=headers).content.decode()
    asset = make_image(school)
    set_crest(unit=school, asset_id=asset.pk, by=BY)

    own = person.get(f"{mount}/quan-tri/", headers=headers).content.decode()

    head = re.compile(r'shell-unit"><img src="([^"]+)"')
    before, after = head.findall(shipped)[0], head.findall(own)[0]
    assert (before.startswith("/static/img/"), f"/{asset.key}/" in after) == (True, True)
    image = person.get(after, headers=headers)
    assert (image.status_code, image.headers["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize(
    ("consent", "alt", "offered"),
    [
        (Consent.WAITING, "", ["Ghi giấy đồng ý", "Thêm mô tả"]),
        (Consent.WAITING, "Cổng", ["Ghi giấy đồng ý"]),
        (Consent.STOPPED, "", ["Xem yêu cầu", "Thêm mô tả"]),
        (Consent.NOT_NEEDED, "", ["Thêm mô tả"]),
        (Consent.NOT_NEEDED, "Cổng", ["Xem chi tiết"]),
    ],
)
def test_card_offers_every_step_that_is_due(
    writer: Client, school: Unit, consent: Consent, alt: str, offered: list[str]
) -> None:
    asset = make_image(school, alt=alt)
    with unit_scope(school.pk):
        set_consent(asset=asset, consent=consent, note="Thử", by=BY)

    page = get(writer, "media").content.decode()

    links = re.findall(rf'<a href="/quan-tri/thu-vien/{asset.pk}/[^"]*">([^<]+)<', page)
    assert links == offered


def test_unused_file_is_deleted_after_a_page_of_its_own(
    writer: Client, school: Unit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    asset = make_image(school)
    page = get(writer, "media-delete", asset.pk).content.decode()
    assert "Xóa “anh.png”?" in page
    assert of(school) == [asset]

    with django_capture_on_commit_callbacks(execute=True):
        response = post(writer, "media-delete", asset.pk)

    assert (response.status_code, of(school)) == (302, [])
    assert "Đã xóa “anh.png”." in said(writer)
    assert get(writer, "file", asset.key, "40.webp").status_code == 404


def test_used_file_is_not_deleted_and_the_place_is_named(writer: Client, school: Unit) -> None:
    asset = make_image(school)
    with unit_scope(school.pk):
        set_usages(unit=school, kind="post", object_id=1, label="Lễ khai giảng", assets=[asset.pk])

    page = get(writer, "media-delete", asset.pk).content.decode()
    response = post(writer, "media-delete", asset.pk)

    assert "Chưa xóa được “anh.png”" in page
    assert "Xóa hẳn" not in page
    assert response.status_code == 422
    assert "đang dùng ở: Lễ khai giảng" in response.content.decode()
    assert of(school) == [asset]


# --- Descriptions one after another -----------------------------------------------------------------------------------


def test_images_without_description_come_one_after_another(writer: Client, school: Unit) -> None:
    images = [make_image(school, f"{n}.png", colour=colour) for n, colour in enumerate(COLOURS[:3])]
    first = get(writer, "media-alts").content.decode()
    assert "Còn 3 ảnh thiếu mô tả." in first
    assert f'name="asset" value="{images[2].pk}"' in first

    response = post(writer, "media-alts", asset=images[2].pk, alt="Sân trường")
    second = get(writer, "media-alts", query=response["Location"].partition("?")[2].join(["?", ""])).content.decode()

    assert response.status_code == 302
    assert f'name="asset" value="{images[1].pk}"' in second
    assert "Còn 2 ảnh thiếu mô tả." in second
    skipped = get(writer, "media-alts", query=f"?sau={images[1].pk}").content.decode()
    assert f'name="asset" value="{images[0].pk}"' in skipped
    post(writer, "media-alts", asset=images[0].pk, is_decorative="on")
    assert "Còn 1 ảnh Thầy/Cô để lại sau." in get(writer, "media-alts", query=f"?sau={images[0].pk}").content.decode()
    post(writer, "media-alts", asset=images[1].pk, alt="Cổng trường")
    assert "Mọi ảnh đều có mô tả" in get(writer, "media-alts").content.decode()
    assert [asset.alt for asset in of(school)] == ["", "Cổng trường", "Sân trường"]


@pytest.mark.parametrize("alt", ["", "Ă" * 301])
def test_description_that_is_missing_or_too_long_keeps_the_image_in_front(
    writer: Client, school: Unit, alt: str
) -> None:
    images = [make_image(school, f"{n}.png", colour=colour) for n, colour in enumerate(COLOURS[:2])]

    response = post(writer, "media-alts", asset=images[0].pk, alt=alt)

    body = response.content.decode()
    assert response.status_code == 422
    assert f'name="asset" value="{images[0].pk}"' in body
    assert (phrases.ALT_TOO_LONG if alt else phrases.ALT_MISSING) in body


@pytest.mark.parametrize("query", ["?sau=abc", "?sau=-1", "?sau=" + "9" * 18, "?sau=" + "9" * 40, "?sau=²"])
def test_odd_places_in_the_row_begin_anew(writer: Client, school: Unit, query: str) -> None:
    make_image(school)

    response = get(writer, "media-alts", query=query)

    assert (response.status_code, "anh.png" in response.content.decode()) == (200, True)


# --- Files and data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("40.webp", "image/webp", 'inline; filename="40.webp"'),
        ("40.avif", "image/avif", 'inline; filename="40.avif"'),
        ("goc.webp", "image/webp", 'inline; filename="goc.webp"'),
    ],
)
def test_private_image_is_shown_to_staff_only(
    writer: Client, school: Unit, name: str, kind: str, disposition: str
) -> None:
    asset = make_image(school)

    response = get(writer, "file", asset.key, name)

    assert (response["Content-Type"], response["Content-Disposition"]) == (kind, disposition)
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("private, max-age=300", "nosniff")
    assert len(response.getvalue()) > 0
    assert Client().get(f"/tep/{asset.key}/{name}", headers=HOST).status_code == 404


def test_other_files_are_saved_not_shown(writer: Client, school: Unit) -> None:
    pdf = make_file(school, "a.pdf")
    old_word = make_file(school, "b.doc", bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 20)

    shown = [get(writer, "file", asset.key, asset.name)["Content-Disposition"] for asset in (pdf, old_word)]

    assert shown == ['inline; filename="a.pdf"', 'attachment; filename="b.doc"']


def test_picker_gives_files_in_pages(writer: Client, school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("congtruong.console.views.media._ON_A_SHEET", 2)
    images = [make_image(school, f"{n}.png", colour=colour) for n, colour in enumerate(COLOURS[:3])]
    file = make_file(school)

    def asked(query: str) -> dict[str, Any]:
        response = get(writer, "media-picker", query=query)
        assert response["Content-Type"] == "application/json"
        answer: dict[str, Any] = json.loads(response.content)
        return answer

    first, second = asked("?kind=anh"), asked("?kind=anh&page=2")
    assert ([one["id"] for one in first["items"]], first["total"], first["next"]) == (
        [images[2].pk, images[1].pk],
        3,
        2,
    )
    assert ([one["id"] for one in second["items"]], second["next"]) == ([images[0].pk], None)
    assert first["items"][0]["thumb"] == f"/quan-tri/tep/{images[2].key}/40.webp"
    assert asked("?kind=tep")["items"] == [
        {
            "id": file.pk,
            "key": file.key,
            "name": "van-ban.pdf",
            "kind": "tep",
            "url": f"/quan-tri/tep/{file.key}/van-ban.pdf",
            "alt": "",
            "width": None,
            "height": None,
            "thumb": "",
        }
    ]
    assert asked("?q=0.png")["total"] == 1
    assert asked("?page=9")["items"] == []


def test_pages_work_below_the_central_host(client: Client, school: Unit) -> None:
    signed_in(client, school, Role.CONTRIBUTOR)
    asset = make_image(school)
    base = "/tai/truong.hcm.edu.vn/quan-tri"

    body = client.get(f"{base}/thu-vien/", headers={"host": "congtruong.test"}).content.decode()

    assert f'src="{base}/tep/{asset.key}/40.webp"' in body
    assert client.get(f"{base}/tep/{asset.key}/40.webp", headers={"host": "congtruong.test"}).status_code == 200


def test_body_of_any_size_is_read_to_its_end(writer: Client, school: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dropped file does not take the files after it along."""
    monkeypatch.setattr("congtruong.media.checks.intake.MOST_BYTES", 100_000)
    files = [sent("to.pdf", b"%PDF-1.4" + b"x" * 300_000), sent("nho.pdf", b"%PDF-1.4")]

    response = post(writer, "media-upload", file=files)

    assert response.status_code == 302
    assert [asset.name for asset in of(school)] == ["nho.pdf"]
