"""Signing in as people do it: an initial password, the code of the phone, a recovery code, another device."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo, Visit
from tests.e2e.console import DESKTOP, HEAD, PHONE, SCHOOL, Desk, code_of, sign_in, unique

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

OWN_PASSWORD = "Phuong-do-ben-kenh-98"
CODE_REFUSED = "Mã chưa đúng hoặc đã dùng rồi. Thầy/Cô nhập mã mới nhất đang hiện trên ứng dụng."


def take_on(head: Desk) -> tuple[str, str]:
    """The head makes an account for a colleague: name and initial password stand on the page once."""
    head.open("/quan-tri/thanh-vien/them/")
    head.page.get_by_label("Họ và tên").fill(re.sub(r"\d", lambda d: "ABCDEGHIKL"[int(d[0])], unique("Vũ Thị")))
    head.page.get_by_label("Biên tập viên").check()
    head.button("Tạo tài khoản").click()
    secret = head.page.locator(".secret code")
    return secret.nth(0).inner_text(), secret.nth(1).inner_text()


def colleague(demo: Demo, page: Page, desk: Callable[..., Desk]) -> str:
    """A new person with a password of her own, signed in on this page."""
    username, initial = take_on(desk(HEAD, DESKTOP))
    sign_in(page, demo, username, initial)
    choose_password(page)
    return username


def choose_password(page: Page) -> None:
    page.get_by_label("Mật khẩu mới", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chào")


def sign_out(page: Page) -> None:
    page.locator(".account summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập Cổng Trường")


def enter(page: Page, code: str) -> None:
    page.get_by_label("Mã xác thực").fill(code)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def activate(page: Page, demo: Demo) -> str:
    """Turn the authenticator app on; returns its key."""
    page.goto(demo.url(SCHOOL, "/quan-tri/tai-khoan/bao-mat/"))
    page.get_by_role("link", name="Bật ứng dụng xác thực").click()
    page.get_by_label("Mật khẩu", exact=True).fill(OWN_PASSWORD)
    page.get_by_role("button", name="Xác nhận", exact=True).click()
    secret = page.locator(".account-secret").inner_text()
    page.get_by_label("Mã xác thực").fill(code_of(secret))
    page.get_by_role("button", name="Bật ứng dụng xác thực").click()
    expect(page.get_by_text(re.compile(r"Còn 10 mã"))).to_be_visible()
    return secret


def at_home(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chào")


def test_initial_password_is_changed_before_anything_else(
    demo: Demo, visit: Callable[..., Visit], desk: Callable[..., Desk]
) -> None:
    username, initial = take_on(desk(HEAD, PHONE))
    page = visit(PHONE).page
    sign_in(page, demo, username, initial, "/quan-tri/bai-viet/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đổi mật khẩu lần đầu")
    page.goto(demo.url(SCHOOL, "/quan-tri/thu-vien/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Đổi mật khẩu lần đầu")

    page.get_by_label("Mật khẩu mới", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thư viện")
    sign_out(page)
    sign_in(page, demo, username, initial)
    expect(page.locator(".callout-bad")).to_contain_text("Tên đăng nhập hoặc mật khẩu chưa đúng")
    sign_in(page, demo, username, OWN_PASSWORD)
    at_home(page)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_sign_in_with_the_code_of_the_phone(
    demo: Demo, visit: Callable[..., Visit], desk: Callable[..., Desk], width: int
) -> None:
    page = visit(width).page
    username = colleague(demo, page, desk)
    secret = activate(page, demo)
    sign_out(page)
    sign_in(page, demo, username, OWN_PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Xác thực hai lớp")
    page.goto(demo.url(SCHOOL, "/quan-tri/bai-viet/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Xác thực hai lớp")

    enter(page, f"{(int(code_of(secret)) + 123_457) % 1_000_000:06d}")
    expect(page.locator(".callout-bad")).to_contain_text(CODE_REFUSED)
    enter(page, code_of(secret, steps=1))

    at_home(page)


def test_recovery_code_opens_once(demo: Demo, visit: Callable[..., Visit], desk: Callable[..., Desk]) -> None:
    page = visit(PHONE).page
    username = colleague(demo, page, desk)
    activate(page, demo)
    codes = page.locator(".account-codes li").all_inner_texts()
    assert len(set(codes)) == 10

    for code, is_accepted in ((codes[0], True), (codes[0], False), (codes[1], True)):
        page.goto(demo.url(SCHOOL, "/quan-tri/"))
        if page.locator(".account").count():
            sign_out(page)
        sign_in(page, demo, username, OWN_PASSWORD)
        enter(page, code)
        if is_accepted:
            at_home(page)
        else:
            expect(page.locator(".callout-bad")).to_contain_text(CODE_REFUSED)
            page.get_by_role("button", name="Đăng nhập bằng tài khoản khác").click()


def test_other_devices_are_signed_out_from_the_list(
    demo: Demo, visit: Callable[..., Visit], desk: Callable[..., Desk]
) -> None:
    mine, other = visit(PHONE).page, visit(DESKTOP).page
    username = colleague(demo, mine, desk)
    sign_in(other, demo, username, OWN_PASSWORD)
    at_home(other)

    mine.goto(demo.url(SCHOOL, "/quan-tri/tai-khoan/phien/"))
    expect(mine.locator("main .lines > li")).to_have_count(2)
    mine.get_by_role("button", name="Đăng xuất các thiết bị khác").click()

    expect(mine.locator("main .lines > li")).to_have_count(1)
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Đăng nhập Cổng Trường")
    mine.goto(demo.url(SCHOOL, "/quan-tri/"))
    at_home(mine)


def test_unknown_person_and_wrong_password_read_the_same(demo: Demo, visit: Callable[..., Visit]) -> None:
    page = visit(PHONE).page
    said = []
    for username in (HEAD, "khong.co.ai"):
        sign_in(page, demo, username, "Mot-mat-khau-sai-1")
        said.append(page.locator(".callout-bad").inner_text())

    assert said[0] == said[1]
    assert said[0].strip().startswith("Tên đăng nhập hoặc mật khẩu chưa đúng.")
