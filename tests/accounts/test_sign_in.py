"""Signing in with name and password: who gets in, how often one may try, where one is led."""

from typing import Any

import pytest
from django.test import Client

from congtruong.accounts.services import MOST_FAILURES
from congtruong.core.models import AuditEntry
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.services import grant_role
from tests.accounts.conftest import HOST, PASSWORD, SIGN_IN
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
RIGHT = {"login": "vanthu", "password": PASSWORD}
WRONG = {"login": "vanthu", "password": "sai"}


@pytest.fixture
def school(person: User) -> Unit:
    unit = make_unit("Trường của cô Cúc (mẫu)", host="a.hcm.edu.vn")
    grant_role(unit=unit, user=person, role=Role.CONTRIBUTOR, by="thử")
    return unit


@pytest.mark.parametrize("login", ["vanthu", "VanThu ", "vanthu@truong.edu.vn", "VanThu@Truong.edu.vn"])
def test_sign_in_accepts_name_or_address_and_leads_on(client: Client, person: User, login: str) -> None:
    response = client.post(SIGN_IN, {"login": login, "password": PASSWORD}, headers=HOST)

    assert (response.status_code, response["Location"]) == (302, "/quan-tri/")
    assert client.get("/quan-tri/", headers=HOST).status_code == 200


@pytest.mark.parametrize("host", ["a.hcm.edu.vn", "congtruong.test"])
def test_sign_in_stands_on_every_host(client: Client, school: Unit, host: str) -> None:
    prefix = "" if host == "a.hcm.edu.vn" else "/tai/a.hcm.edu.vn"
    asked = client.get(f"{prefix}/quan-tri/", headers={"host": host})
    assert asked["Location"] == f"{prefix}{SIGN_IN}?next={prefix}/quan-tri/"

    form = client.get(asked["Location"], headers={"host": host}).content.decode()
    entered = client.post(f"{prefix}{SIGN_IN}", RIGHT | {"next": f"{prefix}/quan-tri/"}, headers={"host": host})

    assert "của Trường của cô Cúc" in form
    assert (entered.status_code, entered["Location"]) == (302, f"{prefix}/quan-tri/")
    assert client.get(f"{prefix}/quan-tri/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://ke-xau.example/",
        "//ke-xau.example/",
        "/quan-tri-gia/",
        "javascript:alert(1)",
        "/tin-tuc/",
        "/quan-tri/../tin-tuc/",
        "/\\ke-xau.example/quan-tri/",
        "/tai/ke-xau/tin-tuc/",
    ],
)
def test_sign_in_never_leads_out_of_the_console(client: Client, person: User, target: str) -> None:
    response = client.post(SIGN_IN, RIGHT | {"next": target}, headers=HOST)

    assert response["Location"] == "/quan-tri/"


def test_sign_in_leads_to_the_page_that_was_asked_for(client: Client, person: User) -> None:
    response = client.post(f"{SIGN_IN}?next=/quan-tri/tai-khoan/phien/", RIGHT, headers=HOST)

    assert response["Location"] == "/quan-tri/tai-khoan/phien/"


def test_wrong_password_keeps_the_name_and_says_what_to_do(client: Client, person: User) -> None:
    response = client.post(SIGN_IN, WRONG, headers=HOST)

    body = response.content.decode()
    assert response.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in body
    assert 'value="vanthu"' in body
    assert "sai" not in body.split("<form", 1)[1]


def test_empty_form_names_both_fields_and_links_to_them(client: Client) -> None:
    body = client.post(SIGN_IN, {}, headers=HOST).content.decode()

    assert '<a href="#id_login">Cần nhập tên đăng nhập hoặc thư điện tử.</a>' in body
    assert '<a href="#id_password">Cần nhập mật khẩu.</a>' in body
    assert body.count(" autofocus") == 1
    assert 'aria-describedby="id_login_error"' in body


def test_page_asks_browsers_for_the_right_things(client: Client) -> None:
    body = client.get(SIGN_IN, headers=HOST).content.decode()

    assert 'autocomplete="username"' in body
    assert 'autocomplete="current-password"' in body
    assert "<!--sprite-->" not in body
    assert '<symbol id="i-key"' in body


@pytest.mark.parametrize("login", ["vanthu", "vanthu@truong.edu.vn", "khong-co", "khong@co.vn"])
def test_answer_is_the_same_whether_a_name_is_known_or_not(client: Client, person: User, login: str) -> None:
    body = client.post(SIGN_IN, {"login": login, "password": "sai"}, headers=HOST).content.decode()

    known = client.post(SIGN_IN, WRONG, headers=HOST).content.decode()
    between = [text.replace(login, "vanthu").split("csrfmiddlewaretoken")[0] for text in (body, known)]
    assert between[0] == between[1]
    assert body.count("chưa đúng") == 1


def test_closed_account_is_told_so_only_with_its_password(client: Client, person: User) -> None:
    person.is_active = False
    person.save()

    wrong, right = client.post(SIGN_IN, WRONG, headers=HOST), client.post(SIGN_IN, RIGHT, headers=HOST, follow=True)

    assert "chưa đúng" in wrong.content.decode()
    assert "Tài khoản này đã ngừng sử dụng" in right.content.decode()
    assert client.get("/quan-tri/", headers=HOST).status_code == 302


# --- Attempts ---------------------------------------------------------------------------------------------------------


def test_too_many_failures_lock_the_name_even_for_the_right_password(client: Client, person: User) -> None:
    for _ in range(MOST_FAILURES):
        client.post(SIGN_IN, WRONG, headers=HOST)

    response = client.post(SIGN_IN, RIGHT, headers=HOST)

    assert response.status_code == 422
    assert "đợi 15 phút" in response.content.decode()


