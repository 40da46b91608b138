"""Hôm nay: what a person has to do, in one unit or, on the central host, where his units are."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from congtruong.console.blocks.duties import cards
from congtruong.console.queries import recent_acts, workplaces
from congtruong.console.views.desk import Desk, desk, desk_of, render_desk
from congtruong.console.views.page import render_page
from congtruong.core import clock
from congtruong.units.models import Unit, User
from congtruong.units.queries import unplaced_units
from congtruong.units.registry import Asked, duties_of
from congtruong.units.rules.duties import Act
from congtruong.units.scoping import unit_scope


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponseBase:
    """The duties in this unit; on the central host the person's units."""
    unit = getattr(request, "unit", None)
    if not isinstance(unit, Unit):
        return _central(request)
    with unit_scope(unit.pk):
        found = desk_of(request, unit)
        if found is None:
            return render_page(request, "console/stranger.html", {"page": "today"}, status=403)
        now = clock.now()
        duties = cards(duties_of(Asked(found.unit, found.person, found.acts, now)), now)
        context = {
            "duties": duties,
            "minutes": sum(card.duty.minutes or 0 for card in duties),
            "day": clock.today(),
            "may_write": found.can(Act.WRITE),
            "done": recent_acts(found.unit, found.person),
        }
        return render_desk(request, found, "console/today.html", context, page="today")


def _central(request: HttpRequest) -> HttpResponseBase:
    person = request.user
    if not isinstance(person, User):
        raise Http404
    unplaced = unplaced_units(clock.today()).count() if person.is_staff else 0
    context = {"page": "today", "places": workplaces(person), "unplaced": unplaced, "day": clock.today()}
    return render_page(request, "console/units.html", context)


@desk()
@require_GET
def more(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Every menu word on one page, for the phone."""
    return render_desk(request, desk, "console/more.html", {"back": reverse("console:today")}, page="more")
