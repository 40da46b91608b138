"""Headers of every answer, and cookies on staff pages only."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from congtruong.core.middleware import (
    CONTENT_SECURITY_POLICY,
    ConsoleAuthentication,
    ConsoleCsrf,
    ConsoleMessages,
    ConsoleSessions,
    security_headers,
)

pytestmark = pytest.mark.unit

PUBLIC = ["/", "/tin-tuc/", "/quan-tri", "/quan-tri-gia/", "/x/quan-tri/", "/QUAN-TRI/"]
CONSOLE = ["/quan-tri/", "/quan-tri/dang-nhap/"]


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


def test_security_headers_stand_on_every_answer() -> None:
    response = security_headers(answer)(RequestFactory().get("/"))

    assert {name: response[name] for name in response.headers if name != "Content-Type"} == {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


def test_security_headers_leave_what_a_view_has_set() -> None:
    def strict(request: HttpRequest) -> HttpResponse:
        return HttpResponse("x", headers={"Content-Security-Policy": "default-src 'none'"})

    response = security_headers(strict)(RequestFactory().get("/"))

    assert response["Content-Security-Policy"] == "default-src 'none'"


def test_content_security_policy_allows_nothing_inline_and_no_other_host() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split(";"))

    assert rules == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }


def test_security_headers_are_the_outermost_middleware() -> None:
    assert settings.MIDDLEWARE[0] == "congtruong.core.middleware.security_headers"


def passed(wrapped: Callable[[Any], Any], request: HttpRequest) -> HttpRequest:
    """The request as the next part of the chain receives it."""
    seen: list[HttpRequest] = []

    def following(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse("x")

    wrapped(following)(request)
    return seen[0]


@pytest.mark.parametrize(("paths", "has_session"), [(PUBLIC, False), (CONSOLE, True)])
def test_sessions_are_read_on_staff_pages_only(paths: list[str], has_session: bool) -> None:
    for path in paths:
        request = passed(ConsoleSessions, RequestFactory(headers={"cookie": "sessionid=abc"}).get(path))

        assert (path, hasattr(request, "session")) == (path, has_session)


@pytest.mark.parametrize(("paths", "is_known"), [(PUBLIC, False), (CONSOLE, True)])
def test_people_and_messages_are_known_on_staff_pages_only(paths: list[str], is_known: bool) -> None:
    def chain(following: Any) -> Any:
        return ConsoleSessions(ConsoleAuthentication(ConsoleMessages(following)))

    for path in paths:
        request = passed(chain, RequestFactory().get(path))

        assert (path, hasattr(request, "user"), hasattr(request, "_messages")) == (path, is_known, is_known)


@pytest.mark.parametrize("path", PUBLIC)
def test_csrf_is_not_asked_of_public_pages(path: str) -> None:
    middleware = ConsoleCsrf(answer)
    request = RequestFactory().post(path)

    assert middleware(request).content == b"x"
    assert middleware.process_view(request, view, (), {}) is None


@pytest.mark.urls("congtruong.config.central_urls")
@pytest.mark.parametrize("path", CONSOLE)
def test_csrf_refuses_a_staff_page_without_the_token(path: str) -> None:
    middleware = ConsoleCsrf(answer)
    request = RequestFactory().post(path)
    middleware(request)

    refusal = middleware.process_view(request, view, (), {})

    assert refusal is not None
    assert refusal.status_code == 403


def test_csrf_lets_a_staff_page_with_its_token_pass() -> None:
    middleware = ConsoleCsrf(answer)
    token = "a" * 32
    request = RequestFactory(headers={"cookie": f"csrftoken={token}"}).post(
        "/quan-tri/", headers={"x-csrftoken": token}
    )
    middleware(request)

    assert middleware.process_view(request, view, (), {}) is None


def test_every_part_of_django_that_reads_cookies_is_for_staff_pages_only() -> None:
    reading = {"SessionMiddleware", "CsrfViewMiddleware", "AuthenticationMiddleware", "MessageMiddleware"}

    assert not {name.rsplit(".", 1)[-1] for name in settings.MIDDLEWARE} & reading
