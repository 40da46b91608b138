"""An article on its way: written with a picture and a table from Word, returned, approved on a phone, withdrawn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Demo, wait_until
from tests.e2e.console import (
    DESKTOP,
    EDITOR,
    HEAD,
    PASTE,
    PHONE,
    SCHOOL,
    WRITER,
    Desk,
    files_of,
    photo,
    public_path,
    unique,
)

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

WORD = (PASTE / "word.html").read_text()
ALT = "Hai dãy ghế kê dưới tán phượng ở sân trường"


def published(demo: Demo, title: str) -> str:
    """The address of an article once the portal's list has it."""
    wait_until(lambda: public_path(demo, title) is not None, f"{title} on the portal")
    path = public_path(demo, title)
    assert path is not None
    return path


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_article_goes_from_writer_to_public_and_back(desk: Callable[..., Desk], demo: Demo, width: int) -> None:
    title = unique("Kế hoạch ngày hội đọc sách")
    writer, head = desk(WRITER, width), desk(HEAD, PHONE)
    post = writer.begin()
    writer.title(title)
    writer.paste(WORD)
    writer.picture(photo(), ALT, "Sân trường chiều thứ Sáu")
    writer.saved()
    writer.submit()
    assert title in writer.said()

    head.open("/quan-tri/cho-duyet/")
    head.page.get_by_role("link", name=title).click()
    head.page.get_by_text("Trả lại", exact=True).click()
    head.page.get_by_label("Cần sửa gì?").fill("Thầy/Cô thêm giờ tập trung giúp.")
    head.button("Trả lại kèm lời nhắn").click()
    assert title in head.said()

    writer.open("/quan-tri/")
    duty = writer.page.locator(".duty", has_text=title)
    expect(duty).to_contain_text("Thầy/Cô thêm giờ tập trung giúp.")
    duty.get_by_role("link").first.click()
    writer.ready()
    expect(writer.page.locator(".post-reason")).to_have_text("Thầy/Cô thêm giờ tập trung giúp.")
    writer.text.get_by_text("Phân công:").click()
    writer.page.keyboard.press("End")
    writer.page.keyboard.type(" Tập trung lúc 7 giờ.")
    writer.saved()
    writer.submit()

    head.open(f"/quan-tri/cho-duyet/{post}/")
    head.page.locator(".approval-text summary").click()
    expect(head.page.locator(".approval-text img")).to_have_attribute("alt", ALT)
    head.page.get_by_text("Xem chỗ đã sửa so với lần gửi trước").click()
    expect(head.page.locator(".approval-changes ins").first).to_contain_text("Tập trung lúc 7 giờ.")
    head.button("Duyệt đăng").click()
    assert title in head.said()

    path = published(demo, title)
    page = writer.visit.page
    page.goto(demo.url(SCHOOL, path))
    text = page.locator(".prose")
    expect(text.locator("strong", has_text="Ngày hội đọc sách")).to_be_visible()
    expect(text.locator("ul > li").first).to_contain_text("Mỗi lớp dựng một gian;")
    expect(text.locator("td[rowspan='2']")).to_have_text("STT")
    expect(text).to_contain_text("Tập trung lúc 7 giờ.")
    expect(text.locator("figcaption")).to_have_text("Sân trường chiều thứ Sáu")
    image = text.get_by_role("img", name=ALT)
    image.scroll_into_view_if_needed()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    files = files_of(text.inner_html())
    assert {file.rsplit(".", 1)[1] for file in files} == {"avif", "webp"}
    assert [demo.get(SCHOOL, file)[0] for file in files] == [200] * len(files)

    head.open(f"/quan-tri/bai-viet/{post}/")
    head.page.get_by_role("link", name="Gỡ khỏi cổng").click()
    head.page.get_by_label("Lý do gỡ bài").fill("Kế hoạch đã thay đổi.")
    head.button("Gỡ bài").click()
    assert title in head.said()
    assert demo.get(SCHOOL, path)[0] == 404
    assert [demo.get(SCHOOL, file)[0] for file in files] == [404] * len(files)
    assert writer.visit.complaints + head.visit.complaints == []


