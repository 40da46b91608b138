"""Devices, the mail address, and how every page of an account looks."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from congtruong.accounts import tasks
from congtruong.units.models import User
from tests.accounts.conftest import HOST, PASSWORD, SIGN_IN

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
BASE = "/quan-tri/tai-khoan/"
SESSIONS = f"{BASE}phien/"
EMAIL = f"{BASE}thu-dien-tu/"
PHONE = {**HOST, "user-agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    kept: list[dict[str, str]] = []
    monkeypatch.setattr("congtruong.core.jobs.enqueue", lambda name, **facts: kept.append({"job": name, **facts}))
    return kept


# --- Devices ----------------------------------------------------------------------------------------------------------


def test_devices_are_named_in_words_and_this_one_is_marked(signed_in: Client, person: User) -> None:
    Client().post(SIGN_IN, {"login": "vanthu", "password": PASSWORD}, headers=PHONE)

    body = signed_in.get(SESSIONS, headers=HOST).content.decode()

    rows = re.findall(r"<li>(<span><b>.*?)</li>", body)
    assert ["Thiết bị này" in row for row in rows] == [True, False]
    assert "Chrome trên Android" in rows[1]
    assert all(re.search(r"Đăng nhập lúc \d\d/\d\d/\d{4} \d\d:\d\d · địa chỉ mạng 127\.0\.0\.1", row) for row in rows)


def test_other_devices_are_signed_out_and_this_one_is_not(
    signed_in: Client, person: User, acts: Callable[[], list[str]]
) -> None:
    phone = Client()
    phone.post(SIGN_IN, {"login": "vanthu", "password": PASSWORD}, headers=PHONE)

    done = signed_in.post(SESSIONS, headers=HOST, follow=True)

    assert "Đã đăng xuất các thiết bị khác." in done.content.decode()
    codes = [client.get("/quan-tri/", headers=HOST).status_code for client in (phone, signed_in)]
    assert codes == [302, 200]
    assert UserSession.objects.filter(user=person).count() == 1
    assert acts()[-1] == "accounts.session.ended"


def test_devices_of_others_are_neither_shown_nor_ended(signed_in: Client, operator: User) -> None:
    other = Client()
    other.post(SIGN_IN, {"login": "vanhanh", "password": PASSWORD}, headers=PHONE)

    body = signed_in.get(SESSIONS, headers=HOST).content.decode()
    signed_in.post(SESSIONS, headers=HOST)

    assert "Chrome trên Android" not in body
    assert other.get("/quan-tri/", headers=HOST).status_code == 200


# --- Mail address -----------------------------------------------------------------------------------------------------


def test_new_address_counts_once_its_mail_was_opened(
    signed_in: Client, person: User, told: list[dict[str, str]], acts: Callable[[], list[str]]
) -> None:
    done = signed_in.post(EMAIL, {"email": "moi@truong.edu.vn", "action_add": "1"}, headers=HOST, follow=True)
    assert "Đã gửi thư xác nhận tới moi@truong.edu.vn" in done.content.decode()
    person.refresh_from_db()
    assert person.email == "vanthu@truong.edu.vn"
    (sent,) = told
    assert (sent["job"], sent["to"], sent["subject"]) == (
        "accounts.mail",
        "moi@truong.edu.vn",
        "[Cổng Trường] Xác nhận địa chỉ thư điện tử",
    )

    link = re.search(r"http://congtruong\.test[.a-z]*(/\S+)", sent["body"])
    assert link is not None
    asked = Client().get(link[1], headers=HOST).content.decode()
    signed_in.post(link[1], headers=HOST)

    assert "moi@truong.edu.vn là địa chỉ của tài khoản vanthu" in asked
    person.refresh_from_db()
    assert person.email == "moi@truong.edu.vn"
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified")) == [
        ("moi@truong.edu.vn", True)
    ]
    assert "accounts.email.changed" in acts()


def test_address_of_somebody_else_gets_the_same_answer(signed_in: Client, operator: User) -> None:
    operator.email = "vanhanh@so.edu.vn"
    operator.save()

    bodies = []
    for address in ("vanhanh@so.edu.vn", "khong-ai@so.edu.vn"):
        done = signed_in.post(EMAIL, {"email": address, "action_add": "1"}, headers=HOST, follow=True)
        bodies.append(re.sub(r'value="\w{64}"', "", done.content.decode().replace(address, "X")))

    assert "Đã gửi thư xác nhận tới X" in bodies[0]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "Cần nhập địa chỉ thư điện tử."),
        ("vanthu", "Cần nhập địa chỉ thư như ten@truong.edu.vn."),
        ("VanThu@truong.edu.vn", "Đây là địa chỉ thư đang dùng."),
    ],
)
def test_address_is_refused_with_a_sentence(signed_in: Client, address: str, sentence: str) -> None:
    response = signed_in.post(EMAIL, {"email": address, "action_add": "1"}, headers=HOST)

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_changing_the_address_needs_a_fresh_confirmation(client: Client, person: User) -> None:
    client.post(SIGN_IN, {"login": "vanthu", "password": PASSWORD}, headers=HOST)

    led = client.post(EMAIL, {"email": "ke-xau@x.vn", "action_add": "1"}, headers=HOST)

    assert led["Location"].startswith(f"{BASE}xac-nhan/")


def test_worn_out_link_says_so(client: Client) -> None:
    body = client.get(f"{EMAIL}khong-he-co/", headers=HOST).content.decode()

    assert "Liên kết không dùng được nữa" in body


def test_person_is_told_by_mail_when_the_password_changes(signed_in: Client, told: list[dict[str, str]]) -> None:
    data = {"oldpassword": PASSWORD, "password1": "hoa-phuong-do-2027", "password2": "hoa-phuong-do-2027"}
    signed_in.post(f"{BASE}mat-khau/doi/", data, headers=PHONE)

    (sent,) = told
    tasks.mail.func(**{name: value for name, value in sent.items() if name != "job"})
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["vanthu@truong.edu.vn"], "[Cổng Trường] Mật khẩu đã được đổi")
    wanted = r"Lúc \d\d/\d\d/\d{4} \d\d:\d\d, từ Chrome trên Android, địa chỉ mạng 127\.0\.0\.1\."
    assert re.search(wanted, str(message.body))


# --- Looks ------------------------------------------------------------------------------------------------------------

OPEN = (
    "dang-nhap/",
    "mat-khau/quen/",
    "mat-khau/quen/da-gui/",
    "mat-khau/da-dat-lai/",
    "mat-khau/dat-lai/abc-def/",
    "ngung-dung/",
    "thu-dien-tu/khong-he-co/",
)
OWN = (
    "bao-mat/",
    "dang-xuat/",
    "xac-nhan/",
    "thu-dien-tu/",
    "mat-khau/doi/",
    "ung-dung-xac-thuc/bat/",
    "ma-khoi-phuc/tao/",
    "khoa-truy-cap/",
    "khoa-truy-cap/them/",
    "phien/",
)
# Words that only an untranslated message of a library would hold.
_ENGLISH = re.compile(
    r"\b(the|your|you|password|please|email|address|sign|enter|code|key|account|is|not|this|with)\b", re.IGNORECASE
)


class Words(HTMLParser):
    """What a reader sees: text, labels of controls, alternatives of pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.headings = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style", "code"}
        self.headings += tag == "h1"
        self.seen += [value or "" for name, value in attrs if name in {"placeholder", "alt", "aria-label", "title"}]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "code"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.seen.append(data)


