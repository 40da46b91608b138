from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from congtruong.core import clock
from congtruong.portal.blocks.cards import Card, cards_elsewhere
from congtruong.portal.blocks.directory import DirectorySummary, directory_summary
from congtruong.portal.blocks.home import home, link_groups
from congtruong.portal.blocks.shell import shell
from congtruong.portal.queries import hosts_of, moved_to, site_of
from congtruong.portal.views.page import host_of, page, unit_of
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries import from_below
from congtruong.units.queries import last_day_of

_BELOW = 6


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    # WordPress knew its posts as /?p=12; without such parameters this asks nothing.
    moved = moved_to(unit, request.get_full_path())
    if moved:
        return HttpResponsePermanentRedirect(moved)
    site = site_of(unit)
    frame, made = shell(unit, host_of(request), request.path), home(unit, site)
    below: list[Card] = []
    directory: DirectorySummary | None = None
    if unit.is_authority:
        day = last_day_of(unit, clock.today())
        latest = from_below(unit, Entry.objects.filter(channel=Channel.NEWS), day)
        newest = latest.select_related("unit").defer("body", "search_body").order_by("-published_at", "-id")
        entries = list(newest[:_BELOW])
        below, directory = cards_elsewhere(entries, hosts_of(entries)), directory_summary(unit, day)
    context = {
        "home": made,
        "below": below,
        "directory": directory,
        "link_groups": link_groups(frame.links),
        "parts": made.parts(links=bool(frame.links), below=bool(below)),
    }
    return page(request, "portal/home.html", context, title=unit.name, frame=frame)
