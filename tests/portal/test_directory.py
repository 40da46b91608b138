"""Pages of an authority about the units below it, and the front door of the province."""

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from congtruong.publication.enums import Channel
from congtruong.units.enums import Kind, Level, OversightKind, Ownership
from congtruong.units.models import Unit, Ward
from tests.factories import make_authority, make_image, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DEPARTMENT, CENTRAL = "so.hcm.edu.vn", "congtruong.test"


@pytest.fixture
def department() -> Unit:
    return make_authority("Sở (mẫu)", host=DEPARTMENT)


@pytest.fixture
def ward() -> Ward:
    return Ward.objects.create(name="An Lạc", province="Thành phố Hồ Chí Minh", from_on=date(2025, 7, 1))


@pytest.fixture
def schools(department: Unit, ward: Ward) -> dict[str, Unit]:
    """Four schools below the department, two elsewhere."""
    made = {
        "kindergarten": make_unit("Trường Mầm non Sao Mai", kind=Kind.PRESCHOOL, ownership=Ownership.PRIVATE),
        "primary": make_unit("Trường Tiểu học Đặng Văn Bất", kind=Kind.PRIMARY, ward=ward),
        "secondary": make_unit("Trường THCS An Lạc", ward=ward),
        "both": make_unit("Trường Cánh Diều", kind=Kind.MULTI_LEVEL, levels=int(Level.PRIMARY | Level.LOWER_SECONDARY)),
    }
    for school in made.values():
        place(school, department)
    make_unit("Trường nơi khác")
    closed = make_unit("Trường đã giải thể", closed_on=date(2024, 1, 1))
    place(closed, department)
    return made


def page(client: Client, path: str = "/don-vi/", host: str = DEPARTMENT) -> str:
    response = client.get(path, headers={"host": host})
    assert response.status_code == 200, path
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def names(html: str) -> list[str]:
    units = html.split("<h2 id=", maxsplit=1)[0]
    return [unescape(name) for name in re.findall(r"<b>([^<]*)</b>", units)]


ALL = ["Trường Cánh Diều", "Trường Mầm non Sao Mai", "Trường THCS An Lạc", "Trường Tiểu học Đặng Văn Bất"]


def test_directory_lists_the_education_units_below(client: Client, schools: dict[str, Unit], department: Unit) -> None:
    ward_committee = make_authority("UBND phường (mẫu)", kind=Kind.WARD_COMMITTEE)
    place(ward_committee, department)

    html = page(client)

    assert names(html) == ALL
    assert "4 đơn vị" in html
    assert "Trung học cơ sở · Công lập · Phường An Lạc" in html
    assert "Mầm non · Ngoài công lập · Phường: chưa xác định" in html
    host = schools["secondary"].hosts.get().name
    assert f'<a class="unit" href="http://{host}.localhost/">' in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=sao+mai", ["Trường Mầm non Sao Mai"]),
        ("?q=dang+van+bat", ["Trường Tiểu học Đặng Văn Bất"]),
        ("?q=%C4%90%E1%BA%B7ng", ["Trường Tiểu học Đặng Văn Bất"]),
        ("?q=lac+an", ["Trường THCS An Lạc"]),
        ("?q=khong+co", []),
        ("?cap=mam-non", ["Trường Mầm non Sao Mai"]),
        ("?cap=tieu-hoc", ["Trường Cánh Diều", "Trường Tiểu học Đặng Văn Bất"]),
        ("?cap=thcs", ["Trường Cánh Diều", "Trường THCS An Lạc"]),
        ("?cap=thpt", []),
        ("?loai=ngoai_cong_lap", ["Trường Mầm non Sao Mai"]),
        ("?loai=cong_lap&cap=tieu-hoc&q=dieu", ["Trường Cánh Diều"]),
        ("?phuong=chua-ro", ["Trường Cánh Diều", "Trường Mầm non Sao Mai"]),
        ("?phuong={ward}", ["Trường THCS An Lạc", "Trường Tiểu học Đặng Văn Bất"]),
        ("?phuong={ward}&cap=thcs", ["Trường THCS An Lạc"]),
        ("?phuong=999999", []),
    ],
)
def test_directory_is_narrowed_by_name_level_ward_and_ownership(
    client: Client, schools: dict[str, Unit], ward: Ward, query: str, found: list[str]
) -> None:
    html = page(client, f"/don-vi/{query.format(ward=ward.pk)}")

    assert names(html) == found
    assert f"{len(found)} đơn vị phù hợp" in html


