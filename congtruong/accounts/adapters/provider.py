"""The provider as allauth's registry knows it, with our stricter protocol."""

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

from congtruong.accounts.adapters.social import IssuerAdapter


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = IssuerAdapter
