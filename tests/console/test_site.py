"""Menu, home page, links, pages, trail and the turn of the school year."""

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from congtruong.console.blocks.trail import lines
from congtruong.core.models import AuditEntry
from congtruong.core.templatetags.vi import vn_date
from congtruong.editorial.models import Post
from congtruong.media.models import Asset, Usage
from congtruong.media.services import describe_asset
from congtruong.portal.models import Link, MenuItem, QuickLink, SchoolYear, SiteSettings
from congtruong.portal.services import Word, add_link, add_menu_item, start_menu
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_image, make_page, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HOST = "hoaphuong.hcm.edu.vn"


@pytest.fixture
def unit() -> Unit:
    return make_unit("Trường THCS Hoa Phượng (mẫu)", host=HOST)


def person(name: str, unit: Unit, *roles: Role) -> User:
    user = User.objects.create_user(name, full_name=f"Người {name}")
    for role in roles:
        grant_role(unit=unit, user=user, role=role, by=BY)
    return user


def desk(unit: Unit, role: Role = Role.HEAD) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(person(f"ban-{role.value}", unit, role))
    return client


def public(path: str = "/") -> str:
    response = Client(headers={"host": HOST}).get(path)
    assert response.status_code == 200
    return response.content.decode()


def body_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    body = response.content.decode()
    assert "UNDEFINED" not in body
    return body


SCREENS = ("menu/", "menu/them/", "lien-ket/", "lien-ket/them/", "trang/", "trang-chu/", "trang-chu/viec/")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HEAD, Role.TECHNICIAN])
def test_structure_screens_open_for_who_arranges_the_portal(unit: Unit, role: Role) -> None:
    client = desk(unit, role)

    for screen in (*SCREENS, "trang-chu/anh-bia/"):
        body_of(client, f"/quan-tri/{screen}")


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, None])
def test_structure_screens_do_not_exist_for_others(unit: Unit, role: Role | None) -> None:
    client = desk(unit, role) if role else Client(headers={"host": HOST})
    if role is None:
        client.force_login(person("ngoai", make_unit(), Role.HEAD))

    for screen in (*SCREENS, "trang-chu/anh-bia/"):
        body_of(client, f"/quan-tri/{screen}", 404)
    assert client.post("/quan-tri/menu/bat-dau/").status_code == 404
    assert not MenuItem.objects.exists()


# --- Menu -------------------------------------------------------------------------------------------------------------


def test_menu_starts_as_what_visitors_saw_and_changes_show_at_once(unit: Unit) -> None:
    client = desk(unit)
    before = public()

    client.post("/quan-tri/menu/bat-dau/")
    started = public()
    client.post("/quan-tri/menu/them/", {"label": "Tuyển sinh lớp 6", "where": "khac", "address": "/tin-tuc/"})
    body = public()

    def words(html: str) -> list[str]:
        menu = html.partition('class="nav-full"')[2].partition("</ul>")[0]
        return [part.partition("<")[0] for part in menu.split(">")]

    assert words(before) == words(started)
    assert "Tuyển sinh lớp 6" in body


def test_menu_of_two_levels_with_a_page_an_address_elsewhere_and_a_heading(unit: Unit) -> None:
    client = desk(unit)
    page = make_page(unit, "Lịch sử hình thành", slug="lich-su")
    client.post("/quan-tri/menu/them/", {"label": "Nhà trường", "where": ""})
    top = MenuItem.objects.get(label="Nhà trường")
    for label, where, address in (
        ("Lịch sử", f"t:{page.pk}", ""),
        ("Học liệu", "khac", "https://hoclieu.example.vn/"),
        ("Liên hệ", "khac", f"https://{HOST}/lien-he/"),
    ):
        data = {"label": label, "where": where, "address": address, "parent": top.pk}
        assert client.post("/quan-tri/menu/them/", data).status_code == 302

    body = public()

    assert "<summary" in body.split('class="nav-full"')[1]
    assert 'href="/gioi-thieu/lich-su/">Lịch sử</a>' in body
    assert 'href="https://hoclieu.example.vn/" rel="noopener">Học liệu</a>' in body
    assert MenuItem.objects.get(label="Liên hệ").target == "/lien-he/"
    with unit_scope(unit.pk):
        Entry.objects.filter(object_id=page.pk).delete()
    assert "Lịch sử</a>" not in public()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//ke-xau.example/", "http://a.example/", "/\\ke-xau", "ftp://a.vn/", "tin-tuc", ""],
)
def test_menu_refuses_addresses_that_are_neither_paths_nor_encrypted(unit: Unit, address: str) -> None:
    client = desk(unit)

    response = client.post("/quan-tri/menu/them/", {"label": "Mục", "where": "khac", "address": address})

    assert response.status_code == 422
    assert "UNDEFINED" not in response.content.decode()
    assert not MenuItem.objects.exists()


