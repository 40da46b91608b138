from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from congtruong.core import clock
from congtruong.portal.blocks.cards import cards_elsewhere
from congtruong.portal.blocks.directory import directory_summary
from congtruong.portal.blocks.home import home
from congtruong.portal.queries import hosts_of
from congtruong.portal.views.page import page, unit_of
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries import from_below
from congtruong.units.queries import last_day_of

_BELOW = 6


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    context: dict[str, object] = {"home": home(unit)}
    template = "portal/home.html"
    if unit.is_authority:
        day = last_day_of(unit, clock.today())
        latest = from_below(unit, Entry.objects.filter(channel=Channel.NEWS), day)
        newest = latest.select_related("unit").defer("body", "search_body").order_by("-published_at", "-id")
        entries = list(newest[:_BELOW])
        context |= {"below": cards_elsewhere(entries, hosts_of(entries)), "directory": directory_summary(unit, day)}
        template = "portal/home_authority.html"
    return page(request, template, context, title=unit.name)
