"""One published thing: an article, a notice, a document, a page, or something read from above."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.editorial.enums import Validity
from congtruong.editorial.rules import validity
from congtruong.feeds.queries.items import Publishers, publishers
from congtruong.portal.blocks.calendar import calendar_of
from congtruong.portal.blocks.cards import address_on, cards, picture_of
from congtruong.portal.queries import own_entry, pages_of, readable_entry
from congtruong.portal.views.collections import special
from congtruong.portal.views.page import host_of, page, unit_of
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.queries import Window, read_windows
from congtruong.publication.queries.sources import own
from congtruong.units.models import Unit
from congtruong.units.queries import canonical_hosts

_OTHERS = 4


@require_safe
def own_page(request: HttpRequest, channel: str, slug: str) -> HttpResponse:
    """A post of the unit itself."""
    unit = unit_of(request)
    entry = own_entry(unit, f"/{channel}/{slug}/")
    if entry is None:
        raise Http404
    return show_entry(request, unit, entry)


@require_safe
def source_page(request: HttpRequest, entry_id: int, slug: str) -> HttpResponse:
    """Something an authority published, read without leaving this portal; always with its source."""
    unit = unit_of(request)
    entry = readable_entry(unit, entry_id)
    if entry is None:
        raise Http404
    here = address_on(unit, entry)
    if request.path != here:
        return HttpResponsePermanentRedirect(here)
    return show_entry(request, unit, entry)


@require_safe
def calendar_file(request: HttpRequest, slug: str) -> HttpResponse:
    """An invitation for the visitor's own calendar."""
    unit = unit_of(request)
    return _calendar_file(request, unit, own_entry(unit, f"/{Channel.INVITATION.value}/{slug}/"))


@require_safe
def source_calendar_file(request: HttpRequest, entry_id: str, slug: str) -> HttpResponse:
    """An invitation of an authority, from this portal."""
    unit = unit_of(request)
    entry = readable_entry(unit, int(entry_id))
    if entry is None or entry.slug != slug:
        raise Http404
    return _calendar_file(request, unit, entry)


def _calendar_file(request: HttpRequest, unit: Unit, entry: Entry | None) -> HttpResponse:
    if entry is None or entry.starts_at is None:
        raise Http404
    host = host_of(request)
    # Own events and those from above are numbered apart.
    number = entry.object_id if entry.unit_id == unit.pk else f"nguon-{entry.content_id}"
    body = calendar_of(entry, absolute(host, address_on(unit, entry)), uid=f"{number}@{host}")
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{entry.slug}.ics"'
    return response


def show_entry(request: HttpRequest, unit: Unit, entry: Entry, *, is_preview: bool = False) -> HttpResponse:
    """The page of an entry; of one that is stored nowhere yet as a preview."""
    channel = Channel(entry.channel)
    others = read_windows([Window("others", channel, own(unit), _OTHERS + 1)])["others"]
    context: dict[str, Any] = {
        "entry": entry,
        "channel": channel,
        "is_own": entry.unit_id == unit.pk,
        "picture": picture_of(entry),
        "others": cards(unit, [other for other in others if other.object_id != entry.object_id][:_OTHERS]),
        "original_url": _original(unit, entry),
        "calendar_url": "" if is_preview else _calendar(unit, entry),
        "is_preview": is_preview,
        "has_video": 'class="video"' in entry.body,
        "publishers": _publishers(unit, entry),
    }
    template = "portal/article.html"
    if channel == Channel.DOCUMENT:
        template = "portal/document.html"
        state = validity(
            on=clock.today(),
            issued_on=entry.doc_issued_on,
            effective_on=entry.doc_effective_on,
            expires_on=entry.doc_expires_on,
        )
        context |= {"register": entry.facts.get("register"), "validity": state, "ended": Validity.ENDED}
    if channel == Channel.PAGE:
        template = "portal/static_page.html"
        context |= {"pages": pages_of(unit)}
    own_look = special(request, unit, entry)
    if own_look is not None:
        template, more = own_look
        context |= more
    return page(
        request,
        template,
        context,
        title=entry.title,
        description=entry.summary,
        canonical=context["original_url"] if not context["is_own"] else "",
        structured=_structured(request, entry),
        section=f"/{channel}/",
        is_indexed=not is_preview,
    )


def _calendar(unit: Unit, entry: Entry) -> str:
    """Address of the calendar file of an invitation, own or from above."""
    is_dated = entry.channel == Channel.INVITATION and entry.starts_at is not None
    return f"{address_on(unit, entry).rstrip('/')}.ics" if is_dated else ""


def _publishers(unit: Unit, entry: Entry) -> Publishers | None:
    """Who else published a document that was read at a source."""
    if entry.kind != EntryKind.ITEM or not entry.doc_symbol:
        return None
    return publishers(unit, entry.object_id, entry.unit_id)


def _original(unit: Unit, entry: Entry) -> str:
    """Where the owner itself shows the entry: its own site, or its portal here."""
    if entry.source_url:
        return entry.source_url
    if entry.unit_id == unit.pk:
        return ""
    host = canonical_hosts([entry.unit_id]).get(entry.unit_id)
    return absolute(host, entry.path or f"/nguon/{entry.content_id}/{entry.slug}/") if host else ""


def _structured(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """schema.org article: title, dates, publisher, author (TT 24/2011 asks for the same facts)."""
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if entry.channel == Channel.NEWS else "Article",
        "headline": entry.title,
        "datePublished": entry.published_at.isoformat(),
        "dateModified": (entry.changed_at or entry.published_at).isoformat(),
        "inLanguage": "vi",
        "publisher": {"@type": "Organization", "name": entry.source_name or entry.unit.name},
        "mainEntityOfPage": absolute(host_of(request), request.path),
    }
    if entry.author:
        made["author"] = {"@type": "Person", "name": entry.author}
    if entry.image:
        made["image"] = absolute(host_of(request), f"/tep/{entry.image['key']}/{entry.image['renditions'][-1]['name']}")
    return made
