from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from congtruong.portal.blocks.cards import cards
from congtruong.portal.blocks.collections import collections_of
from congtruong.portal.blocks.paging import PAGE_SIZE, Pages
from congtruong.portal.blocks.snippets import snippet
from congtruong.portal.forms import SearchForm
from congtruong.portal.views.page import page, unit_of
from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.publication.queries import own_and_above, search
from congtruong.publication.queries.fulltext import COUNTED


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    chosen = SearchForm(request.GET).good()
    words = chosen["q"] or ""
    number = chosen["trang"] or 1
    found = search(
        unit=unit,
        sources=own_and_above(unit),
        query=words,
        channel=Channel(chosen["muc"]) if chosen["muc"] else None,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    query = request.GET.copy()
    query.pop("trang", None)
    channels = [*FEED_CHANNELS, Channel.PAGE, *collections_of(unit)]
    chips = []
    for channel in [None, *channels]:
        link = request.GET.copy()
        link.pop("trang", None)
        link.pop("muc", None)
        if channel is not None:
            link["muc"] = channel.value
        chips.append(
            (channel.label if channel else "Tất cả", f"?{link.urlencode()}", (chosen["muc"] or "") == (channel or ""))
        )
    results = [(card, snippet(card.entry, found.terms)) for card in cards(unit, found.entries)]
    return page(
        request,
        "portal/search.html",
        {
            "words": words,
            "found": found,
            "results": results,
            "chips": chips,
            "counted": COUNTED,
            "pages": Pages(number, found.total, "/tim-kiem/?", query.urlencode()),
        },
        title=f"Tìm “{words}”" if words else "Tìm kiếm",
        is_indexed=False,
    )
