"""Pages every portal has: Giới thiệu, Liên hệ, Sơ đồ trang."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from congtruong.portal.blocks.cards import cards
from congtruong.portal.blocks.collections import collections_of
from congtruong.portal.queries import pages_of
from congtruong.portal.views.page import page, unit_of


@require_safe
def about_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    return page(
        request,
        "portal/about.html",
        {"cards": cards(unit, [entry for entry in pages_of(unit) if not entry.facts.get("parent")])},
        title="Giới thiệu",
        description=f"Giới thiệu {unit.name}: lịch sử, cơ cấu tổ chức, chức năng, nhiệm vụ.",
    )


@require_safe
def contact_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    return page(
        request,
        "portal/contact.html",
        {},
        title="Liên hệ",
        description=f"Địa chỉ, điện thoại, thư điện tử của {unit.name}.",
    )


@require_safe
def site_map_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    context = {"cards": cards(unit, pages_of(unit)), "collections": collections_of(unit)}
    return page(request, "portal/site_map.html", context, title="Sơ đồ trang")
