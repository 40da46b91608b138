"""Which portal a request is for: the register of host names decides, nothing else."""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.urls import get_script_prefix, set_script_prefix

from congtruong.core.addresses import absolute, strip_preview
from congtruong.units.queries import canonical_hosts, unit_by_host

# On the central host every unit's console stands below its host name: /tai/<host>/quan-tri/…
_MOUNT = re.compile(r"/tai/([a-z0-9.-]{1,253})(/quan-tri/.*)", re.DOTALL)


class HostMiddleware:
    """Sets `request.unit`; redirects other names of a unit to its canonical one; answers 421 to unknown names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = strip_preview(request.META.get("HTTP_HOST", ""))
        if name == settings.CENTRAL_HOST:
            return self._central(request)
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

    def _central(self, request: HttpRequest) -> HttpResponse:
        before = get_script_prefix()
        if not _mount(request):
            request.urlconf = settings.CENTRAL_URLCONF  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(before)


def _mount(request: HttpRequest) -> bool:
    """Let a unit's console answer here as if the application stood below /tai/<host>; False for other addresses."""
    found = _MOUNT.fullmatch(request.path_info)
    host = unit_by_host(found[1]) if found else None
    if found is None or host is None:
        return False
    prefix = f"{request.META.get('SCRIPT_NAME', '')}/tai/{host.name}"
    request.META["SCRIPT_NAME"] = prefix
    request.path_info = found[2]
    set_script_prefix(prefix + "/")
    request.unit = host.unit  # type: ignore[attr-defined]
    request.host_name = host.name  # type: ignore[attr-defined]
    return True


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
