"""Passwords: initial ones that must be replaced, changing, and asking for a link by mail."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from congtruong.accounts import errors, services, tasks
from congtruong.accounts.data.words import WORDS
from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.units.enums import Role
from congtruong.units.models import User
from congtruong.units.services import grant_role
from tests.accounts.conftest import HOST, PASSWORD, SIGN_IN
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
FIRST = "/quan-tri/tai-khoan/mat-khau/dat-lan-dau/"
CHANGE = "/quan-tri/tai-khoan/mat-khau/doi/"
FORGOT = "/quan-tri/tai-khoan/mat-khau/quen/"
NEW = "hoa-phuong-do-2027"


def newcomer(**fields: str) -> tuple[User, str]:
    facts = {"username": "Moi.Den", "full_name": "Trần Văn Mới", "by": "thử"} | fields
    return services.create_account(**facts)


def enter(client: Client, login: str, password: str) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password}, headers=HOST)


# --- Initial passwords ------------------------------------------------------------------------------------------------


def test_initial_password_can_be_read_out_and_typed() -> None:
    seen = {newcomer(username=f"nguoi{number}")[1] for number in range(20)}

    parts = [password.split("-") for password in seen]
    assert len(seen) == 20
    assert all(set(words) <= set(WORDS) and re.fullmatch(r"\d{3}", number) for *words, number in parts)
    assert len(WORDS) == len(set(WORDS)) > 150
    assert all(re.fullmatch(r"[a-z]{2,7}", word) for word in WORDS)


def test_new_account_is_noted_without_its_password() -> None:
    user, password = newcomer(honorific="thầy", email="Moi@Truong.edu.vn")

    assert (user.username, user.email, user.honorific) == ("moi.den", "moi@truong.edu.vn", "thầy")
    entries = AuditEntry.objects.filter(action__startswith="accounts.").order_by("pk")
    assert [entry.action for entry in entries] == ["accounts.account.created", "accounts.initial_password.issued"]
    assert [entry.actor for entry in entries] == ["thử", "thử"]
    assert user.initial_password_until is not None
    assert timedelta(days=13) < user.initial_password_until - clock.now() <= timedelta(days=14)
    assert password not in repr([(entry.subject, entry.detail) for entry in entries])


def test_taken_name_is_refused_whatever_its_case(person: User) -> None:
    with pytest.raises(errors.UsernameTaken):
        newcomer(username="VanThu")


def test_initial_password_opens_nothing_but_its_own_replacement(client: Client) -> None:
    user, password = newcomer()
    unit = make_unit(host="a.hcm.edu.vn")
    grant_role(unit=unit, user=user, role=Role.HEAD, by="thử")
    entered = enter(client, "moi.den", password)
    assert entered["Location"] == "/quan-tri/"

    for path in ("/quan-tri/", "/quan-tri/tai-khoan/bao-mat/", CHANGE, "/quan-tri/tai-khoan/thu-dien-tu/"):
        led = client.get(path, headers=HOST)
        assert (led.status_code, led["Location"]) == (302, f"{FIRST}?next={path}"), path
    posted = client.post("/quan-tri/tai-khoan/phien/", headers=HOST)
    assert (posted.status_code, posted["Location"]) == (302, FIRST)
    own = client.get("/quan-tri/them/", headers={"host": "a.hcm.edu.vn"})
    assert own["Location"] == f"{FIRST}?next=/quan-tri/them/"
    mounted = client.get("/tai/a.hcm.edu.vn/quan-tri/", headers=HOST)
    assert mounted["Location"].startswith(f"/tai/a.hcm.edu.vn{FIRST}?next=/tai/a.hcm.edu.vn/quan-tri/")


def test_first_password_is_chosen_once_and_then_counts(client: Client, acts: Callable[[], list[str]]) -> None:
    user, password = newcomer()
    enter(client, "moi.den", password)

    page = client.get(f"{FIRST}?next=/quan-tri/tai-khoan/phien/", headers=HOST).content.decode()
    data = {"password1": NEW, "password2": NEW, "next": "/quan-tri/tai-khoan/phien/"}
    done = client.post(FIRST, data, headers=HOST)

    assert "Đổi mật khẩu lần đầu" in page
    assert 'autocomplete="new-password"' in page
    assert (done.status_code, done["Location"]) == (302, "/quan-tri/tai-khoan/phien/")
    assert client.get("/quan-tri/", headers=HOST).status_code == 200
    assert client.get(FIRST, headers=HOST)["Location"] == "/quan-tri/"
    user.refresh_from_db()
    assert (user.must_change_password, user.initial_password_until, user.check_password(NEW)) == (False, None, True)
    assert acts()[-1] == "accounts.password.changed"


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("", "", "Cần nhập mật khẩu mới."),
        (NEW, "khac-han-2027", "Hai lần nhập chưa giống nhau."),
        ("ngan", "ngan", "10 ký tự"),
        ("moi.den.moi", "moi.den.moi", "tên đăng nhập"),
    ],
)
def test_bad_first_password_is_refused_with_a_sentence(client: Client, first: str, second: str, sentence: str) -> None:
    user, password = newcomer()
    enter(client, "moi.den", password)

    response = client.post(FIRST, {"password1": first, "password2": second}, headers=HOST)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    user.refresh_from_db()
    assert user.must_change_password


def test_first_password_differs_from_the_initial_one(client: Client) -> None:
    _, password = newcomer()
    enter(client, "moi.den", password)

    response = client.post(FIRST, {"password1": password, "password2": password}, headers=HOST)

    assert response.status_code == 422
    assert "phải khác mật khẩu ban đầu" in response.content.decode()


def test_initial_password_ends_after_fourteen_days(client: Client) -> None:
    user, password = newcomer()
    user.initial_password_until = clock.now() - timedelta(minutes=1)
    user.save()

    late = enter(client, "moi.den", password)
    guessed = enter(client, "moi.den", "sai")

    assert (late.status_code, "đã quá 14 ngày" in late.content.decode()) == (422, True)
    assert "14 ngày" not in guessed.content.decode()


def test_new_initial_password_ends_every_session(signed_in: Client, person: User) -> None:
    other = Client()
    enter(other, "vanthu", PASSWORD)

    password = services.issue_initial_password(user=person, by="Hiệu trưởng")

    assert [c.get("/quan-tri/", headers=HOST)["Location"][: len(SIGN_IN)] for c in (signed_in, other)] == [SIGN_IN] * 2
    assert enter(other, "vanthu", PASSWORD).status_code == 422
    assert enter(other, "vanthu", password).status_code == 302


# --- Changing ---------------------------------------------------------------------------------------------------------


def test_changing_keeps_this_session_and_ends_the_others(
    signed_in: Client, person: User, acts: Callable[[], list[str]]
) -> None:
    other = Client()
    enter(other, "vanthu", PASSWORD)

    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    done = signed_in.post(CHANGE, data, headers=HOST)

    assert (done.status_code, done["Location"]) == (302, "/quan-tri/tai-khoan/bao-mat/")
    assert "Đã đổi mật khẩu." in signed_in.get(done["Location"], headers=HOST).content.decode()
    assert other.get("/quan-tri/", headers=HOST).status_code == 302
    assert "accounts.password.changed" in acts()
    listed = signed_in.get("/quan-tri/tai-khoan/phien/", headers=HOST).content.decode()
    assert listed.count("Đăng nhập lúc") == 1


def test_changing_asks_for_the_present_password_a_few_times(signed_in: Client) -> None:
    data = {"oldpassword": "sai", "password1": NEW, "password2": NEW}

    codes = [signed_in.post(CHANGE, data, headers=HOST).status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]


def test_too_many_requests_are_told_in_vietnamese(signed_in: Client) -> None:
    for _ in range(5):
        signed_in.post(CHANGE, {}, headers=HOST)

    assert "Thao tác quá nhiều lần" in signed_in.post(CHANGE, {}, headers=HOST).content.decode()


def test_limits_are_kept_where_every_process_looks(signed_in: Client) -> None:
    from django.db import connection  # noqa: PLC0415 - only to look into the table

    signed_in.post(CHANGE, {}, headers=HOST)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM congtruong_cache WHERE cache_key LIKE '%change_password%'")
        assert cursor.fetchone() == (1,)


# --- Forgotten --------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What jobs were told to do."""
    kept: list[dict[str, str]] = []
    monkeypatch.setattr("congtruong.core.jobs.enqueue", lambda name, **facts: kept.append({"job": name, **facts}))
    return kept