def test_menu_items_move_change_hide_and_go_with_a_line_in_the_trail(unit: Unit) -> None:
    client = desk(unit)
    start_menu(unit=unit, items=[("Một", "/a/"), ("Hai", "/b/"), ("Ba", "/c/")], by=BY)
    first, second, third = MenuItem.objects.order_by("order")

    client.post(f"/quan-tri/menu/{third.pk}/len/")
    client.post(f"/quan-tri/menu/{first.pk}/len/")
    client.post(
        f"/quan-tri/menu/{second.pk}/", {"label": "Hai mới", "where": "khac", "address": "/b/", "is_hidden": "on"}
    )
    client.post(f"/quan-tri/menu/{first.pk}/bo/")

    assert list(MenuItem.objects.values_list("label", flat=True)) == ["Ba", "Hai mới"]
    assert "Hai mới" not in public()
    entry = AuditEntry.objects.get(action="portal.menu.changed")
    assert entry.detail["changes"] == {"tên hiển thị": ["Hai", "Hai mới"], "tạm ẩn": ["Không", "Có"]}


def test_menu_is_reset_after_asking(unit: Unit) -> None:
    client = desk(unit)
    start_menu(unit=unit, items=[("Riêng của trường", "/a/")], by=BY)

    asked = body_of(client, "/quan-tri/menu/mac-dinh/")
    client.post("/quan-tri/menu/mac-dinh/")

    assert "Trở về menu mặc định?" in asked
    assert "Riêng của trường" not in public()
    assert 'href="/thong-bao/"' in public()


def test_objects_of_another_unit_are_unknown_and_stay(unit: Unit) -> None:
    other = make_unit()
    item = add_menu_item(unit=other, word=Word(label="Của bạn", target="/a/"), by=BY)
    link = add_link(unit=other, label="Của bạn", url="https://a.example/", group="", by=BY)
    page, image = make_page(other, "Trang của bạn"), make_image(other)
    client = desk(unit)

    for path in (
        *(f"menu/{item.pk}/{step}" for step in ("", "len/", "xuong/", "bo/")),
        *(f"lien-ket/{link.pk}/{step}" for step in ("", "len/", "xuong/", "bo/")),
        *(f"trang/{page.pk}/{step}" for step in ("len/", "xuong/", "cho/")),
    ):
        answer = client.post(f"/quan-tri/{path}", {"label": "Chiếm", "where": "", "url": "https://b.example/"})
        assert answer.status_code == 404, path
        assert "Của bạn" not in answer.content.decode()
    for data in (
        {"label": "Lấy", "where": f"t:{page.pk}"},
        {"label": "Lấy", "where": "p:/tin-tuc/", "parent": item.pk},
    ):
        assert client.post("/quan-tri/menu/them/", data).status_code == 422
    stolen = client.post("/quan-tri/trang-chu/anh-bia/", {"asset": image.pk, "alt": "Ảnh"})
    assert stolen.status_code == 422
    assert list(MenuItem.objects.values_list("label", flat=True)) == ["Của bạn"]
    assert list(Link.objects.values_list("label", flat=True)) == ["Của bạn"]


# --- Home page --------------------------------------------------------------------------------------------------------


def places(html: str, *texts: str) -> list[int]:
    return [html.index(text) for text in texts]


def test_parts_of_the_home_page_change_places_and_are_switched_off(unit: Unit) -> None:
    client = desk(unit)
    make_post(unit, "Ngày hội đọc sách")
    make_post(unit, "Lịch kiểm tra", channel=Channel.NOTICE)
    notices, news = '<h2 id="tb"', '<h2 id="tin"'
    assert places(public(), notices, news) == sorted(places(public(), notices, news))

    for _ in range(2):
        client.post("/quan-tri/trang-chu/tin/len/")
    body = public()
    client.post("/quan-tri/trang-chu/thong-bao/tat-mo/")

    assert places(body, news, notices) == sorted(places(body, news, notices))
    assert notices not in public()
    assert news in public()


