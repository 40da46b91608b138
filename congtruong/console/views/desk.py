"""The first pages after signing in."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from congtruong.console import phrases
from congtruong.console.forms import PlaceForm
from congtruong.console.queries import duties_of, ward_authorities
from congtruong.console.views.page import render_page
from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.units.enums import OversightKind
from congtruong.units.models import User
from congtruong.units.queries import unplaced_units
from congtruong.units.services import place_unit

# Resolution 1685/NQ-UBTVQH15: wards manage units from this day.
WARDS_FROM = date(2025, 7, 1)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _operator(request: HttpRequest) -> User:
    """The operator; for everybody else these pages do not exist."""
    person = _person(request)
    if not person.is_staff:
        raise Http404
    return person


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    unplaced = unplaced_units(clock.today()).count() if person.is_staff else 0
    return render_page(
        request,
        "console/today.html",
        {
            "page": "today",
            "person": person,
            "duties": duties_of(person),
            "unplaced": unplaced,
            "day": clock.today(),
        },
    )


@login_required
@require_GET
def unplaced(request: HttpRequest) -> HttpResponse:
    person = _operator(request)
    return render_page(
        request,
        "console/unplaced.html",
        {
            "page": "unplaced",
            "person": person,
            "units": list(unplaced_units(clock.today())),
            "wards": ward_authorities(),
        },
    )


@login_required
@require_POST
def place(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The operator names the ward that manages a unit since the district offices ended."""
    person = _operator(request)
    unit = unplaced_units(clock.today()).filter(pk=unit_id).first()
    back = HttpResponseRedirect(reverse("console:unplaced"))
    if unit is None:
        messages.warning(request, phrases.ALREADY_PLACED)
        return back
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.warning(request, f"{unit.name}: {phrases.WARD_NEEDED}")
        return back
    authority = form.cleaned_data["authority"]
    try:
        place_unit(
            unit=unit,
            authority=authority,
            kind=OversightKind.MANAGING,
            from_on=WARDS_FROM,
            reason="Người vận hành xác định theo địa chỉ của đơn vị",
            by=str(person),
        )
    except DomainError as error:
        messages.warning(request, f"{unit.name}: {error.message}")
        return back
    messages.success(request, phrases.PLACED.format(unit=unit.name, authority=authority.name))
    return back
