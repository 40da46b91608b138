"""What must happen before anything else in the console."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from congtruong.accounts.queries import has_second_factor
from congtruong.units.models import User

_WITH_INITIAL_PASSWORD = frozenset({"account_first_password", "account_logout"})


class FirstSteps:
    """Who signed in with an initial password chooses one; an operator sets up a second factor.

    A middleware, so that no page of the console can forget it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not request.path_info.startswith(settings.CONSOLE_PREFIX):
            return None
        person, match = request.user, request.resolver_match
        if not isinstance(person, User) or match is None:
            return None
        if person.must_change_password:
            return None if match.view_name in _WITH_INITIAL_PASSWORD else _led_to("account_first_password", request)
        is_account_page = request.path_info.startswith(f"{settings.CONSOLE_PREFIX}tai-khoan/")
        if person.is_staff and settings.OPERATOR_MFA and not is_account_page and not has_second_factor(person):
            return HttpResponseRedirect(reverse("mfa_index"))
        return None


def _led_to(name: str, request: HttpRequest) -> HttpResponse:
    """There, and back to the page that was asked for."""
    back = f"?{urlencode({'next': request.get_full_path()}, safe='/')}" if request.method == "GET" else ""
    return HttpResponseRedirect(reverse(name) + back)
