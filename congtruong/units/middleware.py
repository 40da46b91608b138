"""Which portal a request is for: the register of host names decides, nothing else."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse

from congtruong.core.addresses import absolute, strip_preview
from congtruong.units.queries import canonical_hosts, unit_by_host


class HostMiddleware:
    """Sets `request.unit`; redirects other names of a unit to its canonical one; answers 421 to unknown names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = strip_preview(request.META.get("HTTP_HOST", ""))
        if name == settings.CENTRAL_HOST:
            request.urlconf = settings.CENTRAL_URLCONF  # type: ignore[attr-defined]
            return self.get_response(request)
        host = unit_by_host(name)
        if host is None:
            return _unknown(request)
        if not host.is_canonical:
            canonical = canonical_hosts([host.unit_id]).get(host.unit_id)
            if canonical is not None:
                return _redirect(request, canonical)
        request.unit = host.unit  # type: ignore[attr-defined]
        request.host_name = host.name  # type: ignore[attr-defined]
        return self.get_response(request)


def _redirect(request: HttpRequest, canonical: str) -> HttpResponse:
    response = HttpResponsePermanentRedirect(absolute(canonical, request.get_full_path()))
    if request.method not in {"GET", "HEAD"}:
        response.status_code = HTTPStatus.PERMANENT_REDIRECT
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    """A page that helps; it names no unit, whatever the host header says."""
    response = TemplateResponse(
        request,
        "layout/unknown_host.html",
        {"central_url": absolute(settings.CENTRAL_HOST)},
        status=HTTPStatus.MISDIRECTED_REQUEST,
    )
    return response.render()
