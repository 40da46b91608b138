"""What machines read: RSS, sitemap, robots, files."""

from collections.abc import Iterator
from mimetypes import guess_type
from xml.sax.saxutils import escape

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.views.decorators.http import require_safe

from congtruong.core.addresses import absolute
from congtruong.media.queries import public_file
from congtruong.portal.blocks.collections import collections_of
from congtruong.portal.blocks.shell import shell
from congtruong.portal.views.page import host_of, unit_of
from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.publication.models import Entry

_FEED_ITEMS = 30
_SITEMAP_MOST = 50_000
_INLINE = ("image/webp", "image/avif", "application/pdf")


@require_safe
def rss(request: HttpRequest, channel: str) -> HttpResponse:
    """RSS 2.0 of the unit's own entries, of one channel or of all (TT 37/2020, article 12)."""
    unit, host = unit_of(request), host_of(request)
    entries = Entry.objects.filter(unit=unit)
    chosen = Channel(channel) if channel != "tat-ca" else None
    if chosen is not None:
        entries = entries.filter(channel=chosen)
    else:
        entries = entries.filter(channel__in=FEED_CHANNELS, is_primary=True)
    feed = Rss201rev2Feed(
        title=f"{chosen.label} – {unit.name}" if chosen else unit.name,
        link=absolute(host, f"/{channel}/" if chosen else "/"),
        description=unit.tagline or unit.name,
        language="vi",
        feed_url=absolute(host, request.path),
    )
    for entry in entries.order_by("-published_at", "-id")[:_FEED_ITEMS]:
        address = absolute(host, entry.path or f"/nguon/{entry.content_id}/{entry.slug}/")
        feed.add_item(
            title=entry.title,
            link=address,
            description=entry.summary,
            author_name=entry.author or None,
            pubdate=entry.published_at,
            updateddate=entry.changed_at,
            unique_id=f"{host}:{entry.kind}:{entry.object_id}",
            unique_id_is_permalink=False,
            categories=[Channel(entry.channel).label],
            enclosures=[
                Enclosure(absolute(host, f"/tep/{f['key']}/{f['name']}"), str(f["size"]), _mime(f["name"]))
                for f in entry.files[:1]
            ],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _mime(name: str) -> str:
    return guess_type(name)[0] or "application/octet-stream"


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
