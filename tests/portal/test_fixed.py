"""Pages every portal has: Giới thiệu, Liên hệ, Sơ đồ trang, RSS."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from congtruong.units.enums import Kind, Ownership
from congtruong.units.models import Ward
from tests.factories import make_authority, make_page, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = "hoaphuong.hcm.edu.vn"


def page(client: Client, path: str) -> str:
    response = client.get(path, headers={"host": HOST})
    assert response.status_code == 200, path
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def facts(html: str) -> dict[str, str]:
    pairs = re.findall(r"<dt>([^<]*)</dt><dd>(.*?)</dd>", html)
    return {name: unescape(re.sub("<[^>]+>", "", value)) for name, value in pairs}


def test_about_lists_the_pages_at_the_top_of_the_tree(client: Client) -> None:
    unit = make_unit(host=HOST, tagline="Học & vui")
    parent = make_page(unit, "Tổ chức", order=2)
    make_page(unit, "Ban Giám hiệu", parent=parent)
    make_page(unit, "Lịch sử", order=1, body="<p>Thành lập năm 1990.</p>")
    make_page(make_unit(), "Trang nơi khác")

    html = page(client, "/gioi-thieu/")

    assert re.findall(r'<h2><a href="([^"]*)">([^<]*)</a></h2><p>([^<]*)</p>', html) == [
        ("/gioi-thieu/lich-su/", "Lịch sử", "Thành lập năm 1990."),
        ("/gioi-thieu/to-chuc/", "Tổ chức", "Bài"),
    ]
    assert "Học &amp; vui" in html


def test_about_without_pages_says_what_the_register_knows(client: Client) -> None:
    unit = make_unit(
        "Trường Mầm non Sao Mai", host=HOST, kind=Kind.PRESCHOOL, ownership=Ownership.PRIVATE, phone="028 1"
    )
    place(unit, make_authority("Sở (mẫu)"))

    html = page(client, "/gioi-thieu/")

    assert facts(html) == {
        "Loại": "Trường mầm non",
        "Cấp học": "Mầm non",
        "Loại hình": "Ngoài công lập",
        "Cơ quan quản lý": "Sở (mẫu)",
        "Điện thoại": "028 1",
    }
    assert "Các trang giới thiệu chi tiết chưa được đăng." in html


def test_about_of_an_authority_names_no_ownership_or_level(client: Client) -> None:
    make_authority("Sở (mẫu)", host=HOST, phone="028 1")

    assert facts(page(client, "/gioi-thieu/")) == {"Loại": "Sở Giáo dục và Đào tạo", "Điện thoại": "028 1"}


def test_contact_shows_everything_known(client: Client) -> None:
    ward = Ward.objects.create(name="An Lạc", province="Thành phố Hồ Chí Minh")
    make_unit(
        "Trường Hoa Phượng",
        host=HOST,
        address="12 Đường Số 1",
        ward=ward,
        phone="(028) 3000 1234",
        email="vanthu@hoaphuong.edu.vn",
        office_hours="7 giờ 30 đến 16 giờ 30",
        responsible_name="Trần Văn A",
        responsible_title="Hiệu trưởng",
        directions="Xe buýt 16.\nXuống trạm chợ.",
    )

    html = page(client, "/lien-he/")

    assert facts(html) == {
        "Địa chỉ": "12 Đường Số 1, phường An Lạc, Thành phố Hồ Chí Minh",
        "Điện thoại": "(028) 3000 1234",
        "Thư điện tử": "vanthu@hoaphuong.edu.vn",
        "Giờ làm việc": "7 giờ 30 đến 16 giờ 30",
        "Chịu trách nhiệm nội dung": "Trần Văn A, Hiệu trưởng",
    }
    assert 'href="tel:02830001234"' in html
    assert "<p>Xe buýt 16.<br>Xuống trạm chợ.</p>" in html


def test_contact_without_phone_and_address_still_helps(client: Client) -> None:
    make_unit(host=HOST, phone="")

    html = page(client, "/lien-he/")

    assert facts(html) == {"Liên hệ": "Điện thoại và thư điện tử đang được cập nhật."}
    assert ("tel:" in html, 'href="/tim-kiem/"' in html) == (False, True)


def test_contact_of_a_dissolved_authority_says_until_when(client: Client) -> None:
    make_authority(host=HOST, kind=Kind.DISTRICT_OFFICE, closed_on=date(2025, 6, 30), phone="")

    assert facts(page(client, "/lien-he/")) == {"Lưu trữ": "Kết thúc hoạt động ngày 30/06/2025"}


def test_site_map_lists_sections_and_pages_children_after_parents(client: Client) -> None:
    unit = make_unit(host=HOST)
    parent = make_page(unit, "Tổ chức", order=1)
    make_page(unit, "Lịch sử", order=2)
    make_page(unit, "Ban Giám hiệu", parent=parent, order=9)

    links = re.findall(r'<li><a href="([^"]*)">([^<]*)</a></li>', page(client, "/so-do-trang/"))

    assert links == [
        ("/", "Trang chủ"),
        ("/gioi-thieu/", "Giới thiệu"),
        ("/tin-tuc/", "Tin tức"),
        ("/thong-bao/", "Thông báo"),
        ("/van-ban/", "Văn bản"),
        ("/thu-moi/", "Thư mời"),
        ("/lien-he/", "Liên hệ"),
        ("/gioi-thieu/to-chuc/", "Tổ chức"),
        ("/gioi-thieu/ban-giam-hieu/", "Ban Giám hiệu"),
        ("/gioi-thieu/lich-su/", "Lịch sử"),
        ("/tim-kiem/", "Tìm kiếm"),
        ("/rss/", "Nhận tin qua RSS"),
        ("/sitemap.xml", "Sơ đồ cho máy tìm kiếm (XML)"),
    ]


def test_feeds_page_names_every_feed(client: Client) -> None:
    make_unit(host=HOST)

    feeds = re.findall(r'<a href="(/rss/[^"]+\.xml)"', page(client, "/rss/"))

    assert feeds == [f"/rss/{name}.xml" for name in ("tat-ca", "tin-tuc", "thong-bao", "van-ban", "thu-moi")]
