"""Screens that only a step leads to, and screens at twice the size."""

from collections.abc import Callable

import pytest

from tests.e2e.conftest import Demo
from tests.e2e.console import EDITOR, HEAD, PASTE, PHONE, WRITER, Desk, unique
from tests.e2e.test_console_screens import problems

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def test_screens_that_only_a_step_leads_to(desk: Callable[..., Desk], demo: Demo) -> None:
    head, found = desk(HEAD, PHONE), dict[str, list[str]]()
    page = head.page

    def look(name: str) -> None:
        found[name] = problems(head.visit, demo)
        page.set_viewport_size({"width": PHONE, "height": 800})

    post = head.begin()
    head.button("Chèn ảnh").first.click()
    page.get_by_role("dialog", name="Chèn ảnh").get_by_text("Hoặc chọn ảnh trong thư viện").wait_for()
    look("picture dialog")
    page.keyboard.press("Escape")
    head.button("Chọn ảnh bìa").click()
    page.get_by_role("dialog", name="Chọn ảnh bìa").locator(".editor-grid img").first.wait_for()
    look("cover dialog")
    page.keyboard.press("Escape")
    page.locator(".actions-stick button.btn").first.click()
    page.locator("#loi").wait_for()
    look("refused editor")
    head.title(unique("Bài để xem các bước"))
    head.type("Câu này sẽ lên cổng. Số căn cước 079 211 004 562.")
    page.locator(".actions-stick button.btn").first.click()
    page.locator(".findings").wait_for()
    look("personal data")
    page.get_by_label("Lý do vẫn đăng").fill("Số trong mẫu đơn.")
    head.publish()
    look("published")
    head.edit(post)
    look("editor of a published article")
    head.type("Thêm một câu.")
    head.button("Lưu").click()
    head.ready()
    for name in ("Gỡ khỏi cổng", "Đổi địa chỉ trang", "Lịch sử"):
        head.open(f"/quan-tri/bai-viet/{post}/")
        page.get_by_role("link", name=name).click()
        page.get_by_role("link", name="Quay lại bài").wait_for()
        look(name)
    head.button("So sánh hai bản đã chọn").click()
    page.get_by_role("link", name="Lịch sử").wait_for()
    look("comparison")
    head.open(f"/quan-tri/bai-viet/{post}/xem-thu/")
    head.button("Xem thử").click()
    page.get_by_label("Địa chỉ bí mật").wait_for()
    look("preview")
    head.edit(post)
    head.type("Và một câu nữa.")
    head.saved()
    head = desk(EDITOR, PHONE)
    page = head.page
    head.open(f"/quan-tri/bai-viet/{post}/")
    page.get_by_role("button", name="Tiếp quản").wait_for()
    look("held by somebody else")
    head.open("/quan-tri/bai-viet/?q=khong-co-bai-nao-ten-nhu-vay")
    look("nothing found")
    head.open("/quan-tri/menu/")
    head.button("Tự sắp xếp menu").click()
    page.locator(".sorting").wait_for()
    look("own menu")
    page.locator(".sorting a").first.click()
    head.button("Lưu mục").wait_for()
    look("word of the menu")
    head.open("/quan-tri/menu/mac-dinh/")
    look("back to the standard menu")
    head.button("Dùng menu mặc định").click()
    head.button("Tự sắp xếp menu").wait_for()
    head.open("/quan-tri/khong-co/")
    page.get_by_role("heading", level=1).wait_for()
    head.visit.complaints.clear()
    look("no such page")

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_twice_as_large_everything_is_there(desk: Callable[..., Desk]) -> None:
    """200 % on a 1280 px screen leaves 640 px: nothing is cut off, nothing covers a control."""
    writer, head = desk(WRITER, 640, device_scale_factor=2), desk(HEAD, 640, device_scale_factor=2)
    post = writer.begin()
    title = unique("Bài xem ở cỡ chữ gấp đôi")
    writer.title(title)
    writer.paste((PASTE / "word.html").read_text())
    writer.saved()
    assert cut(writer) == []
    writer.submit()
    head.open(f"/quan-tri/cho-duyet/{post}/")
    head.page.locator(".approval-text summary").click()

    assert cut(head) == []
    assert head.page.evaluate("document.documentElement.scrollWidth") <= 640


def cut(desk: Desk) -> list[str]:
    """Controls and sentences that a person cannot bring into view, or that lie under something else."""
    found: list[str] = desk.page.evaluate(
        """() => {
            const bad = [];
            const all = "a, button, summary, label, input:not([type=hidden]), h1, h2";
            for (const one of document.querySelectorAll(`main :is(${all})`)) {
                if (!one.checkVisibility({visibilityProperty: true}) || one.closest(".sr, .ck, [hidden]")) continue;
                one.scrollIntoView({block: "center"});
                const box = one.getBoundingClientRect();
                if (box.width < 2 || box.height < 2) continue;
                const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                const within = box.left >= -1 && box.right <= innerWidth + 1;
                if (!within || !at || !(one.contains(at) || at.contains(one))) bad.push(one.outerHTML.slice(0, 120));
            }
            return bad;
        }"""
    )
    return found
