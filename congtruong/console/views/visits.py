"""How often the portal is read: numbers without persons."""

from datetime import date, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from congtruong.console.blocks.visit_chart import chart
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.units.rules.duties import Act
from congtruong.visits.queries import most_read, per_channel, per_day, school_year_start, totals

_DAYS = 30
_MOST = 20
_SPANS = {"7": "7 ngày", "30": "30 ngày", "nam": "Năm học này"}


@desk(Act.VISITS)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    today = clock.today()
    wanted = request.GET.get("ky", "")
    span = wanted if wanted in _SPANS else "30"
    from_on = _start(span, today)
    context = {
        "totals": totals(desk.unit, today),
        "chart": chart(per_day(desk.unit, today - timedelta(days=_DAYS - 1), today)),
        "pages": most_read(desk.unit, from_on, today, _MOST),
        "channels": per_channel(desk.unit, from_on, today),
        "spans": [(label, f"?ky={key}", key == span) for key, label in _SPANS.items()],
        "from_on": from_on,
        "today": today,
        "year": clock.school_year(today),
        "portal": absolute(desk.host, ""),
    }
    return render_desk(request, desk, "console/visits.html", context, page="visits")


def _start(span: str, today: date) -> date:
    return school_year_start(today) if span == "nam" else today - timedelta(days=int(span) - 1)