def read(body: str) -> Words:
    words = Words()
    words.feed(body)
    return words


@pytest.mark.parametrize("path", OPEN)
def test_open_page_is_vietnamese_whole_and_unstored(client: Client, path: str) -> None:
    response = client.get(BASE + path, headers=HOST)

    check_looks(response)


@pytest.mark.parametrize("path", OWN)
def test_own_page_is_vietnamese_whole_and_unstored(signed_in: Client, path: str) -> None:
    response = signed_in.get(BASE + path, headers=HOST)

    check_looks(response)
    assert "shell-main" in response.content.decode()


@pytest.mark.parametrize("path", [path for path in OWN if path != "dang-xuat/"])
def test_own_page_asks_strangers_to_sign_in(client: Client, path: str) -> None:
    response = client.get(BASE + path, headers=HOST)

    assert (response.status_code, response["Location"].split("?")[0]) == (302, SIGN_IN)


def check_looks(response: Any) -> None:
    body = response.content.decode()
    words = read(body)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"
    assert words.headings == 1
    assert "UNDEFINED" not in body
    assert "<!--sprite-->" not in body
    assert [text for text in words.seen if _ENGLISH.search(text.replace("Google Authenticator", ""))] == []
    assert re.search(r"<title>[^<]+ – Cổng Trường</title>", body)
    assert re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", body) is None
    assert " style=" not in body


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "head"])
def test_pages_are_read_and_posted_and_nothing_else(signed_in: Client, method: str) -> None:
    ask = getattr(signed_in, method)

    codes = {path: ask(BASE + path, headers=HOST).status_code for path in (*OPEN, *OWN)}

    assert codes == dict.fromkeys((*OPEN, *OWN), 405)
