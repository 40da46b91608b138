"""One feed of a unit: how it is doing, and the few things a person decides about it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.blocks.sources import (
    category_rows,
    feed_card,
    hub_words,
    repair_words,
    rhythm,
    route_choices,
    tried_items,
)
from congtruong.console.forms.sources import FeedForm, RemoveForm
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.console.views.sources import PAGE
from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.feeds.models import Feed
from congtruong.feeds.queries.health import feed_states, hub_of, routes_of
from congtruong.feeds.rules.health import State
from congtruong.feeds.services.sources import (
    change_feed,
    keep_address,
    pause_feed,
    read_now,
    remove_feed,
    resume_feed,
    use_new_address,
)
from congtruong.feeds.services.trying import try_address
from congtruong.units.enums import Level
from congtruong.units.rules.duties import Act

_FIELDS = {"feeds.no_channel": "channel"}


@desk(Act.SOURCES)
@require_GET
def feed(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    now = clock.now()
    found = feed_states(desk.unit, now=now, feed_id=feed_id)
    if not found:
        raise Http404
    card = feed_card(found[0], now)
    hub = hub_of(card.feed)
    context = {
        "card": card,
        "feed": card.feed,
        "rhythm": rhythm(card.feed, now=now, last_week=card.state.last_week, hub=hub),
        "hub": hub_words(hub, now=now),
        "repairs": repair_words(card.feed),
        "is_moving": card.state.health.state is State.MOVING,
        "is_being_read": bool(card.feed.leased_until and card.feed.leased_until > now),
        "is_due": card.feed.next_check_at <= now,
    }
    return render_desk(request, desk, "console/sources/feed.html", context, page=PAGE)


@desk(Act.SOURCES)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    found = _own_feed(desk, feed_id)
    levels = [int(level) for level in Level if found.levels & int(level)]
    initial = {"url": found.url, "channel": found.channel, "levels": levels}
    form = FeedForm(request.POST if request.method == "POST" else None, unit=desk.unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_feed(
                unit=desk.unit,
                feed=found,
                url=given["url"],
                channel=given["channel"],
                levels=form.wanted_levels,
                by=desk.by,
            )
        except DomainError as error:
            form.add_error(_FIELDS.get(error.code, "url"), error.message)
        else:
            messages.success(request, phrases.FEED_SAVED)
            return _to_feed(feed_id)
    context = {"feed": found, "form": form}
    status = 422 if form.is_bound else 200
    return render_desk(request, desk, "console/sources/feed_change.html", context, page=PAGE, status=status)


@desk(Act.SOURCES)
@require_POST
def try_again(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    """Read a feed once more for the eyes of a person; nothing is kept."""
    found = _own_feed(desk, feed_id)
    trial = try_address(found.url, now=clock.now())
    known = {route.category: route.channel for route in routes_of(found.source)}
    context = {
        "feed": found,
        "trial": trial,
        "items": tried_items(trial),
        "rows": category_rows(trial, known),
        "choices": route_choices(),
    }
    return render_desk(request, desk, "console/sources/feed_try.html", context, page=PAGE)


@desk(Act.SOURCES)
@require_POST
def read(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    found = _own_feed(desk, feed_id)
    return _act(request, feed_id, lambda: read_now(unit=desk.unit, feed=found, by=desk.by), phrases.FEED_ASKED)


@desk(Act.SOURCES)
@require_POST
def pause(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    found = _own_feed(desk, feed_id)
    return _act(request, feed_id, lambda: pause_feed(unit=desk.unit, feed=found, by=desk.by), phrases.FEED_PAUSED)


@desk(Act.SOURCES)
@require_POST
def resume(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    found = _own_feed(desk, feed_id)
    return _act(request, feed_id, lambda: resume_feed(unit=desk.unit, feed=found, by=desk.by), phrases.FEED_RESUMED)


@desk(Act.SOURCES)
@require_POST
def move(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    """Follow the source to the address it names."""
    found = _own_feed(desk, feed_id)
    return _act(request, feed_id, lambda: use_new_address(unit=desk.unit, feed=found, by=desk.by), phrases.FEED_MOVED)


@desk(Act.SOURCES)
@require_POST
def stay(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    found = _own_feed(desk, feed_id)
    return _act(request, feed_id, lambda: keep_address(unit=desk.unit, feed=found, by=desk.by), phrases.FEED_STAYS)


@desk(Act.SOURCES)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, desk: Desk, feed_id: int) -> HttpResponseBase:
    """A page of its own: what becomes of the items is a choice."""
    found = _own_feed(desk, feed_id)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        remove_feed(unit=desk.unit, feed=found, keeps_items=form.keeps_items, by=desk.by)
        messages.success(request, phrases.FEED_REMOVED)
        return HttpResponseRedirect(reverse("console:source", args=[found.source_id]))
    back = reverse("console:feed", args=[feed_id])
    context = {"feed": found, "form": form, "count": found.sightings.count(), "back": back}
    status = 422 if form.is_bound else 200
    return render_desk(request, desk, "console/sources/feed_remove.html", context, page=PAGE, status=status)


def _act(request: HttpRequest, feed_id: int, act: Callable[[], object], done: str) -> HttpResponseBase:
    try:
        act()
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, done)
    return _to_feed(feed_id)


def _own_feed(desk: Desk, feed_id: int) -> Feed:
    found = Feed.objects.select_related("source", "unit").filter(unit=desk.unit, pk=feed_id).first()
    if found is None:
        raise Http404
    return found


def _to_feed(feed_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:feed", args=[feed_id]))
