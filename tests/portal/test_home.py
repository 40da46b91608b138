"""The home page as a visitor meets it."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from congtruong.core import clock
from congtruong.publication.enums import Channel
from congtruong.units.enums import Kind
from tests.factories import make_authority, make_image, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def get(client: Client, host: str, path: str = "/") -> str:
    response = client.get(path, headers={"host": f"{host}.localhost"})
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def test_home_shows_own_news_notices_and_what_the_department_published(client: Client) -> None:
    department = make_authority("Sở Giáo dục (mẫu)")
    unit = make_unit("Trường THCS Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")
    place(unit, department)
    image = make_image(unit, alt="Sân trường")
    make_post(unit, "Ngày hội đọc sách", cover=image)
    make_post(unit, "Lịch kiểm tra", channel=Channel.NOTICE)
    make_post(department, "Bảo trì học bạ số", channel=Channel.NOTICE)
    make_post(unit, "Chưa duyệt", publish=False)

    body = get(client, "hoaphuong.hcm.edu.vn")

    assert "Ngày hội đọc sách" in body
    assert "Lịch kiểm tra" in body
    assert "Bảo trì học bạ số" in body
    assert "Chưa duyệt" not in body
    assert "UNDEFINED" not in body
    assert body.count("<h1") == 1


def test_home_of_a_unit_without_content_still_helps(client: Client) -> None:
    make_unit("Trường Mầm non Trống (mẫu)", kind=Kind.PRESCHOOL, host="trong.hcm.edu.vn", phone="")

    body = get(client, "trong.hcm.edu.vn")

    assert "Điện thoại và thư điện tử đang được cập nhật." in body
    assert "Chưa có thông báo nào." in body
    assert "UNDEFINED" not in body


def test_home_costs_the_same_queries_with_one_and_three_rows(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    department = make_authority()
    unit = make_unit(host="dem.hcm.edu.vn")
    place(unit, department)

    def counted() -> int:
        with django_assert_max_num_queries(12) as captured:
            get(client, "dem.hcm.edu.vn")
        return len(captured)

    def add_row() -> None:
        for owner in (unit, department):
            for channel in (Channel.NEWS, Channel.NOTICE, Channel.INVITATION):
                make_post(owner, channel=channel, starts_at=clock.now() + timedelta(days=1))

    add_row()
    with_one = counted()
    add_row()
    add_row()

    assert counted() == with_one


def test_home_ignores_cookies_and_sets_none(client: Client) -> None:
    make_unit(host="banh.hcm.edu.vn")
    plain = client.get("/", headers={"host": "banh.hcm.edu.vn.localhost"})
    client.cookies["sessionid"] = "abc"
    client.cookies["csrftoken"] = "def"
    with_cookies = client.get("/", headers={"host": "banh.hcm.edu.vn.localhost"})

    assert plain.content == with_cookies.content
    assert not plain.cookies
    assert not with_cookies.cookies
    assert "Cookie" not in plain.get("Vary", "")
