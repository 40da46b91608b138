"""Passkeys: adding, signing in with one, confirming with one, and what is refused."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from congtruong.units.models import User
from tests.accounts.conftest import HOST, PASSWORD, SIGN_IN
from tests.factories import make_unit
from tests.fakes.passkey import Device

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
LIST = "/quan-tri/tai-khoan/khoa-truy-cap/"
LOGIN = f"{LIST}dang-nhap/"
SECOND = "/quan-tri/tai-khoan/xac-thuc-hai-lop/"
INDEX = "/quan-tri/tai-khoan/bao-mat/"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def device() -> Device:
    return Device("https://congtruong.test")


def options_in(body: str) -> Any:
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', body, re.DOTALL)
    assert found is not None, body
    return json.loads(html.unescape(found[1]))


def add(client: Client, device: Device, name: str = "Máy của cô Cúc") -> Any:
    options = options_in(client.get(f"{LIST}them/", headers=HOST).content.decode())["creation_options"]
    data = {"name": name, "credential": json.dumps(device.create(options)), "passwordless": "on"}
    return client.post(f"{LIST}them/", data, headers=HOST)


def leave(client: Client) -> None:
    client.post("/quan-tri/tai-khoan/dang-xuat/", headers=HOST)


def question(client: Client) -> Any:
    return client.get(LOGIN, headers={**HOST, "accept": "application/json"}).json()["request_options"]


def test_new_key_is_named_after_device_and_host(signed_in: Client) -> None:
    page = signed_in.get(f"{LIST}them/", headers={**HOST, "user-agent": ANDROID}).content.decode()

    assert 'value="Chrome trên Android · congtruong.test"' in page
    assert options_in(page)["creation_options"]["publicKey"]["rp"] == {"id": "congtruong.test", "name": "Cổng Trường"}


def test_key_is_added_with_recovery_codes_and_listed(
    signed_in: Client, person: User, device: Device, acts: Callable[[], list[str]]
) -> None:
    done = add(signed_in, device)

    assert (done.status_code, done["Location"]) == (302, "/quan-tri/tai-khoan/ma-khoi-phuc/"), done.content.decode()
    assert "Máy của cô Cúc" in signed_in.get(LIST, headers=HOST).content.decode()
    kinds = Authenticator.objects.filter(user=person).order_by("pk").values_list("type", flat=True)
    assert list(kinds) == ["webauthn", "recovery_codes"]
    assert "accounts.factor.added" in acts()


def test_sign_in_with_a_key_needs_neither_password_nor_code(
    signed_in: Client, device: Device, acts: Callable[[], list[str]]
) -> None:
    add(signed_in, device)
    leave(signed_in)

    data = {"credential": json.dumps(device.get(question(signed_in))), "next": "/quan-tri/tai-khoan/phien/"}
    entered = signed_in.post(LOGIN, data, headers=HOST)

    assert (entered.status_code, entered["Location"]) == (302, "/quan-tri/tai-khoan/phien/")
    assert signed_in.get("/quan-tri/", headers=HOST).status_code == 200
    assert acts()[-1] == "accounts.sign_in.succeeded"


def test_key_is_the_second_step_after_the_password(signed_in: Client, device: Device) -> None:
    add(signed_in, device)
    leave(signed_in)
    asked = signed_in.post(SIGN_IN, {"login": "vanthu", "password": PASSWORD}, headers=HOST)

    page = signed_in.get(SECOND, headers=HOST).content.decode()
    answer = device.get(options_in(page)["request_options"])
    entered = signed_in.post(SECOND, {"credential": json.dumps(answer)}, headers=HOST)

    assert asked["Location"] == SECOND
    assert (entered.status_code, entered["Location"]) == (302, "/quan-tri/")


def test_same_answer_is_not_taken_twice(signed_in: Client, device: Device) -> None:
    add(signed_in, device)
    leave(signed_in)
    answer = json.dumps(device.get(question(signed_in)))
    signed_in.post(LOGIN, {"credential": answer}, headers=HOST)
    leave(signed_in)

    question(signed_in)
    again = signed_in.post(LOGIN, {"credential": answer}, headers=HOST)

    assert (again.status_code, again["Location"]) == (302, SIGN_IN)
    assert signed_in.get("/quan-tri/", headers=HOST).status_code == 302


@pytest.mark.parametrize("origin", ["https://ke-xau.example", "https://a.hcm.edu.vn", "http://congtruong.test"])
def test_answer_from_another_place_is_refused_and_noted(
    signed_in: Client, device: Device, origin: str, acts: Callable[[], list[str]]
) -> None:
    add(signed_in, device)
    leave(signed_in)
    device.origin = origin

    refused = signed_in.post(LOGIN, {"credential": json.dumps(device.get(question(signed_in)))}, headers=HOST)

    assert (refused.status_code, refused["Location"]) == (302, SIGN_IN)
    assert signed_in.get("/quan-tri/", headers=HOST).status_code == 302
    assert acts()[-1] == "accounts.sign_in.failed"


def test_key_of_one_host_is_unknown_to_another(signed_in: Client, device: Device) -> None:
    make_unit(host="a.hcm.edu.vn")
    add(signed_in, device)
    leave(signed_in)
    there = {"host": "a.hcm.edu.vn"}
    asked = signed_in.get(LOGIN, headers={**there, "accept": "application/json"}).json()["request_options"]
    asked["publicKey"]["rpId"] = "congtruong.test"

    refused = signed_in.post(LOGIN, {"credential": json.dumps(device.get(asked))}, headers=there)

    assert (refused.status_code, refused["Location"]) == (302, SIGN_IN)


@pytest.mark.parametrize("credential", ["", "{}", "[]", "không phải", '{"response": {}}', '{"id": 1, "response": 2}'])
def test_nonsense_is_refused(client: Client, credential: str) -> None:
    question(client)

    response = client.post(LOGIN, {"credential": credential}, headers=HOST)

    assert (response.status_code, response["Location"]) == (302, SIGN_IN)


def test_reading_the_address_in_a_browser_leads_to_the_page(client: Client) -> None:
    response = client.get(LOGIN, headers=HOST)

    assert (response.status_code, response["Location"]) == (302, SIGN_IN)


def test_key_confirms_instead_of_the_password(signed_in: Client, device: Device) -> None:
    add(signed_in, device)
    confirm = f"{LIST}xac-nhan/?next={LIST}them/"
    page = signed_in.get(confirm, headers=HOST).content.decode()

    answer = device.get(options_in(page)["request_options"])
    led = signed_in.post(confirm, {"credential": json.dumps(answer)}, headers=HOST)

    assert "Xác nhận bằng khóa truy cập" in page
    assert (led.status_code, led["Location"]) == (302, f"{LIST}them/")


def test_key_is_renamed_and_removed(
    signed_in: Client, person: User, device: Device, acts: Callable[[], list[str]]
) -> None:
    add(signed_in, device)
    key = Authenticator.objects.get(user=person, type="webauthn")

    signed_in.post(f"{LIST}{key.pk}/doi-ten/", {"name": "Máy ở văn phòng"}, headers=HOST)
    renamed = signed_in.get(f"{LIST}{key.pk}/bo/", headers=HOST).content.decode()
    long = signed_in.post(f"{LIST}{key.pk}/doi-ten/", {"name": "x" * 101}, headers=HOST)
    signed_in.post(f"{LIST}{key.pk}/bo/", headers=HOST)

    assert "Bỏ khóa “Máy ở văn phòng”?" in renamed
    assert long.status_code == 422
    assert not Authenticator.objects.filter(user=person).exists()
    assert acts()[-1] == "accounts.factor.removed"


@pytest.mark.parametrize("step", ["doi-ten", "bo"])
def test_key_of_somebody_else_does_not_exist(
    signed_in: Client, person: User, operator: User, device: Device, step: str
) -> None:
    add(signed_in, device)
    Authenticator.objects.filter(user=person, type="webauthn").update(user=operator)
    key = Authenticator.objects.get(user=operator)

    codes = [signed_in.get(f"{LIST}{pk}/{step}/", headers=HOST).status_code for pk in (key.pk, key.pk + 999)]

    assert codes == [404, 404]
    assert Authenticator.objects.filter(pk=key.pk).exists()
