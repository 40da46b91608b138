"""Every type of public page in a real browser, at phone, tablet and desktop width."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Demo, Visit, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SCHOOL = "thcshoaphuong.tinhmau.edu.vn"
PRESCHOOL = "mnsaomai.tinhmau.edu.vn"
PRIMARY = "thcanhdieu.tinhmau.edu.vn"
PLAIN = "thcstantaoa.hcm.edu.vn"
WARD = "giaoduc.banglang.tinhmau.gov.vn"
OFFICE = "pgdbinhtan.hcm.edu.vn"
DEPARTMENT = "sogddt.tinhmau.edu.vn"
PAGES = {
    "home of a full school": (SCHOOL, "/"),
    "home of a preschool": (PRESCHOOL, "/"),
    "home of a primary school": (PRIMARY, "/"),
    "home of a school in the directory": (PLAIN, "/"),
    "home of the ward": (WARD, "/"),
    "home of the former office": (OFFICE, "/"),
    "home of the department": (DEPARTMENT, "/"),
    "news": (SCHOOL, "/tin-tuc/"),
    "notices": (SCHOOL, "/thong-bao/"),
    "own notices": (SCHOOL, "/thong-bao/nguon/don-vi/"),
    "invitations": (SCHOOL, "/thu-moi/"),
    "empty list": (PLAIN, "/tin-tuc/nguon/don-vi/"),
    "register": (SCHOOL, "/van-ban/"),
    "register filtered to nothing": (SCHOOL, "/van-ban/?so=khong-co-gi"),
    "about": (SCHOOL, "/gioi-thieu/"),
    "about without pages": (PLAIN, "/gioi-thieu/"),
    "page with a wide table": (SCHOOL, "/gioi-thieu/co-cau-to-chuc/"),
    "contact": (SCHOOL, "/lien-he/"),
    "search": (SCHOOL, "/tim-kiem/?q=tuyen+sinh"),
    "search for nothing": (SCHOOL, "/tim-kiem/?q=zzzz"),
    "site map": (SCHOOL, "/so-do-trang/"),
    "feeds": (SCHOOL, "/rss/"),
    "units of the office": (OFFICE, "/don-vi/"),
    "units of the ward": (WARD, "/don-vi/"),
    "news from below": (DEPARTMENT, "/tin-don-vi/"),
    "front door": ("localhost", "/"),
    "sign in": ("localhost", "/quan-tri/tai-khoan/dang-nhap/"),
}
AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def linked(demo: Demo, host: str, listing: str, beginning: str) -> str:
    """The first link on a page that begins so."""
    wait_until(lambda: f'href="{beginning}' in demo.get(host, listing)[1], f"a link {beginning} on {listing}")
    return beginning + demo.get(host, listing)[1].split(f'href="{beginning}', 1)[1].split('"', 1)[0]


def violations(page: Any) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


def check(demo: Demo, visit: Callable[..., Visit], host: str, path: str) -> None:
    for width in (360, 768, 1280):
        seen = visit(width)
        answer = seen.page.goto(demo.url(host, path))

        assert answer is not None
        assert answer.status == 200, (path, width)
        inner, scroll = seen.page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        assert (inner <= width + 1, scroll <= width + 1) == (True, True), (path, width, inner, scroll)
        assert seen.complaints == []
        assert {name.rsplit(":", 1)[1] for name in seen.hosts} == {str(demo.port)}
        assert {name.rsplit(":", 1)[0].removesuffix(".localhost") for name in seen.hosts} == {host}
        if width != 768:
            assert violations(seen.page) == [], (path, width)


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_is_accessible_and_asks_nobody_else(demo: Demo, visit: Callable[..., Visit], name: str) -> None:
    host, path = PAGES[name]

    check(demo, visit, host, path)


@pytest.mark.parametrize(
    ("host", "listing", "beginning"),
    [
        (SCHOOL, "/tin-tuc/nguon/don-vi/", "/tin-tuc/mua-tri-an"),
        (SCHOOL, "/thu-moi/nguon/don-vi/", "/thu-moi/hop"),
        (SCHOOL, "/van-ban/?so=204", "/van-ban/204"),
        (PLAIN, "/van-ban/?so=2326", "/nguon/"),
        (PLAIN, "/thong-bao/", "/nguon/"),
    ],
)
def test_single_things_fit_and_are_accessible(
    demo: Demo, visit: Callable[..., Visit], host: str, listing: str, beginning: str
) -> None:
    check(demo, visit, host, linked(demo, host, listing, beginning))


def test_directive_is_readable_on_every_portal_with_its_file(demo: Demo) -> None:
    path = linked(demo, PLAIN, "/van-ban/?so=2326%2FGD%C4%90T", "/nguon/")

    body = demo.get(PLAIN, path)[1]

    assert "2326/GDĐT-THCS" in body
    assert "2364/GDĐT-DT" in body
    assert "tự động hiển thị Tin tức, Thông báo, Văn bản, Thư mời của Sở Giáo dục và Đào tạo" in body
    file = "/tep/" + body.split('href="/tep/', 1)[1].split('"', 1)[0]
    assert demo.get(PLAIN, file)[0] == 200
    assert demo.get(WARD, file)[0] == 404


def test_home_of_a_full_unit_is_light(demo: Demo, visit: Callable[..., Visit]) -> None:
    """At most 100 KB over the wire without photos."""
    seen = visit(360)
    sizes: dict[str, int] = {}
    session = seen.page.context.new_cdp_session(seen.page)
    kinds: dict[str, str] = {}
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["response"]["mimeType"]}))
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}))

    seen.page.goto(demo.url(SCHOOL))

    weight = sum(size for key, size in sizes.items() if kinds.get(key) != "image/webp")
    assert 20_000 < weight <= 100 * 1024, weight


@pytest.mark.parametrize("path", ["/", "/tin-tuc/", "/van-ban/", "/tim-kiem/?q=hoc"])
def test_pages_say_the_same_without_javascript(demo: Demo, visit: Callable[..., Visit], path: str) -> None:
    with_it, without = visit(360), visit(360, javascript=False)
    for seen in (with_it, without):
        seen.page.goto(demo.url(SCHOOL, path))

    assert with_it.page.locator("main").inner_text() == without.page.locator("main").inner_text()


def test_keyboard_reaches_content_menu_and_search(demo: Demo, visit: Callable[..., Visit]) -> None:
    page = visit(360).page
    page.goto(demo.url(SCHOOL))

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    jumped = page.evaluate("location.hash")
    page.locator("summary").focus()
    page.keyboard.press("Enter")

    assert (first, jumped) == ("Đến nội dung chính", "#noi-dung")
    assert page.locator(".nav-list").is_visible()


def test_search_from_the_phone_finds_without_diacritics(demo: Demo, visit: Callable[..., Visit]) -> None:
    page = visit(360).page
    page.goto(demo.url(SCHOOL))
    page.get_by_role("link", name="Tìm kiếm").first.click()
    page.get_by_label("Từ cần tìm").fill("tuyen sinh")
    page.get_by_role("button", name="Tìm", exact=True).click()

    assert page.locator("mark").first.inner_text().lower() == "tuyển"
    assert "tuyen sinh" in page.get_by_role("status").inner_text()


def test_register_filters_by_issuer_and_year(demo: Demo, visit: Callable[..., Visit]) -> None:
    page = visit(1280).page
    page.goto(demo.url(SCHOOL, "/van-ban/"))
    page.get_by_label("Cơ quan ban hành").select_option("Phòng Giáo dục và Đào tạo quận Bình Tân")
    page.get_by_label("Năm ban hành").select_option("2023")
    page.get_by_role("button", name="Tìm", exact=True).nth(1).click()

    assert page.get_by_role("status").inner_text() == "1 văn bản phù hợp"
    assert page.locator("tbody tr").count() == 1


def test_unknown_page_and_unknown_host_help(demo: Demo, visit: Callable[..., Visit]) -> None:
    seen = visit(360)
    missing = seen.page.goto(demo.url(SCHOOL, "/khong-co/"))
    assert missing is not None
    assert missing.status == 404
    assert seen.page.get_by_role("heading", level=1).inner_text() == "Không tìm thấy trang này"
    assert violations(seen.page) == []

    unknown = seen.page.goto(demo.url("khong-co.edu.vn"))
    assert unknown is not None
    assert unknown.status == 421
    assert violations(seen.page) == []
    assert SCHOOL not in seen.page.content()
