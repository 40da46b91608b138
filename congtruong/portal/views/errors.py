from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from congtruong.core.templatetags.vi import with_sprite
from congtruong.portal.views.page import page
from congtruong.units.models import Unit


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the dress of the portal; the same for what never was and for what belongs to somebody else."""
    if isinstance(getattr(request, "unit", None), Unit):
        return page(request, "portal/not_found.html", {}, title="Không tìm thấy trang", status=404, is_indexed=False)
    return HttpResponse(with_sprite(render_to_string("layout/not_found.html", {})), status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 and 403: what was sent cannot be used."""
    return HttpResponse(with_sprite(render_to_string("layout/bad_request.html", {})), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without the database: it may be what failed."""
    return HttpResponse(with_sprite(render_to_string("layout/server_error.html", {})), status=500)
