"""The console without a mouse: every control in reach, the focus always seen, dialogs that keep it and give it back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.console import DESKTOP, PHONE, WRITER, Desk, unique

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


MOST_TABS = 80
SEEN = """() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    return one.closest(".ck") !== null || style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there; on the way it is always visible and never lost."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body"):
            assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if target.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{MOST_TABS} tabs do not reach {target}")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_article_is_written_and_handed_in_by_keyboard(desk: Callable[..., Desk], width: int) -> None:
    title = unique("Bài viết bằng bàn phím")
    writer = desk(WRITER, width)
    page, press = writer.page, writer.page.keyboard.press
    writer.open("/quan-tri/bai-viet/")
    press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"

    tab_to(page, page.get_by_role("link", name="Soạn bài"))
    press("Enter")
    channel = page.locator(".channel-btn", has_text="Tin tức")
    channel.wait_for()
    tab_to(page, channel)
    press("Enter")
    writer.ready()
    tab_to(page, page.get_by_label("Tiêu đề", exact=True))
    page.keyboard.type(title)
    tab_to(page, writer.text)
    page.keyboard.type("Đoạn văn gõ bằng bàn phím.")
    press("Alt+F10")
    for _ in range(MOST_TABS):
        if page.evaluate("document.activeElement.textContent.includes('Chèn ảnh')"):
            break
        press("ArrowRight")
    press("Enter")
    box = page.get_by_role("dialog", name="Chèn ảnh")
    expect(box.locator(":focus")).to_have_count(1)
    for _ in range(12):
        press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    press("Escape")
    expect(box).to_be_hidden()
    expect(writer.text).to_be_focused()
    expect(writer.text).to_have_class(re.compile("ck-focused"))
    press("Control+End")
    page.keyboard.type(" Viết tiếp sau hộp thoại.")
    tab_to(page, writer.button("Gửi duyệt"))
    press("Enter")

    assert title in writer.said()
    writer.page.get_by_role("link", name=title).click()
    expect(page.locator("#o_body")).to_contain_text("Đoạn văn gõ bằng bàn phím. Viết tiếp sau hộp thoại.")


def test_dialog_gives_the_focus_back_to_its_button(desk: Callable[..., Desk]) -> None:
    writer = desk(WRITER, PHONE)
    writer.begin()
    choose = writer.button("Chọn ảnh bìa")
    choose.focus()
    writer.page.keyboard.press("Enter")
    expect(writer.page.get_by_role("dialog", name="Chọn ảnh bìa")).to_be_visible()
    writer.page.keyboard.press("Escape")

    expect(choose).to_be_focused()