def test_channels_of_the_authorities_cannot_be_switched_off(unit: Unit) -> None:
    client = desk(unit)

    client.post("/quan-tri/trang-chu/cap-tren/tat-mo/")

    assert 'id="cap-tren"' in public()
    assert client.post("/quan-tri/trang-chu/la/tat-mo/").status_code == 404
    assert client.post("/quan-tri/trang-chu/don-vi/tat-mo/").status_code == 404


def test_banner_is_shown_between_its_days_and_its_image_becomes_public(unit: Unit) -> None:
    client = desk(unit)
    image = make_image(unit, alt="Sân trường")
    data = {"asset": image.pk, "alt": "Sân trường ngày khai giảng", "title": "Chào năm học mới"}

    client.post("/quan-tri/trang-chu/anh-bia/", data | {"from_on": "2020-01-01"})
    shown = public()
    with unit_scope(unit.pk):
        assert Asset.objects.get(pk=image.pk).is_public
        assert list(Usage.objects.values_list("kind", "object_id", "is_live")) == [("banner", unit.pk, True)]
    client.post("/quan-tri/trang-chu/anh-bia/", data | {"to_on": "2020-01-01"})
    over = public()
    client.post("/quan-tri/trang-chu/anh-bia/bo/")

    assert 'alt="Sân trường ngày khai giảng"' in shown
    assert "Chào năm học mới" in shown
    assert "Chào năm học mới" not in over
    with unit_scope(unit.pk):
        assert not Asset.objects.get(pk=image.pk).is_public
        assert not Usage.objects.exists()


def test_photos_to_choose_have_names_that_say_something(unit: Unit) -> None:
    plain = make_image(unit, "IMG_2041.png")
    captioned = make_image(unit, "IMG_2042.png", colour="blue")
    described = make_image(unit, "IMG_2043.png", colour="lime", alt="Sân trường")
    with unit_scope(unit.pk):
        describe_asset(asset=captioned, alt="", caption="Lễ khai giảng", is_decorative=False, by=BY)

    page = body_of(desk(unit), "/quan-tri/trang-chu/anh-bia/")

    uploaded = f"Ảnh chưa có mô tả, tải lên {vn_date(plain.created_at)}"
    names = dict(re.findall(r'name="asset" value="(\d+)".*?<span>([^<]+)</span>', page))
    assert names == {
        str(plain.pk): uploaded,
        str(captioned.pk): "Lễ khai giảng",
        str(described.pk): "Sân trường",
    }


def test_banner_in_place_of_the_leading_news(unit: Unit) -> None:
    client = desk(unit)
    image = make_image(unit)
    make_post(unit, "Tin có ảnh", cover=make_image(unit, "b.png", colour="green"))
    data = {
        "asset": image.pk,
        "alt": "Cổng trường",
        "title": "Chào năm học mới",
        "is_hero": "on",
        "target": "/thong-bao/",
    }

    assert client.post("/quan-tri/trang-chu/anh-bia/", data).status_code == 302
    body = public()

    assert body.count('class="hero"') == 1
    assert '<a href="/thong-bao/">Chào năm học mới</a>' in body
    assert body.count(">Tin có ảnh</a>") == 1


@pytest.mark.parametrize(
    "wrong", [{"alt": ""}, {"asset": ""}, {"target": "javascript:1"}, {"from_on": "2026-02-01", "to_on": "2026-01-01"}]
)
def test_incomplete_banner_is_refused_and_keeps_what_was_typed(unit: Unit, wrong: dict[str, str]) -> None:
    image = make_image(unit)
    data = {"asset": str(image.pk), "alt": "Sân trường", "title": "Tiêu đề đã gõ"} | wrong

    response = desk(unit).post("/quan-tri/trang-chu/anh-bia/", data)

    assert response.status_code == 422
    assert "Tiêu đề đã gõ" in response.content.decode()
    with unit_scope(unit.pk):
        assert not SiteSettings.objects.filter(banner__isnull=False).exists()


