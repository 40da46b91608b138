"""Feeds for programs. The same bytes for everybody; nothing here reads or sets a cookie."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from congtruong.core.addresses import absolute
from congtruong.syndication.blocks.feeds import HUB_PATH, gather, write
from congtruong.syndication.enums import Format
from congtruong.syndication.rules.topics import Address
from congtruong.units.models import Unit

_CACHE = "public, max-age=60"


@require_safe
def own_feed(request: HttpRequest, channel: str, ending: str) -> HttpResponseBase:
    """The unit's own entries, of one channel or of all (TT 37/2020, article 12)."""
    return _answer(request, portal_of(request), Address(channel, Format(ending)))


@require_safe
def level_feed(request: HttpRequest, level: str, channel: str, ending: str) -> HttpResponseBase:
    """What an authority and those above it broadcast to schools of a level."""
    unit = portal_of(request)
    if not unit.is_authority:
        raise Http404
    return _answer(request, unit, Address(channel, Format(ending), level))


def portal_of(request: HttpRequest) -> Unit:
    """The unit whose portal was asked."""
    unit = getattr(request, "unit", None)
    if not isinstance(unit, Unit):
        raise Http404
    return unit


def _answer(request: HttpRequest, unit: Unit, address: Address) -> HttpResponseBase:
    host = str(getattr(request, "host_name", ""))
    gathered = gather(unit, host, address)
    modified = int(gathered.modified_at.timestamp())
    known = get_conditional_response(request, gathered.etag, modified)
    response = known or HttpResponse(write(gathered), content_type=address.format.content_type)
    response.headers["ETag"] = gathered.etag
    response.headers["Last-Modified"] = http_date(modified)
    response.headers["Cache-Control"] = _CACHE
    response.headers["Link"] = links(absolute(host, HUB_PATH), absolute(host, address.path))
    # Readers in a browser are pages of other sites.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def links(hub: str, topic: str) -> str:
    """The Link header by which a subscriber finds the hub (WebSub, section 4)."""
    return f'<{hub}>; rel="hub", <{topic}>; rel="self"'
