"""Looking for units that an authority's article is meant for."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from congtruong.console.blocks.recipients import MOST_FOUND, find_units, ward_of
from congtruong.console.views.articles import article, read_page, show_editor
from congtruong.console.views.desk import Desk, desk
from congtruong.console.views.media import private_json
from congtruong.units.rules.duties import Act


@desk(Act.WRITE)
@require_GET
def find(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Units below by words of their name, as data for the writing page."""
    if not desk.unit.is_authority:
        raise Http404
    found = find_units(desk.unit, request.GET.get("q", "")[:100])
    items = [{"id": unit.pk, "name": unit.name, "more": ward_of(unit)} for unit in found[:MOST_FOUND]]
    return private_json({"items": items, "has_more": len(found) > MOST_FOUND})


@desk(Act.WRITE)
@require_POST
def find_here(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """The same without scripts: the writing page as it was sent, with the units that were found. Nothing is saved."""
    if not desk.unit.is_authority:
        raise Http404
    post = article(desk, post_id)
    sent = read_page(request, desk, post)
    return show_editor(request, desk, post, sent=sent, words=request.POST.get("target_q", ""))
