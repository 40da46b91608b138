"""Nothing typed is lost: a second person, a cut line, a closed tab, a session that ended."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo
from tests.e2e.console import DESKTOP, EDITOR, PHONE, SLOW, WRITER, Desk, sign_in, unique

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def held(page: Page, words: str) -> None:
    """What was typed stands in the browser's own store."""
    page.wait_for_function(
        """words => Object.entries(localStorage)
            .some(([key, copy]) => key.startsWith("ct-bai:") && copy.includes(words))""",
        arg=words,
        timeout=SLOW,
    )


def test_second_person_takes_over_and_the_words_of_the_first_are_kept(desk: Callable[..., Desk]) -> None:
    first, second = desk(WRITER, DESKTOP), desk(EDITOR, PHONE)
    post = first.begin()
    first.title(unique("Bài của hai người"))
    first.type("Phần đầu do văn thư viết. ")
    first.saved()

    second.open(f"/quan-tri/bai-viet/{post}/")
    expect(second.page.locator(".post-note")).to_contain_text("Cô Lê Thị C đang sửa bài này")
    expect(second.text).to_have_count(0)
    expect(second.page.locator("#o_body")).to_contain_text("Phần đầu do văn thư viết.")
    second.button("Tiếp quản").click()
    second.ready()
    second.type("Phần sau do phó hiệu trưởng viết.")
    second.saved()

    first.type("Câu đến muộn.")
    notice = first.page.locator("[data-notice]")
    expect(notice).to_contain_text(re.compile(r"Nội dung vừa gửi được giữ thành bản \d+ trong Lịch sử"))
    expect(first.state).to_have_attribute("data-state", "bad")
    second.open(f"/quan-tri/bai-viet/{post}/lich-su/")
    second.page.get_by_role("button", name=re.compile("So sánh")).wait_for()
    kept = second.page.locator(".history > li", has_text="Cô Lê Thị C").first
    kept.locator("input[name=tu]").check()
    second.button("So sánh hai bản đã chọn").click()

    expect(second.page.locator("main")).to_contain_text("Câu đến muộn.")
    expect(second.page.locator("main")).to_contain_text("Phần sau do phó hiệu trưởng viết.")


def test_cut_line_is_said_and_everything_is_saved_when_it_is_back(desk: Callable[..., Desk]) -> None:
    writer = desk(WRITER, PHONE)
    post = writer.begin()
    writer.title(unique("Bài viết lúc mất mạng"))
    writer.saved()
    writer.page.context.set_offline(True)
    writer.page.wait_for_function("!navigator.onLine")
    writer.type("Câu viết khi mất mạng. ")
    held(writer.page, "Câu viết khi mất mạng.")
    expect(writer.page.locator("[data-saved-text]")).to_contain_text("Mất mạng – bài vẫn còn trên máy này")
    writer.type("Câu viết tiếp.")
    held(writer.page, "Câu viết tiếp.")

    writer.page.context.set_offline(False)
    writer.saved()

    writer.edit(post)
    expect(writer.text).to_contain_text("Câu viết khi mất mạng. Câu viết tiếp.")


def test_tab_closed_while_offline_offers_its_words_again(desk: Callable[..., Desk]) -> None:
    writer = desk(WRITER, PHONE)
    post = writer.begin()
    writer.title(unique("Bài viết rồi đóng thẻ"))
    writer.saved()
    context = writer.page.context
    context.set_offline(True)
    writer.type("Câu chưa kịp lưu.")
    held(writer.page, "Câu chưa kịp lưu.")
    writer.page.close()
    context.set_offline(False)

    writer.visit.page = context.new_page()
    writer.edit(post)
    expect(writer.text).not_to_contain_text("Câu chưa kịp lưu.")
    writer.page.get_by_role("button", name="Khôi phục nội dung chưa lưu").click()

    expect(writer.text).to_contain_text("Câu chưa kịp lưu.")
    writer.saved()
    writer.edit(post)
    expect(writer.text).to_contain_text("Câu chưa kịp lưu.")


def test_session_that_ended_while_typing_goes_on_after_signing_in_elsewhere(
    desk: Callable[..., Desk], demo: Demo
) -> None:
    writer = desk(WRITER, DESKTOP)
    post = writer.begin()
    writer.title(unique("Bài viết khi hết phiên"))
    writer.saved()
    context = writer.page.context
    context.clear_cookies(name="sessionid")
    writer.type("Câu viết khi phiên đã hết.")
    notice = writer.page.locator("[data-notice]")
    expect(notice).to_contain_text("Phiên làm việc đã hết")
    again = notice.get_by_role("button", name="Lưu lại")
    expect(again).to_be_visible()
    with context.expect_page() as opened:
        notice.get_by_role("link", name="Đăng nhập ở thẻ mới").click()
    other = opened.value
    other.wait_for_load_state()
    sign_in(other, demo, WRITER)
    expect(other.get_by_role("heading", level=1)).to_contain_text("Chào")

    # Coming back to the tab may have been enough.
    again.evaluate_all("buttons => buttons.forEach(button => button.click())")
    writer.saved()

    writer.edit(post)
    expect(writer.text).to_contain_text("Câu viết khi phiên đã hết.")
