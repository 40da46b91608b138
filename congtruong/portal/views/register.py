"""Văn bản: the register of official documents with its filters."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from congtruong.core import clock
from congtruong.editorial.enums import Validity
from congtruong.portal.blocks.cards import cards
from congtruong.portal.blocks.paging import PAGE_SIZE, Pages
from congtruong.portal.forms import RegisterForm
from congtruong.portal.queries import register_choices, register_entries
from congtruong.portal.views.page import page, unit_of
from congtruong.publication.queries import own_and_above


@require_safe
def register_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    form = RegisterForm(request.GET)
    chosen = form.good()
    sources = own_and_above(unit)
    today = clock.today()
    entries = register_entries(
        unit,
        sources,
        today=today,
        words=chosen["so"] or "",
        type_name=chosen["loai"] or "",
        year=chosen["nam"],
        issuer=chosen["cq"] or "",
        validity=chosen["hl"] or "",
    )
    query = request.GET.copy()
    query.pop("trang", None)
    pages = Pages(chosen["trang"] or 1, entries.count(), "/van-ban/?", query.urlencode())
    if not pages.exists:
        pages = Pages(1, pages.total, pages.base, pages.query)
    types, issuers, years = register_choices(unit, sources)
    rows = cards(unit, list(entries.select_related("unit")[pages.offset : pages.offset + PAGE_SIZE]))
    return page(
        request,
        "portal/register.html",
        {
            "chosen": chosen,
            "is_filtered": any(value for name, value in chosen.items() if name != "trang"),
            "rows": rows,
            "pages": pages,
            "types": types,
            "issuers": issuers,
            "years": years,
            "validities": Validity.choices,
            "today": today,
        },
        title="Văn bản",
        description=f"Danh mục văn bản của {unit.name} và của cơ quan quản lý, tìm theo số, ký hiệu, trích yếu.",
        is_indexed=not query,
    )
