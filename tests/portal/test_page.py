"""What every page of a portal has in common, whatever it shows."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from congtruong.core import clock
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.services import Published, publish
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import (
    make_authority,
    make_document,
    make_file,
    make_image,
    make_page,
    make_post,
    make_unit,
    place,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SCHOOL, DEPARTMENT = "hoaphuong.hcm.edu.vn", "so.hcm.edu.vn"
SCHOOL_NAME, DEPARTMENT_NAME = "Trường THCS “Hoa Phượng” & bạn <mẫu>", "Sở Giáo dục (mẫu)"

# Path → title before the name of the unit; "" when the title is the name itself.
ON_SCHOOL = {
    "/": "",
    "/tin-tuc/": "Tin tức",
    "/thong-bao/": "Thông báo",
    "/thu-moi/": "Thư mời",
    "/tin-tuc/nguon/don-vi/": "Tin tức",
    "/tin-tuc/nguon/cap-tren/": "Tin tức",
    "/tin-tuc/ngay-hoi/": "Ngày hội “đọc” </script> & vui",
    "/thong-bao/lich-hoc/": "Lịch học",
    "/thu-moi/hop/": "Họp",
    "/van-ban/": "Văn bản",
    "/van-ban/?so=ke+hoach&hl=con": "Văn bản",
    "/van-ban/ke-hoach/": "Kế hoạch",
    "/gioi-thieu/": "Giới thiệu",
    "/gioi-thieu/lich-su/": "Lịch sử",
    "/lien-he/": "Liên hệ",
    "/so-do-trang/": "Sơ đồ trang",
    "/rss/": "Nhận tin qua RSS",
    "/tim-kiem/": "Tìm kiếm",
    "/tim-kiem/?q=ngay+hoi": "Tìm “ngay hoi”",
    "/tim-kiem/?q=%3Cscript%3E%22%27": "Tìm “<script>\"'”",
    "/nguon/{item}/tin-cua-nguon/": "Tin của nguồn",
}
ON_DEPARTMENT = {
    "/": "",
    "/don-vi/": "Các đơn vị",
    "/don-vi/?q=hoa&cap=thcs": "Các đơn vị",
    "/tin-don-vi/": "Tin từ các đơn vị",
    "/gioi-thieu/": "Giới thiệu",
}
NOT_FOUND = {"/tin-tuc/khong-co/": "Không tìm thấy trang", "/khong-co": "Không tìm thấy trang"}
PAGES = [
    *((SCHOOL, SCHOOL_NAME, path, title, 200) for path, title in ON_SCHOOL.items()),
    *((DEPARTMENT, DEPARTMENT_NAME, path, title, 200) for path, title in ON_DEPARTMENT.items()),
    *((SCHOOL, SCHOOL_NAME, path, title, 404) for path, title in NOT_FOUND.items()),
]


@pytest.fixture
def school() -> Unit:
    school = make_unit(SCHOOL_NAME, host=SCHOOL, tagline="Học & vui", email="a@b.edu.vn", address="12 Đường A")
    department = make_authority(DEPARTMENT_NAME, host=DEPARTMENT)
    place(school, department)
    soon = clock.now() + timedelta(days=2)
    make_post(
        school,
        "Ngày hội “đọc” </script> & vui",
        slug="ngay-hoi",
        cover=make_image(school, alt="Sân trường"),
        author="Lê Thị C",
        files=[(make_file(school), "Mẫu đơn")],
    )
    make_post(school, "Lịch học", channel=Channel.NOTICE)
    make_post(school, "Họp", channel=Channel.INVITATION, starts_at=soon, place="Hội trường")
    make_document(school, "Kế hoạch", expires_on=date(2026, 9, 30), effective_on=date(2026, 9, 8))
    make_page(school, "Lịch sử")
    with unit_scope(department.pk):
        publish(
            content=Published(
                unit_id=department.pk,
                kind=EntryKind.ITEM,
                object_id=1,
                channels=(Channel.NEWS,),
                title="Tin của nguồn",
                source_name="Sở Giáo dục",
                source_url="https://so.example.vn/tin/1?a=1&b=2",
                published_at=clock.now(),
                is_broadcast=True,
                facts={"enclosures": [{"url": "https://so.example.vn/t.pdf", "type": "application/pdf", "length": 9}]},
            )
        )
    return school


def filled(path: str) -> str:
    return path.format(item=Entry.objects.get(kind=EntryKind.ITEM).pk) if "{item}" in path else path


def metas(html: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    return {name: unescape(content) for name, content in found}


@pytest.mark.parametrize(("host", "owner", "path", "title", "status"), PAGES)
def test_page_says_what_it_is_to_people_and_machines(
    client: Client, school: Unit, host: str, owner: str, path: str, title: str, status: int
) -> None:
    path = filled(path)
    response = client.get(path, headers={"host": f"{host}.localhost"})

    html = response.content.decode()
    full_title = f"{title} – {owner}" if title else owner
    assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert [unescape(found) for found in re.findall(r"<title>([^<]*)</title>", html)] == [full_title]
    assert html.count("<h1") == 1
    assert "UNDEFINED" not in html
    assert html.count('<html lang="vi"') == 1

    (canonical,) = re.findall(r'<link rel="canonical" href="([^"]*)">', html)
    is_from_source = path.startswith("/nguon/")
    own_address = f"http://{host}.localhost{path.split('?')[0]}"
    assert unescape(canonical) == ("https://so.example.vn/tin/1?a=1&b=2" if is_from_source else own_address)

    said = metas(html)
    assert said["description"]
    assert {name: said[name] for name in ("og:title", "og:url", "og:site_name", "og:locale", "og:description")} == {
        "og:title": title or owner,
        "og:url": unescape(canonical),
        "og:site_name": owner,
        "og:locale": "vi_VN",
        "og:description": said["description"],
    }
    is_article = "{item}" in path or is_from_source or path in {"/tin-tuc/ngay-hoi/", "/thong-bao/lich-hoc/"}
    is_article = is_article or path in {"/thu-moi/hop/", "/van-ban/ke-hoach/"}
    assert said["og:type"] == ("article" if is_article else "website")
    is_listed = status == 200 and "?" not in path and not path.startswith("/tim-kiem/")
    assert said.get("robots") == (None if is_listed else "noindex, follow")

    feeds = re.findall(r'<link rel="alternate" type="application/rss\+xml" title="[^"]*" href="([^"]*)">', html)
    assert feeds[0] == "/rss/tat-ca.xml"
    for feed in feeds:
        assert client.get(feed, headers={"host": f"{host}.localhost"}).status_code == 200

    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(data)["@context"] == "https://schema.org"


_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MACHINE_PATHS = ["/rss/tat-ca.xml", "/rss/van-ban.xml", "/sitemap.xml", "/robots.txt", "/tep/{key}/{name}"]


def everything() -> list[tuple[str, str]]:
    """Host and path of every page, feed and file of the two portals."""
    pages = [(host, filled(path)) for host, _, path, *_ in PAGES]
    image = Entry.objects.exclude(image=None).get().image or {}
    machines = [path.format(key=image["key"], name=image["renditions"][0]["name"]) for path in MACHINE_PATHS]
    return pages + [(SCHOOL, path) for path in machines]


def fetch(client: Client, host: str, path: str) -> tuple[HttpResponse, bytes]:
    response: Any = client.get(path, headers={"host": f"{host}.localhost"})
    return response, response.getvalue()


def test_every_answer_has_headers_against_misuse(client: Client, school: Unit) -> None:
    for host, path in everything():
        response, _ = fetch(client, host, path)

        assert {name: response[name] for name in _SECURITY} == _SECURITY, path


def test_no_answer_looks_at_cookies_or_sets_one(client: Client, school: Unit) -> None:
    plain = {page: fetch(client, *page) for page in everything()}
    client.cookies.load({"sessionid": "a" * 32, "csrftoken": "b" * 32, "messages": "c"})

    for page, (before, body) in plain.items():
        after, same_body = fetch(client, *page)

        assert body == same_body, page
        for response in (before, after):
            assert not response.cookies, page
            assert "cookie" not in response.get("Vary", "").lower(), page


def test_pages_obey_the_content_security_policy(client: Client, school: Unit) -> None:
    for host, _, path, *_ in PAGES:
        html = fetch(client, host, filled(path))[1].decode()
        loaded = re.findall(r'<(?:img|script|source)[^>]* src="([^"]*)"', html)
        loaded += re.findall(r'<link rel="(?:stylesheet|icon|preload)" href="([^"]*)"', html)

        inline = r'<script(?! type="application/ld\+json"| type="module" src="/static/js/[a-z]+\.js"></script>)'
        assert re.findall(inline, html) == [], path
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", html) == [], path
        assert [address for address in loaded if not address.startswith("/")] == [], path


def test_links_inside_the_portals_lead_somewhere(client: Client, school: Unit) -> None:
    links = {
        (host, unescape(link))
        for host, _, path, *_ in PAGES
        for link in re.findall(r'<a [^>]*href="(/[^"]*)"', fetch(client, host, filled(path))[1].decode())
    }

    broken = {(host, link) for host, link in links if fetch(client, host, link)[0].status_code != 200}

    assert len(links) > 40
    assert broken == set()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_public_pages_accept_reading_only(client: Client, school: Unit, method: str) -> None:
    paths = [*ON_SCHOOL, "/rss/tin-tuc.xml", "/sitemap.xml", "/robots.txt", "/tep/khoa/ten.pdf"]
    asked: Iterator[Any] = (
        getattr(client, method)(filled(path), headers={"host": f"{SCHOOL}.localhost"}) for path in paths
    )

    assert [(answer.status_code, answer["Allow"], answer.content) for answer in asked] == [
        (405, "GET, HEAD", b"")
    ] * len(paths)


def test_head_answers_like_get_without_a_body(client: Client, school: Unit) -> None:
    for path in [*ON_SCHOOL, "/rss/tin-tuc.xml", "/sitemap.xml", "/robots.txt"]:
        got = client.get(filled(path), headers={"host": f"{SCHOOL}.localhost"})
        asked = client.head(filled(path), headers={"host": f"{SCHOOL}.localhost"})

        assert (asked.status_code, asked.content, asked.headers) == (200, b"", got.headers), path