def ask(client: Client, email: str) -> Any:
    return client.post(FORGOT, {"email": email}, headers=HOST)


def link_in(message: Any) -> str:
    found = re.search(r"http://congtruong\.test[.a-z]*(/\S+)", message.body)
    assert found is not None, message.body
    return found[1]


def test_link_comes_by_mail_and_sets_a_password_once(
    client: Client, person: User, told: list[dict[str, str]], acts: Callable[[], list[str]]
) -> None:
    response = ask(client, "VanThu@truong.edu.vn")
    assert (response.status_code, response["Location"]) == (302, f"{FORGOT}da-gui/")
    assert [facts["job"] for facts in told] == ["accounts.reset_mail"]
    tasks.reset_mail.func(email=told[0]["email"], url=told[0]["url"])

    (message,) = mail.outbox
    assert (message.to, message.subject) == (["vanthu@truong.edu.vn"], "[Cổng Trường] Đặt lại mật khẩu")
    assert message.body.startswith("Kính gửi Thầy/Cô,")
    opened = client.get(link_in(message), headers=HOST, follow=True)
    target = opened.redirect_chain[-1][0]
    done = client.post(target, {"password1": NEW, "password2": NEW}, headers=HOST, follow=True)

    assert "Đã đặt mật khẩu mới" in done.content.decode()
    assert enter(client, "vanthu", NEW).status_code == 302
    assert {"accounts.reset_mail.sent", "accounts.password.changed"} <= set(acts())
    again = Client().get(link_in(message), headers=HOST)
    assert "Liên kết không dùng được nữa" in again.content.decode()