@pytest.mark.parametrize(
    "query",
    [
        "?cap=la",
        "?loai=la",
        "?phuong=la",
        "?phuong=-1",
        "?phuong=" + "x" * 30,
        "?trang=99",
        "?trang=0",
        "?trang=x",
        "?q=%00",
        "?q=%20",
        "?la=1",
    ],
)
def test_wrong_filter_values_are_left_out(client: Client, schools: dict[str, Unit], query: str) -> None:
    assert names(page(client, f"/don-vi/{query}")) == ALL


@pytest.mark.parametrize("number", ["99999999999999999999", "9223372036854775808", "0", "٣", "1e3"])
def test_ward_number_that_cannot_be_is_harmless(client: Client, schools: dict[str, Unit], number: str) -> None:
    assert client.get("/don-vi/", {"phuong": number}, headers={"host": DEPARTMENT}).status_code == 200


def test_directory_offers_the_wards_of_its_units(client: Client, schools: dict[str, Unit], ward: Ward) -> None:
    Ward.objects.create(name="Phường vắng", province="Thành phố Hồ Chí Minh")

    select = page(client).split('name="phuong">', 1)[1].split("</select>")[0]

    assert re.findall(r"<option[^>]*>([^<]*)</option>", select) == ["Tất cả", "An Lạc", "Chưa xác định"]


def test_directory_without_units_says_so(client: Client, department: Unit) -> None:
    assert "Không có đơn vị phù hợp" in page(client)


def test_directory_shows_a_unit_without_a_portal_and_no_link(client: Client, department: Unit) -> None:
    school = make_unit("Trường chưa có cổng")
    place(school, department)
    school.hosts.all().delete()

    html = page(client)

    assert names(html) == ["Trường chưa có cổng"]
    assert ("Chưa có cổng thông tin" in html, '<a class="unit"' in html) == (True, False)


def test_long_directory_is_paged_and_keeps_its_filters(client: Client, department: Unit) -> None:
    for number in range(23):
        place(make_unit(f"Trường số {number:02d}"), department)

    first, second = names(page(client, "/don-vi/?q=truong")), names(page(client, "/don-vi/?q=truong&trang=2"))

    assert first + second == [f"Trường số {number:02d}" for number in range(23)]
    assert len(first) == 20
    assert 'href="/don-vi/?q=truong&amp;trang=2"' in page(client, "/don-vi/?q=truong")


