"""An article is shown to somebody without an account, before it is public."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Demo, Visit
from tests.e2e.console import DESKTOP, PHONE, SCHOOL, WRITER, Desk, photo, unique

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

ALT = "Sân trường nhìn từ tầng ba"


def test_secret_address_opens_for_anyone_until_it_is_withdrawn(
    desk: Callable[..., Desk], demo: Demo, visit: Callable[..., Visit]
) -> None:
    title = unique("Bài cho xem trước")
    writer = desk(WRITER, DESKTOP)
    post = writer.begin()
    writer.title(title)
    writer.type("Đoạn này chưa ai được đọc.")
    writer.picture(photo(), ALT)
    writer.saved()
    writer.button("Xem thử").click()
    inside = writer.page.frame_locator("iframe[title='Trang khách sẽ thấy']")
    expect(inside.get_by_role("heading", level=1)).to_have_text(title)
    writer.page.get_by_role("link", name="Điện thoại", exact=True).click()
    expect(inside.get_by_role("img", name=ALT)).to_be_visible()
    width = writer.page.locator(".preview-narrow iframe").evaluate("frame => frame.clientWidth")
    assert 320 <= width <= 400
    address = writer.page.get_by_label("Địa chỉ bí mật").input_value()

    stranger = visit(PHONE)
    opened = stranger.page.goto(address)
    assert opened is not None
    assert opened.status == 200
    assert "noindex" in (opened.headers.get("x-robots-tag", "") + stranger.page.content())
    expect(stranger.page.locator("main")).to_contain_text("Đoạn này chưa ai được đọc.")
    image = stranger.page.get_by_role("img", name=ALT)
    image.scroll_into_view_if_needed()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    scroll = stranger.page.evaluate("document.documentElement.scrollWidth")
    assert scroll <= PHONE + 1
    assert stranger.complaints == []
    source = image.evaluate("image => new URL(image.currentSrc).pathname")
    assert [demo.get(SCHOOL, source)[0], demo.get(SCHOOL, source[source.index("/tep/") :])[0]] == [200, 404]

    writer.open(f"/quan-tri/bai-viet/{post}/xem-thu/")
    writer.button("Thu hồi").click()
    assert "Không ai mở được địa chỉ đó nữa" in writer.said()
    gone = stranger.page.goto(address)
    assert gone is not None
    assert gone.status == 404
    assert demo.get(SCHOOL, source)[0] == 404
    assert writer.visit.complaints == []
