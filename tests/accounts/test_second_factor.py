"""Authenticator app, recovery codes, and who must have one of them."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from congtruong.accounts import services
from congtruong.accounts.adapters.mfa import Adapter
from congtruong.accounts.queries import has_second_factor
from congtruong.units.models import User
from tests.accounts.conftest import HOST, PASSWORD, SIGN_IN

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
INDEX = "/quan-tri/tai-khoan/bao-mat/"
TURN_ON = "/quan-tri/tai-khoan/ung-dung-xac-thuc/bat/"
TURN_OFF = "/quan-tri/tai-khoan/ung-dung-xac-thuc/tat/"
SECOND = "/quan-tri/tai-khoan/xac-thuc-hai-lop/"
CODES = "/quan-tri/tai-khoan/ma-khoi-phuc/"
CONFIRM = "/quan-tri/tai-khoan/xac-nhan/"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app on the phone shows now, or so many half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def turn_on(client: Client) -> str:
    """Scan, type the code; returns the secret the phone keeps."""
    page = client.get(TURN_ON, headers=HOST).content.decode()
    found = re.search(r'class="account-secret">([A-Z2-7]{32})<', page)
    assert found is not None, page
    done = client.post(TURN_ON, {"code": code_of(found[1])}, headers=HOST)
    assert (done.status_code, done["Location"]) == (302, CODES), done.content.decode()
    return found[1]


def enter(client: Client) -> Any:
    return client.post(SIGN_IN, {"login": "vanthu", "password": PASSWORD}, headers=HOST)


def leave(client: Client) -> None:
    client.post("/quan-tri/tai-khoan/dang-xuat/", headers=HOST)


def listed(client: Client) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", client.get(CODES, headers=HOST).content.decode())


# --- Authenticator app ------------------------------------------------------------------------------------------------


def test_turning_on_asks_for_the_password_again(client: Client, person: User) -> None:
    enter(client)

    asked = client.get(TURN_ON, headers=HOST)
    page = client.get(asked["Location"], headers=HOST).content.decode()
    led = client.post(asked["Location"], {"password": PASSWORD}, headers=HOST)

    assert asked["Location"] == f"{CONFIRM}?next=%2Fquan-tri%2Ftai-khoan%2Fung-dung-xac-thuc%2Fbat%2F"
    assert "Xác nhận chính Thầy/Cô đang thao tác" in page
    assert (led.status_code, led["Location"]) == (302, TURN_ON)


def test_after_confirming_a_lost_post_is_not_sent_a_second_time(client: Client, person: User) -> None:
    enter(client)
    posted = client.post(TURN_ON, {"code": "123456"}, headers=HOST)

    led = client.post(posted["Location"], {"password": PASSWORD}, headers=HOST)

    assert (led.status_code, led["Location"]) == (302, TURN_ON)


def test_confirming_with_a_wrong_password_counts_like_signing_in(client: Client, person: User) -> None:
    enter(client)

    replies = [client.post(CONFIRM, {"password": "sai"}, headers=HOST) for _ in range(9)]

    assert [reply.status_code for reply in replies] == [422] * 9
    assert "Mật khẩu chưa đúng." in replies[0].content.decode()
    assert "đợi 15 phút" in replies[8].content.decode()


def test_sign_in_with_a_code(signed_in: Client, person: User, acts: Callable[[], list[str]]) -> None:
    secret = turn_on(signed_in)
    assert "Đang bật" in signed_in.get(INDEX, headers=HOST).content.decode()
    leave(signed_in)

    asked = enter(signed_in)
    waiting = signed_in.get("/quan-tri/", headers=HOST)
    page = signed_in.get(SECOND, headers=HOST).content.decode()
    entered = signed_in.post(SECOND, {"code": code_of(secret, steps=1)}, headers=HOST)

    assert (asked.status_code, asked["Location"]) == (302, SECOND)
    assert waiting["Location"] == f"{SIGN_IN}?next=/quan-tri/"
    assert 'autocomplete="one-time-code"' in page
    assert (entered.status_code, entered["Location"]) == (302, "/quan-tri/")
    assert signed_in.get("/quan-tri/", headers=HOST).status_code == 200


def test_page_asked_for_survives_the_second_step(signed_in: Client) -> None:
    secret = turn_on(signed_in)
    leave(signed_in)
    data = {"login": "vanthu", "password": PASSWORD, "next": "/quan-tri/tai-khoan/phien/"}
    signed_in.post(SIGN_IN, data, headers=HOST)

    entered = signed_in.post(SECOND, {"code": code_of(secret, steps=1)}, headers=HOST)

    assert entered["Location"] == "/quan-tri/tai-khoan/phien/"


def test_code_opens_one_door_only(signed_in: Client) -> None:
    secret = turn_on(signed_in)
    leave(signed_in)
    code = code_of(secret, steps=1)
    replies = []
    for _ in range(2):
        enter(signed_in)
        replies.append(signed_in.post(SECOND, {"code": f"{code[:3]} {code[3:]}"}, headers=HOST))
        leave(signed_in)

    assert [reply.status_code for reply in replies] == [302, 422]
    assert "đã dùng rồi" in replies[1].content.decode()


def test_code_of_a_slow_clock_is_not_good_twice_after_the_library_forgot_it(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = turn_on(signed_in)
    leave(signed_in)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda self, code: True)
    code = code_of(secret)
    codes = []
    for _ in range(2):
        enter(signed_in)
        codes.append(signed_in.post(SECOND, {"code": code}, headers=HOST).status_code)
        leave(signed_in)

    assert codes == [302, 422]


def test_wrong_codes_are_few(signed_in: Client, acts: Callable[[], list[str]]) -> None:
    secret = turn_on(signed_in)
    leave(signed_in)
    enter(signed_in)

    replies = [signed_in.post(SECOND, {"code": "000000"}, headers=HOST) for _ in range(6)]
    right = signed_in.post(SECOND, {"code": code_of(secret, steps=1)}, headers=HOST)

    assert [reply.status_code for reply in replies] == [422] * 6
    assert "Mã chưa đúng" in replies[0].content.decode()
    assert "Đã thử sai quá nhiều lần" in replies[5].content.decode()
    assert right.status_code == 422
    assert acts().count("accounts.factor.refused") == 5


def test_turning_off_is_a_page_of_its_own(
    signed_in: Client, person: User, acts: Callable[[], list[str]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        turn_on(signed_in)

    page = signed_in.get(TURN_OFF, headers=HOST).content.decode()
    done = signed_in.post(TURN_OFF, headers=HOST)

    assert "Tắt ứng dụng xác thực?" in page
    assert (done.status_code, done["Location"]) == (302, INDEX)
    assert not Authenticator.objects.filter(user=person).exists()
    told = [act for act in acts() if act.startswith("accounts.factor.")]
    assert told == ["accounts.factor.added"] * 2 + ["accounts.factor.removed"] * 2


def test_secret_is_not_readable_in_the_database(signed_in: Client, person: User) -> None:
    secret = turn_on(signed_in)

    stored = repr(list(Authenticator.objects.filter(user=person).values_list("data", flat=True)))

    assert secret not in stored
    assert all(code not in stored for code in listed(signed_in))


def test_secret_of_a_lost_key_fits_no_code(settings: Any) -> None:
    sealed = Adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert Adapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"

    settings.SECRET_KEY = "another"

    first, second = Adapter().decrypt(sealed), Adapter().decrypt(sealed)
    assert "JBSWY3DPEHPK3PXP" not in {first, second}
    assert first != second
    assert re.fullmatch(r"[A-Z2-7=]+", first)


# --- Recovery codes ---------------------------------------------------------------------------------------------------


def test_recovery_code_works_once(signed_in: Client, acts: Callable[[], list[str]]) -> None:
    turn_on(signed_in)
    codes = listed(signed_in)
    leave(signed_in)
    replies = []
    for _ in range(2):
        enter(signed_in)
        replies.append(signed_in.post(SECOND, {"code": codes[0]}, headers=HOST).status_code)
        leave(signed_in)

    assert len(codes) == 10
    assert replies == [302, 422]
    assert acts().count("accounts.recovery_code.used") == 1


def test_used_code_leaves_the_list_and_a_new_list_replaces_all(signed_in: Client) -> None:
    turn_on(signed_in)
    first = listed(signed_in)
    leave(signed_in)
    enter(signed_in)
    signed_in.post(SECOND, {"code": first[0]}, headers=HOST)
    signed_in.post(CONFIRM, {"password": PASSWORD}, headers=HOST)

    left = listed(signed_in)
    signed_in.post(f"{CODES}tao/", headers=HOST)

    assert left == first[1:]
    assert len(set(listed(signed_in)) & set(first)) == 0


def test_codes_can_be_kept_on_paper(signed_in: Client) -> None:
    turn_on(signed_in)

    response = signed_in.get(f"{CODES}tai-ve/", headers=HOST)

    assert response["Content-Type"].startswith("text/plain")
    assert response["Cache-Control"] == "no-store, private"
    assert re.findall(r"^\d{8}$", response.content.decode(), re.MULTILINE) == listed(signed_in)


def test_codes_stay_hidden_until_confirmed(signed_in: Client) -> None:
    turn_on(signed_in)
    leave(signed_in)
    enter(signed_in)

    assert signed_in.get(CODES, headers=HOST)["Location"].startswith(SIGN_IN)


# --- Operators --------------------------------------------------------------------------------------------------------


def test_operator_sets_up_a_second_factor_before_anything_else(client: Client, operator: User, settings: Any) -> None:
    settings.OPERATOR_MFA = True
    client.force_login(operator)

    for path in ("/quan-tri/", "/quan-tri/chua-xac-dinh/"):
        led = client.get(path, headers=HOST)
        assert (led.status_code, led["Location"]) == (302, INDEX), path
    page = client.get(INDEX, headers=HOST)
    assert page.status_code == 200
    assert "người vận hành cần thêm một lớp xác thực" in page.content.decode()


def test_operator_with_a_second_factor_goes_on(client: Client, operator: User, settings: Any) -> None:
    settings.OPERATOR_MFA = True
    Authenticator.objects.create(user=operator, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(operator)
    assert client.get("/quan-tri/", headers=HOST).status_code == 302

    Authenticator.objects.create(user=operator, type=Authenticator.Type.TOTP, data={})

    assert client.get("/quan-tri/", headers=HOST).status_code == 200


def test_staff_need_none_and_a_setting_frees_operators(
    client: Client, person: User, operator: User, settings: Any
) -> None:
    settings.OPERATOR_MFA = True
    client.force_login(person)
    assert client.get("/quan-tri/", headers=HOST).status_code == 200

    settings.OPERATOR_MFA = False
    client.force_login(operator)

    assert client.get("/quan-tri/", headers=HOST).status_code == 200


def test_lost_phone_is_helped_from_outside(signed_in: Client, person: User, acts: Callable[[], list[str]]) -> None:
    turn_on(signed_in)
    assert has_second_factor(person)

    removed = services.remove_second_factors(user=person, by="Người vận hành")

    assert (removed, has_second_factor(person)) == (2, False)
    assert signed_in.get("/quan-tri/", headers=HOST).status_code == 302
    assert enter(signed_in)["Location"] == "/quan-tri/"
    assert "accounts.factors.removed" in acts()
