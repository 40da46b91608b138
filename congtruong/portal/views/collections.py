"""Albums, resources, questions, weekly calendars and timetables: their lists, and what their own pages show."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from congtruong.core import clock
from congtruong.portal.blocks.calendars import (
    day_in,
    grades,
    lessons,
    timetable_years,
    week,
    week_links,
    week_to_show,
)
from congtruong.portal.blocks.cards import cards
from congtruong.portal.blocks.collections import (
    albums,
    heading_names,
    own_entries,
    photos,
    question_groups,
    resource_groups,
    resources,
    structured_questions,
)
from congtruong.portal.blocks.paging import PAGE_SIZE, Pages
from congtruong.portal.forms import ResourceForm
from congtruong.portal.queries import own_entry
from congtruong.portal.views.page import page, unit_of
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit

# Template and context that take the place of those of an article.
Special = tuple[str, dict[str, Any]]


@require_safe
def albums_page(request: HttpRequest, number: int = 1) -> HttpResponse:
    unit = unit_of(request)
    base = f"/{Channel.ALBUM}/"
    pages = Pages(number, own_entries(unit, Channel.ALBUM).count(), base)
    if not pages.exists or (number == 1 and request.path != base):
        raise Http404
    return page(
        request,
        "portal/albums.html",
        {"albums": albums(unit, pages.offset), "pages": pages},
        title=Channel.ALBUM.label,
        description=f"Hình ảnh và video hoạt động của {unit.name}.",
    )


@require_safe
def resources_page(request: HttpRequest) -> HttpResponse:
    """Everything under its heading, or what matches words or one heading."""
    unit = unit_of(request)
    names = heading_names(unit, Channel.RESOURCE)
    chosen = ResourceForm(request.GET).good()
    words = chosen["q"] or ""
    category = chosen["muc"] if chosen["muc"] in names else ""
    context: dict[str, Any] = {"words": words, "category": category, "names": names}
    if words or category:
        found = resources(unit, words=words, category=category)
        query = urlencode([(name, value) for name, value in (("q", words), ("muc", category)) if value])
        pages = Pages(chosen["trang"] or 1, found.count(), f"/{Channel.RESOURCE}/?", query)
        listed = list(found[pages.offset : pages.offset + PAGE_SIZE])
        context |= {"pages": pages, "listed": listed, "heading": names.get(category, "")}
    else:
        context |= {"groups": resource_groups(unit, names)}
    return page(
        request,
        "portal/resources.html",
        context,
        title=Channel.RESOURCE.label,
        description=f"Tài liệu, biểu mẫu, học liệu của {unit.name} để xem và tải về.",
        is_indexed=not words,
    )


@require_safe
def questions_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    groups = question_groups(unit, heading_names(unit, Channel.QUESTION))
    return page(
        request,
        "portal/questions.html",
        {"groups": groups},
        title=Channel.QUESTION.label,
        description=f"Giải đáp những điều phụ huynh và học sinh thường hỏi {unit.name}.",
        structured=structured_questions(groups) if groups else None,
    )


@require_safe
def week_page(request: HttpRequest) -> HttpResponse:
    """The calendar of this week; without one the latest."""
    unit, today = unit_of(request), clock.today()
    links = week_links(unit)
    chosen = week_to_show(links, today)
    entry = own_entry(unit, chosen.path) if chosen is not None else None
    return page(
        request,
        "portal/week.html",
        {"entry": entry, "week": week(entry, links, today) if entry is not None else None, "is_list": True},
        title=Channel.WEEK.label,
        description=f"Lịch công tác trong tuần của {unit.name}.",
    )


@require_safe
def timetables_page(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    return page(
        request,
        "portal/timetables.html",
        {"years": timetable_years(unit, clock.today())},
        title=Channel.TIMETABLE.label,
        description=f"Thời khóa biểu các lớp của {unit.name}.",
    )


def special(request: HttpRequest, unit: Unit, entry: Entry) -> Special | None:
    """How the page of an entry differs from an article's; None for everything that is an article."""
    made = _SPECIAL.get(Channel(entry.channel))
    return made(request, unit, entry) if made is not None else None


def _album(_request: HttpRequest, unit: Unit, entry: Entry) -> Special:
    others = own_entries(unit, Channel.ALBUM).exclude(pk=entry.pk)[:3]
    return "portal/album.html", {"photos": photos(entry), "others": cards(unit, list(others))}


def _week(_request: HttpRequest, unit: Unit, entry: Entry) -> Special:
    shown = week(entry, week_links(unit), clock.today())
    return "portal/week.html", {"week": shown, "is_list": False}


def _timetable(request: HttpRequest, _unit: Unit, entry: Entry) -> Special:
    tables = entry.facts.get("tables", ())
    shown = lessons(tables, request.GET.get("lop", ""), clock.today())
    return "portal/timetable.html", {
        "lessons": shown,
        "grades": grades(tables) if len(tables) > 1 else [],
        "valid_from": day_in(entry.facts.get("valid_from")),
    }


_SPECIAL: dict[Channel, Callable[[HttpRequest, Unit, Entry], Special]] = {
    Channel.ALBUM: _album,
    Channel.WEEK: _week,
    Channel.TIMETABLE: _timetable,
}
