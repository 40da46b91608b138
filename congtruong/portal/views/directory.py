"""Pages of an authority's portal about the units below it, and the province's front door."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from congtruong.core import clock
from congtruong.core.templatetags.vi import with_sprite
from congtruong.portal.blocks.cards import cards_elsewhere
from congtruong.portal.blocks.directory import LEVEL_CODES, unit_cards
from congtruong.portal.blocks.paging import PAGE_SIZE, Pages
from congtruong.portal.forms import DirectoryForm
from congtruong.portal.queries import hosts_of
from congtruong.portal.views.page import authority_of, page
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries import from_below
from congtruong.units.enums import AUTHORITY_KINDS, LEVEL_NAMES, Ownership
from congtruong.units.models import Unit, Ward
from congtruong.units.queries import directory, last_day_of, units_below


def _listing(request: HttpRequest, units: QuerySet[Unit]) -> dict[str, object]:
    form = DirectoryForm(request.GET)
    chosen = form.good()
    ward = chosen["phuong"] or ""
    wards = list(
        Ward.objects.filter(units__in=units.select_related(None)).distinct().values_list("pk", "name").order_by("name")
    )
    narrowed = directory(
        units,
        words=chosen["q"] or "",
        level=form.level(),
        ward_id=int(ward) if ward.isdecimal() else None,
        without_ward=ward == "chua-ro",
        ownership=chosen["loai"] or "",
    )
    query = request.GET.copy()
    query.pop("trang", None)
    total = narrowed.count()
    pages = Pages(chosen["trang"] or 1, total, f"{request.path}?", query.urlencode())
    if not pages.exists:
        pages = Pages(1, total, pages.base, pages.query)
    return {
        "chosen": chosen,
        "is_filtered": any(value for name, value in chosen.items() if name != "trang"),
        "units": unit_cards(list(narrowed[pages.offset : pages.offset + PAGE_SIZE])),
        "pages": pages,
        "wards": wards,
        "levels": [(code, LEVEL_NAMES[level]) for code, level in LEVEL_CODES.items()],
        "ownerships": Ownership.choices,
    }


@require_safe
def units_page(request: HttpRequest) -> HttpResponse:
    """Directory of the units an authority oversees; of its last day for a dissolved one."""
    authority = authority_of(request)
    day = last_day_of(authority, clock.today())
    return page(
        request,
        "portal/units.html",
        {**_listing(request, units_below(authority, day)), "day": day},
        title="Các đơn vị",
        description=f"Danh bạ các trường và đơn vị thuộc {authority.name}.",
        is_indexed=not request.GET,
    )


@require_safe
def news_below_page(request: HttpRequest, number: int = 1) -> HttpResponse:
    """News of the units below, each linked to its own portal."""
    authority = authority_of(request)
    latest = from_below(authority, Entry.objects.filter(channel=Channel.NEWS), last_day_of(authority, clock.today()))
    pages = Pages(number, latest.count(), "/tin-don-vi/")
    if not pages.exists:
        pages = Pages(1, pages.total, pages.base)
    entries = list(
        latest.select_related("unit")
        .defer("body", "search_body")
        .order_by("-published_at", "-id")[pages.offset : pages.offset + PAGE_SIZE]
    )
    return page(
        request,
        "portal/news_below.html",
        {"cards": cards_elsewhere(entries, hosts_of(entries)), "pages": pages},
        title="Tin từ các đơn vị",
    )


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """The central host: find any portal of the province."""
    schools = Unit.objects.filter(closed_on=None).exclude(kind__in=AUTHORITY_KINDS).select_related("ward", "old_ward")
    authorities = list(
        Unit.objects.filter(kind__in=AUTHORITY_KINDS).select_related("ward", "old_ward").order_by("search_name")
    )
    html = render_to_string(
        "portal/front_door.html",
        {
            **_listing(request, schools),
            "authorities": unit_cards(authorities),
            "page_title": "Danh bạ các cổng thông tin",
        },
    )
    return HttpResponse(with_sprite(html))
