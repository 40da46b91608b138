"""What allauth asks us about accounts of an outside identity provider (OpenID Connect)."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from congtruong.accounts import services
from congtruong.accounts.adapters.outgoing import IssuerSession
from congtruong.accounts.rules.addresses import origin
from congtruong.accounts.rules.provider import PROVIDER_ID
from congtruong.core.addresses import absolute
from congtruong.units.models import User

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """One provider, from the settings. Never makes a user: who is not known here stays outside."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        if not settings.OIDC_ISSUER or provider not in {None, PROVIDER_ID, "openid_connect"}:
            return []
        app = SocialApp(
            provider="openid_connect",
            provider_id=PROVIDER_ID,
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings={"server_url": settings.OIDC_ISSUER.rstrip("/"), "oauth_pkce_enabled": True},
        )
        return [app]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Reached by whom nobody here knows."""
        services.note_refusal(way=PROVIDER_ID, address=account_adapter().get_client_ip(request))
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_: Any) -> None:
        services.note_refusal(way=PROVIDER_ID, address=account_adapter().get_client_ip(request))

    def authenticate_by_email(self, sociallogin: Any) -> tuple[User, str] | None:
        """The one person whose address is proven on both sides: by the provider and by a mail of ours."""
        emails = [address.email for address in sociallogin.email_addresses if address.verified is True]
        found = EmailAddress.objects.filter(email__in=emails, verified=True, user__is_active=True)
        known = list(found.select_related("user")[:2])
        return (known[0].user, known[0].email) if len(known) == 1 else None

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("socialaccount_connections")

    def get_requests_session(self) -> IssuerSession:
        return IssuerSession(settings.OIDC_ISSUER)


class IssuerAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The protocol, held strictly: one host, one redirect address, every token's signature checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        issuer = settings.OIDC_ISSUER.rstrip("/")
        if str(config.get("issuer", "")).rstrip("/") != issuer:
            raise OAuth2Error("the discovery document names another issuer")
        if any(origin(str(config.get(name, ""))) != origin(issuer) for name in _ENDPOINTS):
            raise OAuth2Error("the discovery document leads to another host")
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        path = f"{settings.CONSOLE_PREFIX}tai-khoan/lien-thong/{PROVIDER_ID}/tra-loi/"
        return absolute(settings.CENTRAL_HOST, path)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        try:
            claims = self._decode_id_token(app, str(kwargs["response"].get("id_token", "")))
            person = self._fetch_user_info(token.token)
        except (KeyError, ValueError) as error:
            raise OAuth2Error("an answer that cannot be read") from error
        if not claims.get("sub") or claims["sub"] != person.get("sub"):
            raise OAuth2Error("token and person do not belong together")
        data = {"userinfo": person, "id_token": claims}
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except jwtkit.jwt.PyJWTError as error:
            raise OAuth2Error("an id_token that cannot be read") from error
        return claims
