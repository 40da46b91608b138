"""A passkey in a real browser: made on the phone, used in place of the password, refused once it was taken away."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import Demo, Visit
from tests.e2e.console import DESKTOP, HEAD, PHONE, SCHOOL, Desk
from tests.e2e.test_console_sign_in import OWN_PASSWORD, at_home, colleague, sign_out
from tests.e2e.test_public_pages import violations

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

KEYS = "/quan-tri/tai-khoan/khoa-truy-cap/"
# A phone with a screen lock, whose owner always agrees.
LOCKED_PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def authenticator(page: Page, **options: bool) -> Iterator[tuple[CDPSession, str]]:
    """The browser's own stand-in for the key store of a device."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": LOCKED_PHONE | options})
    yield session, made["authenticatorId"]
    session.detach()


def add_key(page: Page, demo: Demo, name: str) -> None:
    page.goto(demo.url(SCHOOL, f"{KEYS}them/"))
    page.get_by_label("Mật khẩu", exact=True).fill(OWN_PASSWORD)
    page.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thêm khóa truy cập")
    page.get_by_role("textbox").first.fill(name)
    page.get_by_role("button", name="Tạo khóa").click()
    expect(page.get_by_text(re.compile(r"Còn 10 mã"))).to_be_visible()


def use_key(page: Page) -> None:
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_key_of_the_device_opens_the_console_without_a_password(
    demo: Demo, visit: Callable[..., Visit], desk: Callable[..., Desk], width: int
) -> None:
    seen = visit(width)
    page = seen.page
    colleague(demo, page, desk)
    with authenticator(page) as (session, device):
        add_key(page, demo, "Điện thoại của cô")
        kept = session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
        assert [(key["isResidentCredential"], key["rpId"], key["signCount"]) for key in kept] == [
            (True, f"{SCHOOL}.localhost", 1)
        ]
        page.goto(demo.url(SCHOOL, KEYS))
        expect(page.get_by_role("main")).to_contain_text("Điện thoại của cô")
        assert violations(page) == []
        sign_out(page)
        assert violations(page) == []

        use_key(page)

        at_home(page)
        assert session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"][0]["signCount"] == 2
    assert seen.complaints == []


def test_key_that_was_taken_away_opens_nothing(
    demo: Demo, visit: Callable[..., Visit], desk: Callable[..., Desk]
) -> None:
    page = visit(PHONE).page
    colleague(demo, page, desk)
    with authenticator(page):
        add_key(page, demo, "Máy cũ")
        page.goto(demo.url(SCHOOL, KEYS))
        page.get_by_role("link", name="Bỏ Máy cũ").click()
        page.get_by_role("main").get_by_role("button").first.click()
        expect(page.get_by_role("main")).to_contain_text("Chưa có khóa truy cập nào")
        sign_out(page)

        # The answer is a page like the one before: going on before it came would cut it off.
        with page.expect_response(lambda reply: reply.request.method == "POST"):
            use_key(page)
        page.wait_for_load_state("load")

        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập Cổng Trường")
        page.goto(demo.url(SCHOOL, "/quan-tri/"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập Cổng Trường")


def test_device_without_a_key_reads_what_to_do(demo: Demo, visit: Callable[..., Visit]) -> None:
    page = visit(PHONE).page
    page.goto(demo.url(SCHOOL, "/quan-tri/"))
    with authenticator(page, isUserVerified=False):
        use_key(page)
        expect(page.get_by_role("alert")).to_contain_text("đăng nhập bằng mật khẩu")

    page.get_by_label("Tên đăng nhập").fill(HEAD)
    expect(page.get_by_role("button", name="Đăng nhập bằng khóa truy cập")).to_be_enabled()
