"""The hub of a portal's feeds (WebSub, section 5): takes requests, promises nothing until they are confirmed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.syndication import errors
from congtruong.syndication.phrases import TOO_LARGE
from congtruong.syndication.services import ask
from congtruong.syndication.views.feeds import portal_of

_MOST_BYTES = 8 * 1024
_RETRY_SECONDS = "600"


@require_POST
def ask_hub(request: HttpRequest) -> HttpResponse:
    """Subscribe or unsubscribe: 202 and a confirmation later, or the reason why not."""
    unit = portal_of(request)
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > _MOST_BYTES:
        return _said(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
    form = request.POST
    try:
        ask(
            unit=unit,
            host=str(getattr(request, "host_name", "")),
            mode=form.get("hub.mode", ""),
            topic=form.get("hub.topic", ""),
            callback=form.get("hub.callback", ""),
            lease=form.get("hub.lease_seconds", ""),
            secret=form.get("hub.secret", ""),
            now=clock.now(),
        )
    except errors.TooManyWaiting as problem:
        response = _said(HTTPStatus.SERVICE_UNAVAILABLE, problem.message)
        response.headers["Retry-After"] = _RETRY_SECONDS
        return response
    except DomainError as problem:
        return _said(HTTPStatus.BAD_REQUEST, problem.message)
    return _said(HTTPStatus.ACCEPTED, "")


def _said(status: HTTPStatus, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
