"""An article that is not public yet, at a secret address: the very page visitors will get."""

from typing import TypeVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.core.middleware import CONTENT_SECURITY_POLICY
from congtruong.editorial.models import PreviewLink
from congtruong.editorial.services.previews import preview_link, previewed
from congtruong.media.queries import own_file
from congtruong.portal.views.entries import show_entry
from congtruong.portal.views.page import unit_of
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope

R = TypeVar("R", HttpResponse, FileResponse)
_SECRET = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}
_INLINE = ("image/webp", "image/avif", "application/pdf")


@require_safe
@xframe_options_exempt
def preview_page(request: HttpRequest, token: str) -> HttpResponse:
    unit = unit_of(request)
    with unit_scope(unit.pk):
        entry, assets = previewed(_link(unit, token).post)
        response = show_entry(request, unit, entry, is_preview=True)
    html = response.content.decode()
    for asset in assets:
        # Its own files only: they answer below this address before they are public.
        html = html.replace(f"/tep/{asset.key}/", f"/xem-thu/{token}/tep/{asset.key}/")
    response.content = html.encode()
    # The console shows it in a frame, also the one on the central host.
    ancestors = f"frame-ancestors 'self' {absolute(settings.CENTRAL_HOST, '')}"
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'self'", ancestors)
    return _secret(response, {"Content-Security-Policy": policy})


@require_safe
def preview_file(request: HttpRequest, token: str, key: str, name: str) -> HttpResponse | FileResponse:
    """A file of the article behind the address, of no other."""
    unit = unit_of(request)
    with unit_scope(unit.pk):
        _, assets = previewed(_link(unit, token).post)
        found = own_file(unit=unit, key=key, name=name) if key in {asset.key for asset in assets} else None
    if found is None or not default_storage.exists(found.path):
        raise Http404
    response = FileResponse(
        default_storage.open(found.path),
        filename=found.name,
        as_attachment=found.content_type not in _INLINE,
        content_type=found.content_type,
    )
    return _secret(response, {})


def _link(unit: Unit, token: str) -> PreviewLink:
    found = preview_link(unit, token, clock.now())
    if found is None:
        raise Http404
    return found


def _secret(response: R, headers: dict[str, str]) -> R:
    """Nobody stores it, no search engine lists it, and the address goes to no other site."""
    secrecy = {
        "Cache-Control": "no-store, private",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
    }
    for name, value in (secrecy | headers).items():
        response.headers[name] = value
    return response