def test_stranger_elsewhere_cannot_lock_a_person_out(client: Client, person: User, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    for _ in range(MOST_FAILURES):
        client.post(SIGN_IN, WRONG, headers={**HOST, "x-forwarded-for": "1.1.1.1, 198.51.100.7"})

    def attempt(address: str) -> int:
        headers = {**HOST, "x-forwarded-for": f"198.51.100.7, {address}"}
        return client.post(SIGN_IN, RIGHT, headers=headers).status_code

    assert (attempt("198.51.100.7"), attempt("203.0.113.9")) == (422, 302)


def test_forwarded_addresses_count_only_behind_our_proxy(client: Client, person: User) -> None:
    for number in range(MOST_FAILURES):
        client.post(SIGN_IN, WRONG, headers={**HOST, "x-forwarded-for": f"198.51.100.{number}"})

    assert client.post(SIGN_IN, RIGHT, headers=HOST).status_code == 422


@pytest.mark.parametrize("forwarded", ["không phải địa chỉ", "", "198.51.100.7, x"])
def test_forwarded_nonsense_counts_as_the_address_of_the_connection(
    client: Client, person: User, settings: Any, forwarded: str
) -> None:
    settings.BEHIND_PROXY = True

    response = client.post(SIGN_IN, RIGHT, headers={**HOST, "x-forwarded-for": forwarded})

    assert response.status_code == 302
    assert AuditEntry.objects.get(action="accounts.sign_in.succeeded").subject == "vanthu @ 127.0.0.1"


def test_success_forgets_the_failures_before_it(client: Client, person: User) -> None:
    def attempt(password: str) -> int:
        code = client.post(SIGN_IN, {"login": "vanthu", "password": password}, headers=HOST).status_code
        client.post("/quan-tri/tai-khoan/dang-xuat/", headers=HOST)
        return code

    codes = [
        attempt(p) for p in ["sai"] * (MOST_FAILURES - 1) + [PASSWORD] + ["sai"] * (MOST_FAILURES - 1) + [PASSWORD]
    ]

    assert (codes[MOST_FAILURES - 1], codes[-1]) == (302, 302)


def test_many_names_from_one_address_are_held_back(client: Client, person: User) -> None:
    rows = [
        AuditEntry(action="accounts.sign_in.failed", actor="khách", subject="@ 127.0.0.1")
        for _ in range(MOST_FAILURES * 25)
    ]
    AuditEntry.objects.bulk_create(rows)

    assert client.post(SIGN_IN, RIGHT, headers=HOST).status_code == 422


# --- Cookies, forms, leaving ------------------------------------------------------------------------------------------


def test_no_cookie_outside_the_console(client: Client, school: Unit) -> None:
    client.post(SIGN_IN, RIGHT, headers={"host": "a.hcm.edu.vn"})

    public = client.get("/", headers={"host": "a.hcm.edu.vn"})
    missing = client.get("/khong-he-co/", headers={"host": "a.hcm.edu.vn"})

    assert (public.status_code, public.cookies, "Vary" in public and "Cookie" in public["Vary"]) == (200, {}, False)
    assert missing.cookies == {}
    assert "private" in client.get(SIGN_IN, headers={"host": "a.hcm.edu.vn"})["Cache-Control"]


def test_session_lives_as_long_as_the_browser_unless_asked_otherwise(client: Client, person: User) -> None:
    brief = client.post(SIGN_IN, RIGHT, headers=HOST).cookies["sessionid"]
    client.post("/quan-tri/tai-khoan/dang-xuat/", headers=HOST)

    kept = client.post(SIGN_IN, RIGHT | {"remember": "on"}, headers=HOST).cookies["sessionid"]

    assert brief["max-age"] == ""
    assert int(kept["max-age"]) == 14 * 24 * 3600


def test_forged_form_gets_a_vietnamese_page(person: User) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(SIGN_IN, RIGHT, headers=HOST)

    assert response.status_code == 403
    assert "Trang này đã mở quá lâu" in response.content.decode()


def test_signing_out_ends_the_session(signed_in: Client) -> None:
    asked = signed_in.get("/quan-tri/tai-khoan/dang-xuat/", headers=HOST)
    left = signed_in.post("/quan-tri/tai-khoan/dang-xuat/", headers=HOST)

    assert "Đăng xuất khỏi máy này?" in asked.content.decode()
    assert (left.status_code, left["Location"]) == (302, SIGN_IN)
    assert "Thầy/Cô đã đăng xuất." in signed_in.get(SIGN_IN, headers=HOST).content.decode()
    assert signed_in.get("/quan-tri/", headers=HOST).status_code == 302


def test_trail_tells_of_success_failure_and_leaving(client: Client, person: User, acts: Any) -> None:
    client.post(SIGN_IN, WRONG, headers=HOST)
    client.post(SIGN_IN, RIGHT, headers=HOST)
    client.post("/quan-tri/tai-khoan/dang-xuat/", headers=HOST)

    assert acts() == ["accounts.sign_in.failed"] * 3 + ["accounts.sign_in.succeeded", "accounts.session.ended"]
    entry = AuditEntry.objects.get(action="accounts.sign_in.succeeded")
    assert (entry.actor, entry.actor_id, entry.subject) == (str(person), person.pk, "vanthu @ 127.0.0.1")
    assert entry.detail == {"ways": ["password"]}


@pytest.mark.parametrize("path", ["dang-ky/", "signup/", "../accounts/signup/", "khoa-truy-cap/dang-ky/"])
def test_nobody_signs_up(client: Client, path: str) -> None:
    assert client.get(f"/quan-tri/tai-khoan/{path}", headers=HOST).status_code == 404