def test_technician_sees_only_public_images(unit: Unit) -> None:
    hidden, shown = make_image(unit, "kin.png"), make_image(unit, "mo.png", colour="green")
    make_post(unit, "Tin", cover=shown)
    client = desk(unit, Role.TECHNICIAN)

    body = body_of(client, "/quan-tri/trang-chu/anh-bia/")

    assert f'value="{shown.pk}"' in body
    assert f'value="{hidden.pk}"' not in body
    assert client.get(f"/quan-tri/trang-chu/anh/{hidden.key}/40.webp").status_code == 404
    assert client.get(f"/quan-tri/trang-chu/anh/{shown.key}/40.webp").status_code == 200
    assert client.post("/quan-tri/trang-chu/anh-bia/", {"asset": hidden.pk, "alt": "x"}).status_code == 422


def test_errands_are_saved_in_order_and_empty_lines_left_out(unit: Unit) -> None:
    client = desk(unit)
    data: dict[str, Any] = {"viec-TOTAL_FORMS": "6", "viec-INITIAL_FORMS": "6"}
    lines_given = [("Xin nghỉ học", "/thu-tuc/", "note"), ("", "", "note"), ("Thực đơn", "/thuc-don/", "bowl")]
    for number, (label, path, icon) in enumerate([*lines_given, *[("", "", "note")] * 3]):
        data |= {f"viec-{number}-label": label, f"viec-{number}-path": path, f"viec-{number}-icon": icon}

    saved = client.post("/quan-tri/trang-chu/viec/", data)
    wrong = client.post("/quan-tri/trang-chu/viec/", data | {"viec-0-path": "https://a.example/"})
    twice = client.post("/quan-tri/trang-chu/viec/", data | {"viec-2-path": "/thu-tuc/"})
    half = client.post("/quan-tri/trang-chu/viec/", data | {"viec-0-path": ""})

    assert [saved.status_code, wrong.status_code, twice.status_code, half.status_code] == [302, 422, 422, 422]
    assert list(QuickLink.objects.values_list("label", "icon")) == [("Xin nghỉ học", "note"), ("Thực đơn", "bowl")]
    assert "Thực đơn" in public()


# --- Links ------------------------------------------------------------------------------------------------------------


def test_links_stand_on_home_and_foot_in_their_order(unit: Unit) -> None:
    client = desk(unit)
    for label, url in (("Sở GD&ĐT", "https://so.example/"), ("Bộ GD&ĐT", "https://bo.example/")):
        client.post("/quan-tri/lien-ket/them/", {"label": label, "url": url, "group": "Cơ quan quản lý"})
    second = Link.objects.get(url="https://bo.example/")
    client.post(f"/quan-tri/lien-ket/{second.pk}/len/")

    body = public()

    assert body.count("https://bo.example/") == 2
    assert body.index("https://bo.example/") < body.index("https://so.example/")
    assert "Cơ quan quản lý" in body
    assert "https://bo.example/" in public("/lien-he/")
    again = client.post("/quan-tri/lien-ket/them/", {"label": "Trùng", "url": "https://so.example/"})
    assert (again.status_code, Link.objects.count()) == (422, 2)


# --- Pages ------------------------------------------------------------------------------------------------------------


def shown_pages() -> list[str]:
    body = public("/so-do-trang/")
    titles = ("Lịch sử", "Cơ cấu", "Thành tích")
    return sorted((title for title in titles if f">{title}</a>" in body), key=lambda title: body.index(f">{title}</a>"))


def test_pages_move_at_once_and_their_words_stay(unit: Unit) -> None:
    client = desk(unit, Role.EDITOR)
    history, board, awards = (make_page(unit, title) for title in ("Lịch sử", "Cơ cấu", "Thành tích"))
    with unit_scope(unit.pk):
        Post.objects.filter(pk=history.pk).update(title="Bản nháp đang sửa")
    assert shown_pages() == ["Lịch sử", "Cơ cấu", "Thành tích"]

    client.post(f"/quan-tri/trang/{awards.pk}/len/")
    moved = shown_pages()
    client.post(f"/quan-tri/trang/{board.pk}/cho/", {"parent": history.pk})

    assert moved == ["Lịch sử", "Thành tích", "Cơ cấu"]
    assert shown_pages() == ["Lịch sử", "Cơ cấu", "Thành tích"]
    entry = Entry.objects.get(object_id=board.pk)
    assert entry.facts["parent"] == history.slug
    circle = client.post(f"/quan-tri/trang/{history.pk}/cho/", {"parent": board.pk})
    assert circle.status_code == 422


