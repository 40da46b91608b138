"""What machines read: sitemap, robots, files. Feeds have an app of their own."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from congtruong.core.addresses import absolute
from congtruong.media.queries import public_file
from congtruong.portal.blocks.collections import collections_of
from congtruong.portal.blocks.shell import shell
from congtruong.portal.views.page import host_of, unit_of
from congtruong.publication.models import Entry

_SITEMAP_MOST = 50_000
_INLINE = ("image/webp", "image/avif", "application/pdf")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """sitemap.xml of one portal: its fixed pages and everything it published itself."""
    host = host_of(request)
    frame = shell(unit_of(request), host, request.path)
    entries = (
        Entry.objects.filter(unit=frame.unit, is_primary=True)
        .exclude(path="")
        .order_by("-published_at", "-id")
        .values_list("path", "published_at", "changed_at")[: _SITEMAP_MOST - 20]
    )

    held = collections_of(frame.unit)

    def lines() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        fixed = ["/", *frame.nav_paths, *(f"/{channel}/" for channel in held), "/so-do-trang/", "/rss/"]
        for path in dict.fromkeys(fixed):
            yield f"<url><loc>{escape(absolute(host, path))}</loc></url>\n"
        for path, published_at, changed_at in entries:
            moment = (changed_at or published_at).date().isoformat()
            yield f"<url><loc>{escape(absolute(host, path))}</loc><lastmod>{moment}</lastmod></url>\n"
        yield "</urlset>\n"

    return HttpResponse("".join(lines()), content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /tim-kiem/", "", f"Sitemap: {absolute(host_of(request), '/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def file(request: HttpRequest, key: str, name: str) -> HttpResponse | FileResponse:
    """A public file. Only images and PDF are shown in the browser; the rest is saved."""
    found = public_file(unit=unit_of(request), key=key, name=name)
    if found is None or not default_storage.exists(found.path):
        raise Http404
    etag = f'"{found.etag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    response = FileResponse(
        default_storage.open(found.path),
        filename=found.name,
        as_attachment=found.content_type not in _INLINE,
        content_type=found.content_type,
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=300, must-revalidate"
    return response
