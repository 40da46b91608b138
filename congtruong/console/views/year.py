"""The turn of the school year."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from congtruong.console import phrases
from congtruong.console.forms.site import YearForm
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.portal.queries import offered_year, old_calendars, old_pins, old_yearly_pages, years_of
from congtruong.portal.services import start_year
from congtruong.units.rules.duties import Act


@desk(Act.YEAR)
@require_GET
def year(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What the new year will change, and to how much; or how far it has come."""
    offered = offered_year(clock.today())
    begun = years_of(desk.unit)
    present = next((row for row in begun if row.year == offered), None)
    context = {
        "offered": offered,
        "present": present,
        "past": [row for row in begun if row.year != offered],
        "calendars": old_calendars(desk.unit, offered).count(),
        "pins": old_pins(desk.unit, offered).count(),
        "pages": [page.title for page in old_yearly_pages(desk.unit, offered)],
    }
    return render_desk(request, desk, "console/year.html", context, page="year")


@desk(Act.YEAR)
@require_POST
def start(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    form = YearForm(request.POST)
    wanted = form.cleaned_data["nam"] if form.is_valid() else 0
    try:
        start_year(unit=desk.unit, year=wanted, by=desk.by, today=clock.today())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, phrases.YEAR_STARTED.format(year=clock.school_year_label(wanted)))
    return HttpResponseRedirect(reverse("console:year"))
