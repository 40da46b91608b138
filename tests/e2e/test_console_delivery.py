"""An authority sends, a school confirms: both sides in a browser, on a phone and on a desktop."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from congtruong.core import clock
from tests.e2e.conftest import ROOT, Demo, Visit
from tests.e2e.console import DESKTOP, HEAD, PHONE, SLOW, Desk, unique
from tests.e2e.test_console_screens import problems
from tests.e2e.test_console_sign_in import choose_password

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

OFFICE, OFFICER = "sogddt.tinhmau.edu.vn", "bientap.so"


@pytest.fixture
def office(demo: Demo, visit: Callable[..., Visit], passes: dict[str, Any]) -> Desk:
    """An editor of the office, made by the command of operators, signed in for the first time here."""
    made = Desk(demo, visit(DESKTOP, storage_state=passes.get(OFFICER)))
    if OFFICER not in passes:
        command = [
            "add-account",
            OFFICER,
            "--name",
            "Nguyễn Thị Hạnh",
            "--unit",
            OFFICE,
            "--role",
            "duyet",
            "--wet-run",
        ]
        run = [sys.executable, "-m", "congtruong.config.cli", *command]
        said = subprocess.run(run, env=demo.env, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        made.open("/quan-tri/", OFFICE)
        made.page.get_by_label("Tên đăng nhập").fill(OFFICER)
        made.page.get_by_label("Mật khẩu", exact=True).fill(said.rsplit(": ", 1)[1].strip())
        made.button("Đăng nhập").click()
        choose_password(made.page)
        passes[OFFICER] = made.page.context.storage_state()
    return made


def begin(office: Desk, channel: str, title: str) -> None:
    office.open("/quan-tri/bai-viet/soan/", OFFICE)
    office.page.locator(".channel-btn", has=office.page.get_by_text(channel, exact=True)).click()
    office.ready()
    office.title(title)
    office.type("Nội dung gửi các đơn vị.")


def test_office_sends_and_school_confirms(demo: Demo, office: Desk, desk: Callable[..., Desk]) -> None:
    page, title = office.page, unique("Công văn cần xác nhận")
    begin(office, "Thông báo", title)
    page.get_by_text("Từng đơn vị", exact=True).click()
    page.get_by_label("Thêm đơn vị theo tên").fill("hoa phuong")
    page.get_by_role("button", name=re.compile("Thêm Trường THCS Hoa Phượng")).click()
    page.get_by_label("Xác nhận đã đọc").check()
    expect(page.get_by_label("Hạn", exact=True)).to_be_visible()
    office.saved()
    found = {"writing": problems(office.visit, demo, OFFICE)}
    page.reload()
    office.ready()
    expect(page.get_by_label("Trường THCS Hoa Phượng (mẫu)")).to_be_checked()
    expect(page.get_by_label("Xác nhận đã đọc")).to_be_checked()
    office.publish()

    head = desk(HEAD, PHONE)
    head.open("/quan-tri/")
    head.page.get_by_role("article").filter(has_text=title).get_by_role("link", name="Đọc và xác nhận").click()
    head.page.get_by_role("heading", level=1, name=title).wait_for()
    expect(head.button("Xác nhận đã đọc")).to_be_in_viewport()
    found["item"] = problems(head.visit, demo)
    head.page.set_viewport_size({"width": PHONE, "height": 800})
    head.button("Xác nhận đã đọc").click()
    expect(head.page.locator(".callout-ok[role=status]")).to_contain_text("Đã xác nhận")
    head.open("/quan-tri/tu-cap-tren/")
    row = head.page.locator(".received > li", has_text=title)
    expect(row).to_contain_text("Đã xác nhận")
    found["inbox"] = problems(head.visit, demo)

    office.open("/quan-tri/da-gui/", OFFICE)
    page.get_by_role("img", name="Đã xác nhận: 1; Chưa xác nhận: 0").wait_for()
    found["outbox"] = problems(office.visit, demo, OFFICE)
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    page.get_by_role("link", name=title).click()
    page.get_by_role("link", name=re.compile("^Tất cả 1$")).click()
    expect(page.locator(".board tbody tr")).to_have_count(1)
    expect(page.locator(".board tbody tr")).to_contain_text("Nguyễn Văn A")
    found["board"] = problems(office.visit, demo, OFFICE)
    with page.expect_download(timeout=SLOW) as file:
        page.get_by_role("link", name="Tải về Excel").click()
    assert file.value.suggested_filename.endswith(".xlsx")

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_school_answers_by_keyboard_and_hides_without_scripts(
    demo: Demo, office: Desk, desk: Callable[..., Desk], visit: Callable[..., Visit]
) -> None:
    title = unique("Họp giao ban")
    begin(office, "Thư mời", title)
    office.page.get_by_label("Diễn ra lúc").fill(f"08:00, {clock.today() + timedelta(days=9):%d/%m/%Y}")
    office.page.get_by_label("Địa điểm").fill("Hội trường A")
    office.page.get_by_label("Trả lời có mặt hay không dự được").check()
    office.saved()
    office.publish()
    head = desk(HEAD, PHONE)
    page = head.page
    head.open("/quan-tri/tu-cap-tren/?muc=thu-moi")
    page.get_by_role("link", name=title).focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Có mặt").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Gửi trả lời").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Cần nhập số người dự.")
    expect(page.get_by_role("radio", name="Có mặt")).to_be_checked()
    found = {"refused": problems(head.visit, demo)}
    page.get_by_label("Số người dự").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator("#tra-loi")).to_contain_text("Có mặt · 2 người")

    plain = Desk(demo, visit(PHONE, javascript=False, storage_state=page.context.storage_state()))
    plain.open("/quan-tri/tu-cap-tren/?muc=tin-tuc")
    plain.page.locator(".received a").last.click()
    plain.page.get_by_role("link", name="Ẩn khỏi cổng").click()
    plain.button("Ẩn khỏi cổng").click()
    expect(plain.page.get_by_role("alert")).to_contain_text("Cần ghi lý do ẩn")
    plain.page.get_by_label("Lý do ẩn").fill("Không thuộc cấp học của trường")
    plain.button("Ẩn khỏi cổng").click()
    expect(plain.page.get_by_text("Không thuộc cấp học của trường")).to_be_visible()
    head.page.goto(plain.page.url)
    found["hidden"] = problems(head.visit, demo)
    head.button("Hiện lại").click()
    expect(head.page.locator(".callout-ok[role=status]")).to_contain_text("Đã hiện lại")

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
