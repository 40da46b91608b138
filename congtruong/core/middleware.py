"""Headers every answer carries, and which parts of Django look at cookies."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

Handler = Callable[[HttpRequest], HttpResponse]

# No inline style or script, nothing from another host.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)

# Pages with a video a visitor may play, see `editorial.pipeline.body.for_public`.
VIDEO_POLICY = f"{CONTENT_SECURITY_POLICY}; frame-src https://www.youtube-nocookie.com"
# CKEditor places its panels by style attributes, and reads the style sheet within a text pasted from Word to tell
# numbered lists from others and pictures from what they stand for. Scripts stay as forbidden as everywhere.
WRITING_POLICY = f"{CONTENT_SECURITY_POLICY}; style-src 'self' 'unsafe-inline'; connect-src 'self' data: blob:"
# The one page that any site may show in a frame: text and links, nothing that runs or asks.
EMBED_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)


def security_headers(get_response: Handler) -> Handler:
    """Add the content-security policy and the headers of Django's SecurityMiddleware that fit every site."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    return middleware


class _ConsoleOnly:
    """A middleware of Django that runs on staff pages only.

    Public pages are the same for everybody: there no cookie is read, refreshed or cleared.
    """

    wrapped = ""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.inner: Any = import_string(self.wrapped)(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.inner if request.path_info.startswith(settings.CONSOLE_PREFIX) else self.get_response
        response: HttpResponse = answer(request)
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        if not request.path_info.startswith(settings.CONSOLE_PREFIX) or not hasattr(self.inner, "process_view"):
            return None
        response: HttpResponseBase | None = self.inner.process_view(request, *view)
        return response


class ConsoleSessions(_ConsoleOnly):
    wrapped = "django.contrib.sessions.middleware.SessionMiddleware"


class ConsoleCsrf(_ConsoleOnly):
    wrapped = "django.middleware.csrf.CsrfViewMiddleware"


class ConsoleAuthentication(_ConsoleOnly):
    wrapped = "django.contrib.auth.middleware.AuthenticationMiddleware"


class ConsoleMessages(_ConsoleOnly):
    wrapped = "django.contrib.messages.middleware.MessageMiddleware"
