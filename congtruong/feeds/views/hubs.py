"""Where hubs verify our subscriptions and deliver. An address nobody was told is like any that does not exist."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from congtruong.core import clock
from congtruong.feeds.models import HubSubscription
from congtruong.feeds.queries.hubs import by_token
from congtruong.feeds.services import hubs

_MOST_CHALLENGE = 2_000
_RETRY_SECONDS = "300"


@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """GET verifies intent (WebSub, section 5.3), POST delivers (section 7)."""
    known = by_token(token)
    if known is None:
        raise Http404
    return _deliver(request, known) if request.method == "POST" else _verify(request, known)


def _verify(request: HttpRequest, known: HubSubscription) -> HttpResponse:
    asked = request.GET
    challenge, mode = asked.get("hub.challenge", ""), asked.get("hub.mode", "")
    is_ours = hubs.verified(
        known=known,
        mode=mode,
        topic=asked.get("hub.topic", ""),
        lease=asked.get("hub.lease_seconds", ""),
        now=clock.now(),
    )
    if not is_ours or not challenge or len(challenge) > _MOST_CHALLENGE:
        raise Http404
    return HttpResponse(challenge, content_type="text/plain; charset=utf-8")


def _deliver(request: HttpRequest, known: HubSubscription) -> HttpResponse:
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > hubs.MOST_BYTES:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    outcome = hubs.receive(
        known=known,
        body=request.body,
        content_type=request.headers.get("Content-Type", ""),
        signature=request.headers.get("X-Hub-Signature", ""),
        now=clock.now(),
    )
    if outcome is hubs.Received.UNKNOWN:
        raise Http404
    if outcome is hubs.Received.FULL:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": _RETRY_SECONDS})
    return HttpResponse(status=HTTPStatus.ACCEPTED)
