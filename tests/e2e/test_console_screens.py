"""Every screen of the console: fits a phone, is accessible, asks nobody else, works when enlarged."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from congtruong.demo.data.accounts import PASSWORD
from congtruong.publication.enums import Channel
from tests.e2e.conftest import Demo, Visit
from tests.e2e.console import (
    DESKTOP,
    HEAD,
    PHONE,
    SCHOOL,
    SIGN_IN,
    WRITER,
    Desk,
    photo,
    sign_in,
    unique,
)
from tests.e2e.test_public_pages import AXE, RULES

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

# Not screens: files, and what somebody else's screens begin with.
NOT_SCREENS = re.compile(r"/quan-tri/(tep/|trang-chu/anh/|.*tai-ve/)|/tai/")
FINDINGS = """rules => axe.run(document, {runOnly: {type: "tag", values: rules}})
    .then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))"""


def problems(visit: Visit, demo: Demo, host: str = SCHOOL) -> list[str]:
    """What is wrong with the page that is open, on a phone and on a desktop."""
    page, found = visit.page, []
    page.evaluate(AXE.read_text())
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: {finding}" for finding in page.evaluate(FINDINGS, RULES)]
        inner, scroll = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        if max(inner, scroll) > width + 1:
            found.append(f"{width}: scrolls to {scroll}")
    # A form that was refused answers 422, which the browser counts as a failure of its own.
    found += [said for said in visit.complaints if "status of 422" not in said]
    found += [asked for asked in visit.hosts if asked != urlsplit(demo.url(host)).netloc]
    visit.complaints.clear()
    visit.hosts.clear()
    return found


def shape(path: str) -> str:
    """Screens that differ only in what they show are one screen."""
    return re.sub(r"/\d+(?=/)", "/…", path)


def work(desk: Desk) -> None:
    """Something to see on every screen: an article with versions that waits, a picture without words."""
    desk.begin()
    desk.title(unique("Bài để xem mọi màn hình"))
    desk.type("Một câu.")
    desk.saved()
    desk.button("Lưu").click()
    expect(desk.page.locator(".callout-ok")).to_contain_text("Đã lưu")
    desk.ready()
    desk.type("Câu thứ hai.")
    desk.saved()
    desk.submit()
    desk.open("/quan-tri/thu-vien/tai-len/")
    desk.page.get_by_label("Chọn ảnh hoặc tệp").set_input_files(photo("anh-thieu-mo-ta.jpg"))
    expect(desk.page.locator("[data-upload-status]")).to_have_text("Đã tải xong 1/1 tệp.")


def test_every_screen_that_links_lead_to(desk: Callable[..., Desk], demo: Demo) -> None:
    work(desk(WRITER, PHONE))
    seen = desk(HEAD, PHONE)
    page = seen.page
    waiting, known, found = ["/quan-tri/", "/quan-tri/them/", "/quan-tri/tai-khoan/bao-mat/"], set[str](), {}
    while waiting:
        path = waiting.pop(0)
        if shape(urlsplit(path).path) in known or NOT_SCREENS.match(path):
            continue
        known.add(shape(urlsplit(path).path))
        answer = seen.open(path)
        assert answer is not None
        assert answer.status == 200, path
        if "/xac-nhan/" in page.url:
            found[f"before {path}"] = problems(seen.visit, demo)
            page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Xác nhận", exact=True).click()
            page.wait_for_url(lambda url: "/xac-nhan/" not in url)
        if page.locator("form[data-editor]").count():
            seen.ready()
        found[path] = problems(seen.visit, demo)
        links = page.locator("a[href]").evaluate_all("all => all.map(a => a.href)")
        waiting += [urlsplit(link).path for link in links if link.startswith(demo.url(SCHOOL, "/quan-tri/"))]

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    menu = {"bai-viet", "cho-duyet", "thu-vien", "menu", "trang-chu", "lien-he", "cai-dat", "thanh-vien", "nhat-ky"}
    assert menu <= {path.split("/")[2] for path in known}
    assert len(known) >= 40, sorted(known)


@pytest.mark.parametrize("channel", Channel)
def test_editor_of_every_channel(desk: Callable[..., Desk], demo: Demo, channel: Channel) -> None:
    head = desk(HEAD, PHONE)
    head.begin(channel.label)

    assert problems(head.visit, demo) == []


def test_pages_before_signing_in(demo: Demo, visit: Callable[..., Visit]) -> None:
    seen = visit(PHONE)
    found = {}
    for path in (SIGN_IN, "/quan-tri/tai-khoan/mat-khau/quen/", "/quan-tri/tai-khoan/mat-khau/quen/da-gui/"):
        seen.page.goto(demo.url(SCHOOL, path))
        found[path] = problems(seen, demo)
    sign_in(seen.page, demo, HEAD, "Mot-mat-khau-sai-2")
    seen.page.locator(".callout-bad").wait_for()
    found["refused"] = problems(seen, demo)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