def test_pages_below_a_hidden_one_are_pointed_out(unit: Unit) -> None:
    parent = make_page(unit, "Cha", publish=False)
    make_page(unit, "Con", parent=parent)

    body = body_of(desk(unit), "/quan-tri/trang/")

    assert "Trang cha chưa hiện" in body
    assert "Chưa hiện: bản nháp" in body


# --- Trail ------------------------------------------------------------------------------------------------------------


def test_trail_is_of_this_unit_and_read_by_who_works_there(unit: Unit) -> None:
    other = make_unit("Trường bạn (mẫu)")
    make_post(unit, "Bài của trường")
    make_post(other, "Bài của bạn")

    body = body_of(desk(unit, Role.CONTRIBUTOR), "/quan-tri/nhat-ky/")

    assert "đăng bài" in body
    assert "Bài của trường" in body
    assert "Bài của bạn" not in body


def test_trail_is_narrowed_and_paged_without_losing_or_repeating_a_line(unit: Unit) -> None:
    client = desk(unit)
    AuditEntry.objects.bulk_create(
        AuditEntry(action="editorial.post.saved", unit_id=unit.pk, actor=f"Người {n % 2}", subject=f"Bài số {n}.")
        for n in range(120)
    )

    seen: list[str] = []
    path = "/quan-tri/nhat-ky/?viec=bai-viet"
    for _ in range(5):
        body = body_of(client, path)
        seen += [part.split("”")[0] for part in body.split("“Bài số ")[1:]]
        if "Cũ hơn" not in body:
            break
        path = "/quan-tri/nhat-ky/" + body.split('href="/quan-tri/nhat-ky/')[-1].split('"')[0].replace("&amp;", "&")

    assert len(seen) == len(set(seen)) == 120
    assert "Bài số 4." not in body_of(client, "/quan-tri/nhat-ky/?nguoi=Người 1")
    assert "Không có dòng nào" in body_of(client, "/quan-tri/nhat-ky/?tu=2001-01-01&den=2001-02-01")


def test_trail_begins_anew_at_entries_of_other_units(unit: Unit) -> None:
    foreign = AuditEntry.objects.create(action="units.unit.changed", unit_id=make_unit().pk, actor="x", subject="Kín")
    client = desk(unit)

    first, odd = body_of(client, "/quan-tri/nhat-ky/"), body_of(client, f"/quan-tri/nhat-ky/?truoc={foreign.pk}")

    assert first.count("trail-line") == odd.count("trail-line")
    assert "Kín" not in odd


def test_trail_is_exported_without_formulas(unit: Unit) -> None:
    AuditEntry.objects.create(
        action="editorial.post.saved", unit_id=unit.pk, actor="=HYPERLINK(1)", subject="Bài, “một”"
    )
    client = desk(unit)

    response = client.get("/quan-tri/nhat-ky/tai-ve/?viec=bai-viet")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    assert rows[0] == ["Thời điểm", "Người thực hiện", "Việc", "Đối tượng", "Chi tiết"]
    assert [row[1:4] for row in rows[1:]] == [["'=HYPERLINK(1)", "lưu bài", "Bài, “một”"]]


def test_trail_shows_what_was_there_before() -> None:
    detail = {
        "changes": {"địa chỉ": ["", "12 Hoa Phượng"]},
        "reason": "Sai",
        "post_id": 5,
        "is_canonical": True,
        "x": [],
    }
    entry = AuditEntry(action="la.la.la", actor="a", subject="b", detail=detail)

    line = lines([entry])[0]

    assert line.details == [
        ("Địa chỉ", "(để trống) → “12 Hoa Phượng”"),
        ("Lý do", "Sai"),
        ("Là tên miền chính", "Có"),
    ]
    assert line.sentence == "thao tác khác với"


# --- School year ------------------------------------------------------------------------------------------------------


def test_year_is_for_heads_and_an_old_page_begins_nothing(unit: Unit) -> None:
    head = desk(unit)

    body_of(desk(unit, Role.EDITOR), "/quan-tri/nam-hoc/", 404)
    body_of(head, "/quan-tri/nam-hoc/")
    for wrong in ("1999", "2090", "x", ""):
        assert head.post("/quan-tri/nam-hoc/bat-dau/", {"nam": wrong}).status_code == 302

    with unit_scope(unit.pk):
        assert not SchoolYear.objects.exists()
