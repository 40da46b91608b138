"""What machines read: sitemap, robots, files."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from congtruong.media.models import Asset
from congtruong.media.services import add_asset, set_usages
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import (
    BY,
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

HOST = {"host": "hoaphuong.hcm.edu.vn.localhost"}
BASE = "http://hoaphuong.hcm.edu.vn.localhost"
NOON = datetime(2026, 9, 7, 5, tzinfo=UTC)


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng & bạn (mẫu)", host="hoaphuong.hcm.edu.vn")


def get(client: Client, path: str, **headers: str) -> Any:
    return client.get(path, headers={**HOST, **headers})


def texts(element: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in element.iter(name)]


def test_sitemap_lists_fixed_pages_and_own_entries_only(client: Client, school: Unit) -> None:
    department = make_authority()
    place(school, department)
    make_post(department, "Từ Sở")
    make_post(make_unit(), "Nơi khác")
    make_post(school, "Nháp", publish=False)
    make_post(school, "Khai giảng", at=NOON)
    make_page(school, "Lịch sử")
    make_document(school, "Kế hoạch")

    response = get(client, "/sitemap.xml")

    assert (response.status_code, response["Content-Type"]) == (200, "application/xml; charset=utf-8")
    root = ET.fromstring(response.content)  # noqa: S314 - our own output
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.tag == f"{space}urlset"
    fixed = ("", "gioi-thieu/", "tin-tuc/", "thong-bao/", "van-ban/", "thu-moi/", "lien-he/", "so-do-trang/", "rss/")
    own = ("tin-tuc/khai-giang/", "gioi-thieu/lich-su/", "van-ban/ke-hoach/")
    assert sorted(texts(root, f"{space}loc")) == sorted(f"{BASE}/{path}" for path in (*fixed, *own))
    days = {url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod") for url in root}
    assert days[f"{BASE}/tin-tuc/khai-giang/"] == "2026-09-07"


def test_sitemap_names_the_pages_of_an_authority(client: Client) -> None:
    make_authority(host="so.hcm.edu.vn")

    body = client.get("/sitemap.xml", headers={"host": "so.hcm.edu.vn"}).content.decode()

    assert "<loc>http://so.hcm.edu.vn.localhost/don-vi/</loc>" in body
    assert "<loc>http://so.hcm.edu.vn.localhost/tin-don-vi/</loc>" in body


def test_every_address_of_the_sitemap_answers(client: Client, school: Unit) -> None:
    make_post(school)
    make_page(school)
    root = ET.fromstring(get(client, "/sitemap.xml").content)  # noqa: S314 - our own output

    answers = {loc: get(client, loc.removeprefix(BASE)).status_code for loc in texts(root, root[0][0].tag)}

    assert len(answers) == 11
    assert set(answers.values()) == {200}


def test_robots_keeps_search_out_and_names_the_sitemap(client: Client, school: Unit) -> None:
    response = get(client, "/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (f"User-agent: *\nDisallow: /tim-kiem/\n\nSitemap: {BASE}/sitemap.xml\n")


def opened(asset: Asset) -> Asset:
    with unit_scope(asset.unit_id):
        set_usages(unit=asset.unit, kind="post", object_id=asset.pk, label="Bài", assets=[asset.pk], live=[asset.pk])
        asset.refresh_from_db()
    return asset


def test_pdf_is_shown_in_the_browser_and_asked_for_again(client: Client, school: Unit) -> None:
    asset = opened(make_file(school, "ke-hoach.pdf"))

    response = get(client, f"/tep/{asset.key}/ke-hoach.pdf")

    assert (response.status_code, response.getvalue()) == (200, b"%PDF-1.4 thu")
    assert {name: response[name] for name in _FILE} == _FILE | {"ETag": f'"{asset.sha256[:16]}"'}


_FILE = {
    "Content-Type": "application/pdf",
    "Content-Disposition": 'inline; filename="ke-hoach.pdf"',
    "Content-Length": "12",
    "Cache-Control": "public, max-age=300, must-revalidate",
    "X-Content-Type-Options": "nosniff",
    "ETag": "",
}


def test_image_is_shown_in_the_browser(client: Client, school: Unit) -> None:
    asset = opened(make_image(school))

    response = get(client, f"/tep/{asset.key}/40.webp")

    assert (response["Content-Type"], response["Content-Disposition"]) == ("image/webp", 'inline; filename="40.webp"')
    assert response.getvalue()[8:12] == b"WEBP"


def test_other_files_are_saved_not_shown(client: Client, school: Unit) -> None:
    body = bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 20
    with unit_scope(school.pk):
        asset = opened(add_asset(unit=school, body=body, name="danh sách.xls", by=BY))

    response = get(client, f"/tep/{asset.key}/danh-sach.xls")

    assert (response["Content-Type"], response["Content-Disposition"], response["X-Content-Type-Options"]) == (
        "application/vnd.ms-excel",
        'attachment; filename="danh-sach.xls"',
        "nosniff",
    )
    assert response.getvalue() == body


def test_known_file_is_not_sent_again(client: Client, school: Unit) -> None:
    asset = opened(make_file(school, "ke-hoach.pdf"))
    path = f"/tep/{asset.key}/ke-hoach.pdf"
    first = get(client, path)
    assert first.getvalue() == b"%PDF-1.4 thu"

    again = get(client, path, **{"if-none-match": first["ETag"]})
    changed = get(client, path, **{"if-none-match": '"khac"'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (changed.status_code, changed.getvalue()) == (200, b"%PDF-1.4 thu")


def test_private_foreign_and_missing_files_answer_alike(client: Client, school: Unit) -> None:
    private, foreign = make_file(school), opened(make_file(make_unit()))
    public = opened(make_file(school, "khac.pdf", b"%PDF-1.4 khac"))
    lost = opened(make_file(school, "mat.pdf", b"%PDF-1.4 mat"))
    default_storage.delete(f"{lost.folder}/mat.pdf")
    paths = [
        "/tep/khong-he-co/van-ban.pdf",
        f"/tep/{private.key}/van-ban.pdf",
        f"/tep/{foreign.key}/van-ban.pdf",
        f"/tep/{public.key}/ten-khac.pdf",
        f"/tep/{public.key}/..",
        f"/tep/{lost.key}/mat.pdf",
    ]

    answers = [(path, get(client, path)) for path in paths]

    assert {answer.status_code for _, answer in answers} == {404}
    assert len({answer.content.replace(path.encode(), b"PATH") for path, answer in answers}) == 1
    assert {answer.get("Cache-Control") for _, answer in answers} == {None}


@pytest.mark.parametrize("path", ["/tep/../settings.py", "/tep/a/b/c.pdf", "/tep/a/%2e%2e%2fx", "/tep//x", "/tep/a/"])
def test_addresses_never_reach_other_files(client: Client, school: Unit, path: str) -> None:
    assert get(client, path).status_code == 404