def test_directory_costs_the_same_queries_with_one_and_three_units(
    client: Client, department: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def counted(path: str) -> int:
        with django_assert_max_num_queries(16) as captured:
            page(client, path)
        return len(captured)

    def add_unit() -> None:
        school = make_unit()
        place(school, department)
        make_post(school, cover=make_image(school))

    add_unit()
    with_one = [counted(path) for path in ("/don-vi/", "/tin-don-vi/", "/")]
    add_unit()
    add_unit()

    assert [counted(path) for path in ("/don-vi/", "/tin-don-vi/", "/")] == with_one


def test_dissolved_authority_keeps_the_directory_of_its_last_day(client: Client) -> None:
    last_day = date(2025, 6, 30)
    district = make_authority(
        "Phòng GD&ĐT (mẫu)", kind=Kind.DISTRICT_OFFICE, host="phong.hcm.edu.vn", closed_on=last_day
    )
    ward_committee = make_authority("UBND phường (mẫu)", kind=Kind.WARD_COMMITTEE, host="phuong.hcm.edu.vn")
    school, gone = make_unit("Trường ở lại"), make_unit("Trường đi trước")
    place(school, district, to_on=last_day)
    place(school, ward_committee, from_on=date(2025, 7, 1))
    place(gone, district, to_on=date(2024, 12, 31))
    make_post(school, "Tin năm 2024", at=datetime(2024, 9, 5, tzinfo=UTC))
    make_post(school, "Tin năm 2026", at=datetime(2026, 9, 5, tzinfo=UTC))

    html = page(client, host="phong.hcm.edu.vn")

    assert names(html) == ["Trường ở lại"]
    assert "tính đến ngày 30/06/2025" in html
    assert _titles(page(client, "/tin-don-vi/", "phong.hcm.edu.vn")) == ["Tin năm 2024"]
    assert names(page(client, host="phuong.hcm.edu.vn")) == ["Trường ở lại"]
    assert _titles(page(client, "/tin-don-vi/", "phuong.hcm.edu.vn")) == ["Tin năm 2026", "Tin năm 2024"]


def _titles(html: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", html)


@pytest.mark.parametrize("path", ["/don-vi/", "/tin-don-vi/", "/tin-don-vi/trang/2/"])
def test_pages_about_units_exist_on_portals_of_authorities_only(client: Client, path: str) -> None:
    make_unit(host="truong.hcm.edu.vn")

    assert client.get(path, headers={"host": "truong.hcm.edu.vn"}).status_code == 404


def test_news_from_below_leads_to_the_portals_of_the_units(
    client: Client, schools: dict[str, Unit], department: Unit
) -> None:
    school = schools["secondary"]
    make_post(school, "Ngày hội đọc sách")
    make_post(school, "Thông báo không phải tin", channel=Channel.NOTICE)
    make_post(school, "Nháp", publish=False)
    make_post(department, "Tin của Sở")
    make_post(make_unit(), "Tin nơi khác")
    host = school.hosts.get().name

    html = page(client, "/tin-don-vi/")

    assert _titles(html) == ["Ngày hội đọc sách"]
    assert f'href="http://{host}.localhost/tin-tuc/ngay-hoi-doc-sach/"' in html
    assert "Trường THCS An Lạc" in html


def test_news_from_below_is_paged(client: Client, schools: dict[str, Unit]) -> None:
    for number in range(23):
        make_post(schools["primary"], f"Tin {number}", at=datetime(2026, 9, 1, number, tzinfo=UTC))

    pages = [_titles(page(client, path)) for path in ("/tin-don-vi/", "/tin-don-vi/trang/2/", "/tin-don-vi/trang/9/")]

    assert pages[0] + pages[1] == [f"Tin {number}" for number in range(22, -1, -1)]
    assert pages[2] == pages[0]


def test_news_from_below_without_news_says_so(client: Client, department: Unit) -> None:
    assert "Chưa có tin nào" in page(client, "/tin-don-vi/")


def test_home_of_an_authority_counts_levels_and_ownership(client: Client, schools: dict[str, Unit]) -> None:
    html = page(client, "/")

    assert re.findall(r'<a class="chip" href="([^"]*)">([^<]*) <span class="num">(\d+)</span>', html) == [
        ("/don-vi/?cap=mam-non", "Mầm non", "1"),
        ("/don-vi/?cap=tieu-hoc", "Tiểu học", "2"),
        ("/don-vi/?cap=thcs", "Trung học cơ sở", "2"),
        ("/don-vi/?loai=ngoai_cong_lap", "Ngoài công lập", "1"),
    ]
    assert "Tất cả 4 đơn vị" in html


def test_units_reached_in_both_chains_are_listed_once(client: Client, department: Unit) -> None:
    school = make_unit("Trường hai mối")
    place(school, department)
    place(school, department, kind=OversightKind.PROFESSIONAL)

    assert names(page(client)) == ["Trường hai mối"]


def test_front_door_lists_every_school_and_authority(
    client: Client, schools: dict[str, Unit], department: Unit
) -> None:
    response: Any = client.get("/", headers={"host": CENTRAL})

    html = response.content.decode()
    listed = [unescape(name) for name in re.findall(r"<b>([^<]*)</b>", html)]
    assert (response.status_code, html.count("<h1"), "UNDEFINED" in html) == (200, 1, False)
    assert listed == [*ALL[:2], "Trường nơi khác", *ALL[2:], "Sở (mẫu)"]
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_front_door_finds_a_school_by_its_name(client: Client, schools: dict[str, Unit]) -> None:
    assert names(page(client, "/?q=an+lac&cap=thcs", CENTRAL)) == ["Trường THCS An Lạc"]
