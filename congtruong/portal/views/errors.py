from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse

from congtruong.core.templatetags.vi import with_sprite
from congtruong.portal.queries import moved_to
from congtruong.portal.views.page import page
from congtruong.units.models import Unit


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the dress of the portal; the same for what never was and for what belongs to somebody else.

    An address of the unit's former site leads to where its content stands now.
    """
    if request.path_info.startswith(settings.CONSOLE_PREFIX):
        context = {"home": reverse("console:today")}
        return HttpResponse(with_sprite(render_to_string("layout/console_not_found.html", context)), status=404)
    unit = getattr(request, "unit", None)
    if isinstance(unit, Unit):
        moved = moved_to(unit, request.get_full_path()) if request.method in {"GET", "HEAD"} else ""
        if moved:
            return HttpResponsePermanentRedirect(moved)
        return page(request, "portal/not_found.html", {}, title="Không tìm thấy trang", status=404, is_indexed=False)
    return HttpResponse(with_sprite(render_to_string("layout/not_found.html", {})), status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 and 403: what was sent cannot be used."""
    return HttpResponse(with_sprite(render_to_string("layout/bad_request.html", {})), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without the database: it may be what failed."""
    return HttpResponse(with_sprite(render_to_string("layout/server_error.html", {})), status=500)
