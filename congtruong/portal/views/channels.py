"""Dated lists: Tin tức, Thông báo, Thư mời, from the unit itself and from above."""

from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from congtruong.core import clock
from congtruong.core.templatetags.vi import month_of
from congtruong.editorial.queries import categories
from congtruong.portal.blocks.cards import Card, cards
from congtruong.portal.blocks.paging import PAGE_SIZE, Pages
from congtruong.portal.views.page import page, unit_of
from congtruong.publication.enums import Channel
from congtruong.publication.queries import Source, Window, count, read_windows
from congtruong.publication.queries.sources import above, own
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope

_PINNED = "Được ghim"
_SCOPES = {"": "Tất cả", "don-vi": "Của đơn vị", "cap-tren": "Của cấp trên"}


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str
    is_current: bool


def _sources(unit: Unit, scope: str) -> list[Source]:
    if scope == "don-vi":
        return own(unit)
    return above(unit) if scope == "cap-tren" else own(unit) + above(unit)


@require_safe
def channel_page(request: HttpRequest, channel: str, scope: str = "", number: int = 1) -> HttpResponse:
    unit = unit_of(request)
    chosen = Channel(channel)
    sources = _sources(unit, scope)
    base = f"/{channel}/nguon/{scope}/" if scope else f"/{channel}/"
    pages = Pages(number, count(sources, chosen) if sources else 0, base)
    if not pages.exists or (number == 1 and request.path != base):
        raise Http404
    window = Window("list", chosen, sources, PAGE_SIZE, pages.offset, pins_first=True)
    upcoming = Window("upcoming", None, own(unit), 4, starting_from=clock.now())
    lists = read_windows([window, upcoming])
    listed = cards(unit, lists["list"])
    months = [(month, list(group)) for month, group in groupby(listed, key=_heading)]
    return page(
        request,
        "portal/channel.html",
        {
            "channel": chosen,
            "scope": scope,
            "chips": [
                Chip(label, f"/{channel}/nguon/{key}/" if key else f"/{channel}/", key == scope)
                for key, label in _SCOPES.items()
            ],
            "headings": _headings(unit, chosen, ""),
            "months": months,
            "pages": pages,
            "upcoming": cards(unit, lists["upcoming"]),
        },
        title=chosen.label,
        description=f"{chosen.label} của {unit.name} và của cơ quan quản lý.",
    )


@require_safe
def category_page(request: HttpRequest, channel: str, category: str, number: int = 1) -> HttpResponse:
    """What the unit itself published under one heading of a channel."""
    unit = unit_of(request)
    chosen = Channel(channel)
    headings = _headings(unit, chosen, category)
    here = next((chip for chip in headings if chip.is_current), None)
    base = f"/{channel}/muc/{category}/"
    if here is None:
        raise Http404
    pages = Pages(int(number), count(own(unit), chosen, category), base)
    if not pages.exists or (pages.number == 1 and request.path != base):
        raise Http404
    window = Window("list", chosen, own(unit), PAGE_SIZE, pages.offset, category=category)
    listed = cards(unit, read_windows([window])["list"])
    months = [(month, list(group)) for month, group in groupby(listed, key=lambda c: month_of(c.entry.published_at))]
    return page(
        request,
        "portal/category.html",
        {"channel": chosen, "name": here.label, "headings": headings, "months": months, "pages": pages},
        title=f"{here.label} – {chosen.label}",
        description=f"{here.label} của {unit.name}.",
        section=f"/{channel}/",
    )


def _heading(card: Card) -> str:
    """Under which words an entry stands in the list."""
    return _PINNED if card.entry.pinned_here else month_of(card.entry.published_at)


def _headings(unit: Unit, channel: Channel, current: str) -> list[Chip]:
    """The unit's headings of a channel; one query."""
    with unit_scope(unit.pk):
        rows = categories(unit, channel)
    return [Chip(row.name, f"/{channel.value}/muc/{row.slug}/", row.slug == current) for row in rows]
