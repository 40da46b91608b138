"""Signing in with an account of an outside OpenID Connect provider, against a small one of our own."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from congtruong.accounts.adapters.outgoing import ElsewhereRefused, IssuerSession
from congtruong.units.models import Membership, User
from congtruong.units.scoping import unit_scope
from tests.accounts.conftest import HOST, PASSWORD, SIGN_IN
from tests.factories import make_unit
from tests.fakes.identity import CLIENT_ID, CLIENT_SECRET, Provider

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
BASE = "/quan-tri/tai-khoan/lien-thong/"
BEGIN = f"{BASE}so/"
CUC = {"sub": "so-123", "email": "vanthu@truong.edu.vn", "email_verified": True, "name": "Lê Thị Cúc"}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with Provider(dict(CUC)) as running:
        settings.OIDC_ISSUER = running.issuer
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
        settings.OIDC_NAME = "Tài khoản Sở"
        yield running


@pytest.fixture
def proven(person: User) -> User:
    """Opened the mail that confirms the address."""
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def come(client: Client, provider: Provider, **data: str) -> Any:
    begun = client.post(BEGIN, data, headers=HOST)
    assert begun.status_code == 302, begun.content.decode()
    path, _ = provider.sign_in(begun["Location"])
    return client.get(path, headers=HOST)


def is_in(client: Client) -> bool:
    return client.get("/quan-tri/", headers=HOST).status_code == 200


# --- The way there ----------------------------------------------------------------------------------------------------


def test_nothing_of_it_exists_unless_set(client: Client, signed_in: Client) -> None:
    paths = [BEGIN, f"{BEGIN}tra-loi/", BASE, f"{BASE}da-dung/"]

    assert [signed_in.get(path, headers=HOST).status_code for path in paths] == [404] * 4
    assert "Tài khoản Sở" not in Client().get(SIGN_IN, headers=HOST).content.decode()
    assert "form-action 'self';" in Client().get(SIGN_IN, headers=HOST)["Content-Security-Policy"]


def test_button_leads_to_the_provider_with_one_redirect_address(client: Client, provider: Provider) -> None:
    page = client.get(SIGN_IN, headers=HOST)
    begun = client.post(BEGIN, headers=HOST)

    assert "Đăng nhập bằng Tài khoản Sở" in page.content.decode()
    assert f"form-action 'self' {provider.issuer};" in page["Content-Security-Policy"]
    asked = parse_qs(urlsplit(begun["Location"]).query)
    assert begun["Location"].startswith(f"{provider.issuer}/vao?")
    assert asked["redirect_uri"] == ["http://congtruong.test.localhost/quan-tri/tai-khoan/lien-thong/so/tra-loi/"]
    assert (asked["client_id"], asked["code_challenge_method"]) == ([CLIENT_ID], ["S256"])
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}


@pytest.mark.parametrize(
    ("host", "prefix"), [("a.hcm.edu.vn", ""), ("congtruong.test", "/tai/a.hcm.edu.vn")], ids=["own", "mounted"]
)
def test_units_send_people_to_the_central_host(client: Client, provider: Provider, host: str, prefix: str) -> None:
    make_unit(host="a.hcm.edu.vn")

    page = client.get(f"{prefix}{SIGN_IN}?next={prefix}/quan-tri/them/", headers={"host": host}).content.decode()
    led = client.get(f"{prefix}{BEGIN}?next={prefix}/quan-tri/them/", headers={"host": host})

    assert f'href="{prefix}{BEGIN}?next=' in page
    wanted = f"http://congtruong.test.localhost{BEGIN}?next=%2Ftai%2Fa.hcm.edu.vn%2Fquan-tri%2Fthem%2F"
    assert (led.status_code, led["Location"]) == (302, wanted)


def test_beginning_needs_a_press_of_a_button(client: Client, provider: Provider) -> None:
    response = client.get(BEGIN, headers=HOST)

    assert response.status_code == 200
    assert "Thầy/Cô sẽ được đưa sang trang đăng nhập của Tài khoản Sở" in response.content.decode()
    assert provider.asked == []


# --- Who gets in ------------------------------------------------------------------------------------------------------


def test_proven_address_on_both_sides_lets_in_and_links(
    client: Client, provider: Provider, proven: User, acts: Callable[[], list[str]]
) -> None:
    entered = come(client, provider)

    assert (entered.status_code, entered["Location"]) == (302, "/quan-tri/")
    assert is_in(client)
    assert list(SocialAccount.objects.values_list("user", "provider", "uid")) == [(proven.pk, "so", "so-123")]
    proven.refresh_from_db()
    assert proven.check_password(PASSWORD)
    assert acts() == ["accounts.link.added", "accounts.sign_in.succeeded"]


def test_person_is_led_to_the_page_that_was_asked_for(client: Client, provider: Provider, proven: User) -> None:
    make_unit(host="a.hcm.edu.vn")

    begun = client.post(f"{BEGIN}?next=/tai/a.hcm.edu.vn/quan-tri/", headers=HOST)
    entered = client.get(provider.sign_in(begun["Location"])[0], headers=HOST)

    assert entered["Location"] == "/tai/a.hcm.edu.vn/quan-tri/"


def test_link_holds_after_the_address_changed(client: Client, provider: Provider, proven: User) -> None:
    SocialAccount.objects.create(user=proven, provider="so", uid="so-123")
    provider.claims |= {"email": "khac@so.edu.vn", "email_verified": False}

    come(client, provider)

    assert is_in(client)


@pytest.mark.parametrize("claim", [False, "true", "false", None, 1])
def test_address_the_provider_has_not_proven_lets_nobody_in(
    client: Client, provider: Provider, proven: User, claim: object
) -> None:
    provider.claims["email_verified"] = claim

    refused = come(client, provider)

    assert "Chưa tìm thấy tài khoản của Thầy/Cô tại đây" in refused.content.decode()
    assert not is_in(client)


def test_address_that_we_have_not_proven_lets_nobody_in(
    client: Client, provider: Provider, person: User, acts: Callable[[], list[str]]
) -> None:
    EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)

    refused = come(client, provider)

    assert "Chưa tìm thấy tài khoản" in refused.content.decode()
    assert not is_in(client)
    assert acts() == ["accounts.sign_in.failed"]


def test_stranger_gets_neither_account_nor_duty(client: Client, provider: Provider, proven: User) -> None:
    unit = make_unit(host="a.hcm.edu.vn")
    provider.claims |= {"sub": "la", "email": "nguoi-la@so.edu.vn"}
    before = User.objects.count()

    come(client, provider)

    assert (User.objects.count(), SocialAccount.objects.count(), is_in(client)) == (before, 0, False)
    with unit_scope(unit.pk):
        assert not Membership.objects.exists()


def test_closed_account_stays_closed(client: Client, provider: Provider, proven: User) -> None:
    SocialAccount.objects.create(user=proven, provider="so", uid="so-123")
    proven.is_active = False
    proven.save()

    come(client, provider)

    assert not is_in(client)


# --- What a provider must not do --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token_claims",
    [{"iss": "http://127.0.0.1:1"}, {"aud": "khac"}, {"exp": 1}, {"sub": "khac"}, {"sub": ""}],
    ids=["issuer", "audience", "time", "subject", "nobody"],
)
def test_token_that_does_not_fit_is_refused(
    client: Client, provider: Provider, proven: User, token_claims: dict[str, Any], acts: Callable[[], list[str]]
) -> None:
    provider.token_claims = token_claims

    refused = come(client, provider)

    assert (refused.status_code, "Chưa đăng nhập được" in refused.content.decode()) == (401, True)
    assert not is_in(client)
    assert acts() == ["accounts.sign_in.failed"]


def test_token_signed_by_somebody_else_is_refused(client: Client, provider: Provider, proven: User) -> None:
    provider.published_key = rsa.generate_private_key(65537, 2048)

    assert come(client, provider).status_code == 401
    assert not is_in(client)


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"])
def test_discovery_may_not_lead_to_another_host(client: Client, provider: Provider, endpoint: str) -> None:
    provider.discovery = {endpoint: "http://127.0.0.1:1/x"}

    refused = client.post(BEGIN, headers=HOST)

    assert refused.status_code == 401
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_answer_nobody_asked_for_is_refused(client: Client, provider: Provider, proven: User) -> None:
    begun = Client().post(BEGIN, headers=HOST)
    path, _ = provider.sign_in(begun["Location"])

    assert client.get(path, headers=HOST).status_code == 401
    assert client.get(f"{BEGIN}tra-loi/", headers=HOST).status_code == 401
    assert not is_in(client)


def test_giving_up_at_the_provider_leads_back(client: Client, provider: Provider) -> None:
    begun = client.post(BEGIN, headers=HOST)
    state = parse_qs(urlsplit(begun["Location"]).query)["state"][0]

    back = client.get(f"{BEGIN}tra-loi/?error=access_denied&state={state}", headers=HOST, follow=True)

    assert "Thầy/Cô đã dừng đăng nhập" in back.content.decode()


def test_provider_that_is_away_is_a_page_not_a_crash(client: Client, provider: Provider, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:1"

    refused = client.post(BEGIN, headers=HOST)

    assert (refused.status_code, "Về trang đăng nhập" in refused.content.decode()) == (401, True)


def test_provider_that_talks_without_end_is_cut_short(provider: Provider) -> None:
    provider.filler = b" " * (1024 * 1024)

    with IssuerSession(provider.issuer) as session, pytest.raises(ElsewhereRefused):
        session.get(f"{provider.issuer}/.well-known/openid-configuration")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://localhost/", "https://ke-xau.example/", "file:///etc/passwd"]
)
def test_session_asks_the_issuer_only(provider: Provider, url: str) -> None:
    with IssuerSession(provider.issuer) as session, pytest.raises(ElsewhereRefused):
        session.get(url)


# --- Linking ----------------------------------------------------------------------------------------------------------


def test_signed_in_person_links_and_unlinks(
    signed_in: Client, provider: Provider, person: User, acts: Callable[[], list[str]]
) -> None:
    provider.claims["email"] = "cuc@so.edu.vn"
    offered = signed_in.get(BASE, headers=HOST).content.decode()

    linked = come(signed_in, provider, process="connect")
    page = signed_in.get(BASE, headers=HOST).content.decode()
    signed_in.post(BASE, {"account": SocialAccount.objects.get().pk}, headers=HOST)

    assert "Liên kết Tài khoản Sở" in offered
    assert linked["Location"] == BASE
    assert "cuc@so.edu.vn" in page
    assert not SocialAccount.objects.exists()
    assert [act for act in acts() if ".link." in act] == ["accounts.link.added", "accounts.link.removed"]


def test_account_linked_to_somebody_else_stays_there(
    signed_in: Client, provider: Provider, person: User, operator: User
) -> None:
    SocialAccount.objects.create(user=operator, provider="so", uid="so-123")

    come(signed_in, provider, process="connect")

    assert SocialAccount.objects.get().user == operator
    assert "đã liên kết với một người khác" in signed_in.get(BASE, headers=HOST).content.decode()


def test_links_of_others_cannot_be_removed(signed_in: Client, provider: Provider, operator: User) -> None:
    theirs = SocialAccount.objects.create(user=operator, provider="so", uid="x")

    response = signed_in.post(BASE, {"account": theirs.pk}, headers=HOST)

    assert response.status_code == 422
    assert SocialAccount.objects.filter(pk=theirs.pk).exists()