def test_same_answer_and_same_work_for_an_address_nobody_has(
    client: Client, person: User, told: list[dict[str, str]]
) -> None:
    known, unknown = ask(client, "vanthu@truong.edu.vn"), ask(client, "khong-ai@truong.edu.vn")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [sorted(facts) for facts in told] == [["email", "job", "url"]] * 2
    tasks.reset_mail.func(email=told[1]["email"], url=told[1]["url"])
    assert mail.outbox == []


def test_mails_for_one_address_are_few(client: Client, person: User) -> None:
    codes = [ask(client, "vanthu@truong.edu.vn").status_code for _ in range(4)]

    assert codes == [302, 302, 302, 429]


def test_link_leads_to_the_registered_host_whatever_the_request_claims(
    client: Client, told: list[dict[str, str]]
) -> None:
    make_unit(host="a.hcm.edu.vn")

    client.post(FORGOT, {"email": "vanthu@truong.edu.vn"}, headers={"host": "a.hcm.edu.vn:9999"})

    assert told[0]["url"] == "http://a.hcm.edu.vn.localhost/quan-tri/tai-khoan/mat-khau/dat-lai/KEY/"


def test_link_of_a_mounted_console_stays_below_its_prefix(client: Client, told: list[dict[str, str]]) -> None:
    make_unit(host="a.hcm.edu.vn")

    client.post(f"/tai/a.hcm.edu.vn{FORGOT}", {"email": "vanthu@truong.edu.vn"}, headers=HOST)

    assert told[0]["url"].endswith("/tai/a.hcm.edu.vn/quan-tri/tai-khoan/mat-khau/dat-lai/KEY/")


def test_closed_account_gets_no_link(person: User) -> None:
    person.is_active = False
    person.save()

    services.send_reset_mail(email="vanthu@truong.edu.vn", url="http://congtruong.test/KEY/")

    assert mail.outbox == []


def test_link_also_replaces_an_initial_password(client: Client) -> None:
    user, _ = newcomer(email="moi@truong.edu.vn")
    url = "http://congtruong.test/quan-tri/tai-khoan/mat-khau/dat-lai/KEY/"
    services.send_reset_mail(email="moi@truong.edu.vn", url=url)

    target = client.get(link_in(mail.outbox[0]), headers=HOST)["Location"]
    client.post(target, {"password1": NEW, "password2": NEW}, headers=HOST)

    user.refresh_from_db()
    assert not user.must_change_password
    assert enter(client, "moi.den", NEW).status_code == 302


def test_page_without_a_mail_server_says_whom_to_ask(client: Client, settings: Any) -> None:
    settings.SENDS_MAIL = False

    body = client.get(FORGOT, headers=HOST).content.decode()

    assert "nhờ trưởng ban biên tập" in body
    assert 'name="email"' not in body


def test_person_without_a_password_sets_one(client: Client, person: User, acts: Callable[[], list[str]]) -> None:
    person.set_unusable_password()
    person.save()
    client.force_login(person)

    led = client.get(CHANGE, headers=HOST)
    page = client.get(led["Location"], headers=HOST).content.decode()
    done = client.post(led["Location"], {"password1": NEW, "password2": NEW}, headers=HOST)

    assert led["Location"] == "/quan-tri/tai-khoan/mat-khau/dat/"
    assert "Tài khoản này chưa có mật khẩu trên Cổng Trường." in page
    assert done["Location"] == "/quan-tri/tai-khoan/bao-mat/"
    assert enter(Client(), "vanthu", NEW).status_code == 302
    assert "accounts.password.changed" in acts()
