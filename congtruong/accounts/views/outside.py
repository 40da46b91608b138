"""Signing in with an account of the outside identity provider; only where the settings name one."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, reverse
from requests import RequestException

from congtruong.accounts.rules.provider import PROVIDER_ID
from congtruong.accounts.views.page import View
from congtruong.core.addresses import absolute


def where_set(view: View) -> View:
    """404 while no provider is set, or for another one."""

    @wraps(view)
    def there(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.OIDC_ISSUER or kwargs.get("provider_id", PROVIDER_ID) != PROVIDER_ID:
            raise Http404
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return there


@where_set
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider. It knows one address to send people back to, that of the central host: all begin there."""
    if hasattr(request, "unit"):
        return HttpResponseRedirect(_central(request))
    return _guarded(request, OAuth2LoginView)


@where_set
def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    if hasattr(request, "unit"):
        raise Http404
    return _guarded(request, OAuth2CallbackView)


def _guarded(request: HttpRequest, view: Any) -> HttpResponse:
    provider = get_adapter().get_provider(request, PROVIDER_ID)
    try:
        response: HttpResponse = view.adapter_view(provider.get_oauth2_adapter(request))(request)
    except (OAuth2Error, RequestException) as error:
        response = render_authentication_error(request, provider, exception=error)
    return response


def _central(request: HttpRequest) -> str:
    """The same step on the central host, where this unit's console stands below /tai/<host>/."""
    console = f"/tai/{request.host_name}{settings.CONSOLE_PREFIX}"  # type: ignore[attr-defined]
    asked = get_next_redirect_url(request) or reverse("console:today")
    rest = asked.removeprefix(get_script_prefix().rstrip("/")).removeprefix(settings.CONSOLE_PREFIX)
    path = f"{settings.CONSOLE_PREFIX}tai-khoan/lien-thong/{PROVIDER_ID}/"
    return absolute(settings.CENTRAL_HOST, f"{path}?{urlencode({'next': console + rest})}")
