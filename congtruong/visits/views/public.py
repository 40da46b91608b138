"""Where a visitor's browser says that a page was read. Nothing is told about the visitor, and nothing is answered."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from congtruong.core import clock
from congtruong.core.addresses import strip_preview
from congtruong.units.models import Unit
from congtruong.visits.rules import LONGEST, counted_path
from congtruong.visits.services import collector


@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """Count a page of this portal; the answer is the same whether it counted or not."""
    unit = getattr(request, "unit", None)
    if not isinstance(unit, Unit):
        raise Http404
    if not _wants_no_counting(request) and _is_from_here(request):
        path = counted_path(_path(request), of_authority=unit.is_authority)
        if path is not None:
            collector.note(unit_id=unit.pk, day=clock.today(), path=path)
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


def _wants_no_counting(request: HttpRequest) -> bool:
    """Do Not Track, or Global Privacy Control."""
    return request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"


def _is_from_here(request: HttpRequest) -> bool:
    """Browsers name the page's own origin with every POST; another site may not count on this one's behalf."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return strip_preview(origin.netloc) == getattr(request, "host_name", "")


def _path(request: HttpRequest) -> str:
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > LONGEST:
        return ""
    return request.body.decode("ascii", "replace")