def test_picture_without_words_for_those_who_cannot_see_it_is_not_put_in(desk: Callable[..., Desk]) -> None:
    writer = desk(WRITER, PHONE)
    writer.begin()
    writer.button("Chèn ảnh").first.click()
    box = writer.page.get_by_role("dialog", name="Chèn ảnh")
    box.get_by_label("Tải ảnh lên từ máy").set_input_files(photo())
    box.get_by_role("button", name="Chèn vào bài").click()

    expect(box.get_by_role("alert")).to_contain_text("Cần mô tả ảnh bằng một câu ngắn")
    expect(box.get_by_label("Mô tả ảnh")).to_be_focused()
    box.get_by_label("Mô tả ảnh").fill(ALT)
    box.get_by_role("button", name="Chèn vào bài").click()
    expect(writer.text.get_by_role("img", name=ALT)).to_be_visible()


def test_text_with_an_identity_number_needs_a_reason(desk: Callable[..., Desk], demo: Demo) -> None:
    title = unique("Danh sách nhận quà")
    head = desk(HEAD, PHONE)
    post = head.begin("Thông báo")
    head.title(title)
    head.type("Em nhận quà mang theo căn cước số 079 211 004 562.")
    head.saved()
    head.page.locator(".actions-stick button.btn").first.click()
    expect(head.page.locator("#loi")).to_be_focused()
    assert "004 562" not in head.page.locator(".findings").inner_text()

    head.page.get_by_label("Lý do vẫn đăng").fill("Số ví dụ trong mẫu đơn, không phải của ai.")
    head.publish()
    assert title in head.said()
    head.open(f"/quan-tri/bai-viet/{post}/")
    expect(head.page.locator(".status").first).to_contain_text("Đã đăng")


def test_stranger_publishes_with_a_photo_from_a_phone(desk: Callable[..., Desk], demo: Demo) -> None:
    """The path of the guide as head of the editorial board: ten taps from Hôm nay to the portal."""
    title = unique("Chúc mừng đội bóng")
    head = desk(HEAD, PHONE, has_touch=True, is_mobile=True)
    page, taps = head.page, 0

    def tap(what: Locator) -> None:
        nonlocal taps
        taps += 1
        what.tap()

    head.open("/quan-tri/")
    tap(page.get_by_role("navigation", name="Công việc (điện thoại)").get_by_role("link", name="Bài viết"))
    tap(page.get_by_role("link", name="Soạn bài"))
    tap(page.locator(".channel-btn", has_text="Tin tức"))
    head.ready()
    tap(page.get_by_label("Tiêu đề", exact=True))
    page.keyboard.type(title)
    tap(head.text)
    page.keyboard.type("Đội bóng khối 8 giành giải Nhì cấp phường.")
    tap(head.button("Chèn ảnh").first)
    box = page.get_by_role("dialog", name="Chèn ảnh")
    with page.expect_file_chooser() as chooser:
        tap(box.get_by_label("Tải ảnh lên từ máy"))
    chooser.value.set_files(photo())
    tap(box.get_by_label("Mô tả ảnh"))
    page.keyboard.type("Đội bóng khối 8 nâng cúp trên sân trường")
    tap(box.get_by_role("button", name="Chèn vào bài"))
    expect(head.text.locator("img")).to_be_visible()
    tap(page.get_by_role("button", name="Đăng ngay"))

    assert title in head.said()
    path = published(demo, title)
    assert "Đội bóng khối 8 nâng cúp trên sân trường" in demo.get(SCHOOL, path)[1]
    assert taps == 10


def test_writer_and_approver_publish_from_phones(desk: Callable[..., Desk], demo: Demo) -> None:
    """The same with two people: one writes and hands in, the other reads and approves from Hôm nay."""
    title = unique("Lịch trực tuần")
    writer, editor = desk(WRITER, PHONE), desk(EDITOR, PHONE)
    writer.begin("Thông báo")
    writer.title(title)
    writer.type("Tổ trực tuần này là tổ Ngữ văn.")
    writer.picture(photo(), "Bảng phân công trực tuần treo ở phòng giáo viên")
    writer.submit()

    editor.open("/quan-tri/")
    editor.page.get_by_role("link", name="Chờ duyệt").locator("visible=true").first.click()
    editor.page.get_by_role("link", name=title).click()
    editor.button("Duyệt đăng").click()

    assert title in editor.said()
    wait_until(lambda: public_path(demo, title, "/thong-bao/nguon/don-vi/") is not None, "the notice on the portal")
