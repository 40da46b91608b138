"""Dated lists: Tin tức, Thông báo, Thư mời."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from congtruong.core import clock
from congtruong.publication.enums import Channel
from congtruong.units.models import Unit
from tests.factories import make_authority, make_image, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "hoaphuong.hcm.edu.vn.localhost"}
DATED = [Channel.NEWS, Channel.NOTICE, Channel.INVITATION]


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")


@pytest.fixture
def department(school: Unit) -> Unit:
    department = make_authority("Sở (mẫu)", host="so.hcm.edu.vn")
    place(school, department)
    return department


def main_part(client: Client, path: str) -> str:
    response = client.get(path, headers=HOST)
    assert response.status_code == 200, path
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def titles(html: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", html)


@pytest.mark.parametrize("channel", DATED)
def test_list_shows_own_and_upstream_entries_newest_first(
    client: Client, school: Unit, department: Unit, channel: Channel
) -> None:
    start = datetime(2026, 9, 7, 5, tzinfo=UTC)
    for day, (owner, title) in enumerate([(school, "Một"), (department, "Hai"), (school, "Ba")]):
        make_post(owner, title, channel=channel, at=start + timedelta(days=day))
    for other in DATED:
        if other != channel:
            make_post(school, f"Mục khác {other}", channel=other)
    make_post(school, "Nháp", channel=channel, publish=False)

    html = main_part(client, f"/{channel}/")

    assert titles(html) == ["Ba", "Hai", "Một"]
    assert "Sở (mẫu)" in html
    assert f"3 {channel.label.lower()}" in html


def test_scopes_separate_own_and_upstream_entries(client: Client, school: Unit, department: Unit) -> None:
    make_post(school, "Của trường")
    make_post(department, "Của Sở")

    assert titles(main_part(client, "/tin-tuc/nguon/don-vi/")) == ["Của trường"]
    assert titles(main_part(client, "/tin-tuc/nguon/cap-tren/")) == ["Của Sở"]
    assert 'href="/tin-tuc/nguon/cap-tren/" aria-current="page"' in main_part(client, "/tin-tuc/nguon/cap-tren/")


def test_entries_are_grouped_by_the_month_in_vietnam(client: Client, school: Unit) -> None:
    make_post(school, "Cuối tháng", at=datetime(2026, 8, 31, 16, 59, tzinfo=UTC))
    make_post(school, "Đầu tháng", at=datetime(2026, 8, 31, 17, 0, tzinfo=UTC))
    make_post(school, "Năm trước", at=datetime(2025, 8, 31, 16, 59, tzinfo=UTC))

    html = main_part(client, "/tin-tuc/")

    assert re.findall(r'<h2 id="thang-\d+">([^<]*)</h2>', html) == ["Tháng 09/2026", "Tháng 08/2026", "Tháng 08/2025"]
    assert titles(html) == ["Đầu tháng", "Cuối tháng", "Năm trước"]


def test_long_list_is_paged_without_duplicates_or_gaps(client: Client, school: Unit) -> None:
    start = datetime(2026, 9, 7, 5, tzinfo=UTC)
    made = [make_post(school, f"Tin {n}", at=start + timedelta(minutes=n)).title for n in range(41)]

    pages = [titles(main_part(client, path)) for path in ("/tin-tuc/", "/tin-tuc/trang/2/", "/tin-tuc/trang/3/")]

    assert [len(page) for page in pages] == [20, 20, 1]
    assert [title for page in pages for title in page] == made[::-1]
    assert titles(main_part(client, "/tin-tuc/nguon/don-vi/trang/3/")) == pages[2]
    assert 'href="/tin-tuc/trang/2/"' in main_part(client, "/tin-tuc/")
    assert "Trang sau" not in main_part(client, "/tin-tuc/trang/3/")


@pytest.mark.parametrize(
    "path",
    [
        "/tin-tuc/trang/0/",
        "/tin-tuc/trang/1/",
        "/tin-tuc/trang/2/",
        "/tin-tuc/trang/99999999999999999999/",
        "/tin-tuc/trang/-1/",
        "/tin-tuc/trang/a/",
        "/tin-tuc/trang/",
        "/tin-tuc/nguon/",
        "/tin-tuc/nguon/la/",
        "/tin-tuc/nguon/don-vi/trang/1/",
        "/tin-tuc/nguon/cap-tren/trang/2/",
        "/van-ban/trang/1/",
        "/gioi-thieu/nguon/don-vi/",
        "/tin-tuc",
        "/Tin-Tuc/",
    ],
)
def test_page_out_of_range_does_not_exist(client: Client, school: Unit, path: str) -> None:
    make_post(school)

    assert client.get(path, headers=HOST).status_code == 404


@pytest.mark.parametrize("channel", DATED)
def test_empty_list_says_so(client: Client, school: Unit, channel: Channel) -> None:
    for path in (f"/{channel}/", f"/{channel}/nguon/don-vi/", f"/{channel}/nguon/cap-tren/"):
        html = main_part(client, path)
        assert f"Chưa có {channel.label.lower()} nào" in html
        assert f"0 {channel.label.lower()}" in html


@pytest.mark.parametrize("channel", DATED)
def test_list_costs_the_same_queries_with_one_and_three_rows(
    client: Client,
    school: Unit,
    department: Unit,
    channel: Channel,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def counted() -> int:
        # On PostgreSQL the scope in which the headings are read costs two.
        with django_assert_max_num_queries(10) as captured:
            client.get(f"/{channel}/", headers=HOST)
        return len(captured)

    def add_rows() -> None:
        for owner in (school, department):
            make_post(owner, channel=channel, starts_at=clock.now() + timedelta(days=1), cover=make_image(owner))

    add_rows()
    with_one = counted()
    add_rows()
    add_rows()

    assert counted() == with_one


def test_coming_events_of_the_unit_stand_beside_the_list(client: Client, school: Unit, department: Unit) -> None:
    soon, past = clock.now() + timedelta(days=2), clock.now() - timedelta(days=2)
    make_post(school, "Họp phụ huynh", channel=Channel.INVITATION, starts_at=soon)
    make_post(school, "Đã qua", channel=Channel.INVITATION, starts_at=past)
    make_post(department, "Họp ở Sở", channel=Channel.INVITATION, starts_at=soon)

    aside = main_part(client, "/tin-tuc/").split("<aside", 1)[1]

    assert re.findall(r"<span>([^<]*)<small>", aside) == ["Họp phụ huynh"]
