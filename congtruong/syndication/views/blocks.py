"""A small page of the latest entries, to be shown inside the sites of schools that are hosted elsewhere."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from congtruong.core.addresses import absolute
from congtruong.core.middleware import EMBED_POLICY
from congtruong.syndication.blocks.feeds import gather, link_of
from congtruong.syndication.rules.topics import Address
from congtruong.syndication.views.feeds import portal_of

_SHOWN = 8
_CACHE = "public, max-age=300"


@xframe_options_exempt
@require_safe
def block(request: HttpRequest, level: str, channel: str) -> HttpResponseBase:
    """The only page that other sites may frame. No cookie, no script; links open a page of their own."""
    unit = portal_of(request)
    if not unit.is_authority:
        raise Http404
    host = str(getattr(request, "host_name", ""))
    gathered = gather(unit, host, Address(channel, level=level), most=_SHOWN, with_texts=False)
    etag = f'{gathered.etag[:-1]}-khung"'
    response = get_conditional_response(request, etag)
    if response is None:
        context = {
            "unit": unit,
            "name": gathered.address.name,
            "home": absolute(host),
            "rows": [(entry, link_of(gathered, entry)) for entry in gathered.entries],
        }
        response = HttpResponse(render_to_string("syndication/block.html", context))
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = _CACHE
    response.headers["Content-Security-Policy"] = EMBED_POLICY
    return response
