"""The operator's work on the register, on the central host."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from congtruong.console import phrases
from congtruong.console.forms.place import PlaceForm
from congtruong.console.queries import ward_authorities
from congtruong.console.services import place_under_ward
from congtruong.console.views.page import render_page
from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.portal.blocks.paging import PAGE_SIZE, Pages
from congtruong.units.models import User
from congtruong.units.queries import unplaced_units


def _operators_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """For everybody else these pages do not exist, whatever the method."""

    @wraps(view)
    def entered(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User) or not request.user.is_staff:
            raise Http404
        return view(request)

    return entered


@login_required
@_operators_only
@require_GET
def unplaced(request: HttpRequest) -> HttpResponse:
    """Schools without a known ward, a page at a time, to be ticked and given to one ward."""
    units = unplaced_units(clock.today())
    asked = request.GET.get("trang", "1")
    pages = Pages(int(asked) if asked.isdecimal() and len(asked) < 6 else 1, units.count(), request.path + "?")
    if not pages.exists:
        pages = Pages(1, pages.total, pages.base)
    return render_page(
        request,
        "console/unplaced.html",
        {
            "page": "unplaced",
            "units": list(units[pages.offset : pages.offset + PAGE_SIZE]),
            "wards": list(ward_authorities()),
            "pages": pages,
        },
    )


@login_required
@_operators_only
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """The operator names the ward that manages the ticked schools since the district offices ended."""
    back = HttpResponseRedirect(reverse("console:unplaced"))
    if request.method == "GET":
        # Reached after signing in again: what was ticked is gone, the list is not.
        return back
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.warning(request, form.problem())
        return back
    authority = form.cleaned_data["authority"]
    units = list(form.cleaned_data["unit"])
    try:
        place_under_ward(units=units, authority=authority, by=str(request.user))
    except DomainError as error:
        messages.warning(request, error.message)
        return back
    messages.success(request, phrases.PLACED.format(count=len(units), authority=authority.name))
    return back
