"""Nguồn tin: the web sites whose feeds a portal takes items from, and how they are doing."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.blocks.sources import (
    LEAVE_OUT,
    CategoryRow,
    FeedCard,
    category_rows,
    chosen_word,
    feed_card,
    likely_channel,
    route_choices,
    tried_items,
)
from congtruong.console.forms.sources import NEW, RemoveForm, SourceForm, TryForm, UseForm, routes_in
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.feeds.models import Feed, Source
from congtruong.feeds.queries.health import SourceState, count_failing_below, failing_below, routes_of, source_states
from congtruong.feeds.rules.hosts import host_of
from congtruong.feeds.services.sources import (
    add_feed,
    add_source,
    change_source,
    feed_at,
    remove_source,
    set_routes,
    web_address,
)
from congtruong.feeds.services.trying import Trial, home_of, try_address
from congtruong.units.rules.duties import Act

PAGE = "sources"
# Which field of a form a refusal belongs to.
_FIELDS = {
    "feeds.name_needed": "name",
    "feeds.source_twice": "homepage",
    "feeds.feed_twice": "url",
    "feeds.too_many_feeds": "url",
    "feeds.no_channel": "channel",
}


@desk(Act.SOURCES)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    now = clock.now()
    states = [(state, _cards(state, now)) for state in source_states(desk.unit, now=now)]
    alarms = sum(1 for _, cards in states for card in cards if card.state.health.is_alarm)
    follows = desk.unit.is_authority and desk.can(Act.FOLLOW)
    number = count_failing_below(desk.unit, now=now, day=clock.day_of(now))[0] if follows else 0
    context = {"states": states, "alarms": alarms, "follows": follows, "failing_below": number}
    return render_desk(request, desk, "console/sources/index.html", context, page=PAGE)


def _cards(state: SourceState, now: datetime) -> list[FeedCard]:
    """What waits for a person stands first."""
    cards = [feed_card(feed, now) for feed in state.feeds]
    return sorted(cards, key=lambda card: not card.state.health.is_alarm)


@desk(Act.FOLLOW)
@require_GET
def below(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Feeds of the units below that have not been read for days; of their rows only what is public anyway."""
    if not desk.unit.is_authority:
        raise Http404
    now = clock.now()
    rows = failing_below(desk.unit, now=now, day=clock.day_of(now))
    context = {"rows": rows, "may_manage": desk.can(Act.SOURCES)}
    return render_desk(request, desk, "console/sources/below.html", context, page=PAGE)


# --- Trying an address ------------------------------------------------------------------------------------------------


@desk(Act.SOURCES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Ask for an address, read it once, show what it would bring; nothing is kept."""
    form = TryForm(
        request.POST if request.method == "POST" else None, initial={"url": request.GET.get("dia-chi", "")[:1000]}
    )
    if request.method == "GET" or not form.is_valid():
        return _try_page(request, desk, form)
    try:
        url = web_address(form.cleaned_data["url"], most=1000)
    except DomainError as error:
        form.add_error("url", error.message)
        return _try_page(request, desk, form)
    found = feed_at(desk.unit, url)
    if found is not None:
        form.add_error("url", _already(found))
        return _try_page(request, desk, form, known=found)
    trial = try_address(url, now=clock.now())
    if trial.document is None:
        if not trial.named:
            form.add_error("url", phrases.PAGE_WITHOUT_FEEDS if trial.is_page else trial.problem)
        return _try_page(request, desk, form, trial=trial)
    return _tried(request, desk, trial)


@desk(Act.SOURCES)
@require_POST
def use(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Take the address that was read into use, with what was decided beside it."""
    form = UseForm(request.POST, unit=desk.unit, sources=_choices(desk))
    if form.is_valid():
        try:
            feed = _start(desk, form, routes_in(request.POST))
        except DomainError as error:
            name = _FIELDS.get(error.code, "url")
            form.add_error(name if name in form.fields and name != "url" else None, error.message)
        else:
            messages.success(request, phrases.FEED_ADDED.format(name=feed.source.name))
            return HttpResponseRedirect(reverse("console:feed", args=[feed.pk]))
    typed = routes_in(request.POST)
    rows = [CategoryRow(name, 0, chosen_word(channel)) for name, channel in typed.items()]
    context = {"form": form, "rows": rows, "choices": route_choices(), "url": form.data.get("url", "")}
    return render_desk(request, desk, "console/sources/use.html", context, page=PAGE, status=422)


@transaction.atomic
def _start(desk: Desk, form: UseForm, routes: dict[str, str | None]) -> Feed:
    given = form.cleaned_data
    if form.source_id is None:
        source = add_source(unit=desk.unit, name=given["name"], homepage=given["homepage"], by=desk.by)
    else:
        source = own_source(desk, form.source_id)
    feed = add_feed(
        unit=desk.unit,
        source=source,
        url=given["url"],
        channel=given["channel"],
        levels=form.wanted_levels,
        by=desk.by,
    )
    set_routes(unit=desk.unit, source=source, routes=routes, by=desk.by)
    return feed


def _already(feed: Feed) -> str:
    return phrases.FEED_KNOWN.format(name=feed.source.name, channel=feed.get_channel_display())


def _tried(request: HttpRequest, desk: Desk, trial: Trial) -> HttpResponseBase:
    sources = list(Source.objects.filter(unit=desk.unit).order_by("name", "pk"))
    same = next((source for source in sources if host_of(source.homepage) == host_of(trial.url)), None)
    document = trial.document
    form = UseForm(
        unit=desk.unit,
        sources=[(source.pk, source.name) for source in sources],
        initial={
            "url": trial.url,
            "source": str(same.pk) if same else NEW,
            "channel": likely_channel(document.title if document else "", trial.url),
            "name": document.title[:200] if document and same is None else "",
            "homepage": home_of(trial.url, document)[:500] if same is None else "",
        },
    )
    known = {route.category: route.channel for route in routes_of(same)} if same else {}
    context = _trial_context(trial) | {"form": form, "rows": category_rows(trial, known)}
    return render_desk(request, desk, "console/sources/tried.html", context, page=PAGE)


def _trial_context(trial: Trial) -> dict[str, Any]:
    return {"trial": trial, "items": tried_items(trial), "choices": route_choices(), "url": trial.url}


def _try_page(
    request: HttpRequest, desk: Desk, form: TryForm, *, trial: Trial | None = None, known: Feed | None = None
) -> HttpResponseBase:
    context = {"form": form, "trial": trial, "known": known}
    status = 422 if form.is_bound and form.errors else 200
    return render_desk(request, desk, "console/sources/new.html", context, page=PAGE, status=status)


# --- One source -------------------------------------------------------------------------------------------------------


@desk(Act.SOURCES)
@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, desk: Desk, source_id: int) -> HttpResponseBase:
    found = own_source(desk, source_id)
    form = SourceForm(
        request.POST if request.method == "POST" else None, initial={"name": found.name, "homepage": found.homepage}
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = change_source(unit=desk.unit, source=found, by=desk.by, **form.cleaned_data)
        except DomainError as error:
            form.add_error(_FIELDS.get(error.code, "homepage"), error.message)
        else:
            messages.success(request, phrases.SOURCE_SAVED.format(name=saved.name))
            return HttpResponseRedirect(reverse("console:source", args=[source_id]))
    now = clock.now()
    (state,) = source_states(desk.unit, now=now, source_id=source_id)
    rows = [CategoryRow(route.category, 0, route.channel or LEAVE_OUT) for route in routes_of(found)]
    context = {
        "source": found,
        "state": state,
        "cards": _cards(state, now),
        "rows": rows,
        "choices": route_choices(),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render_desk(request, desk, "console/sources/source.html", context, page=PAGE, status=status)


@desk(Act.SOURCES)
@require_POST
def routes(request: HttpRequest, desk: Desk, source_id: int) -> HttpResponseBase:
    """Where items of some categories stand."""
    found = own_source(desk, source_id)
    changed = set_routes(unit=desk.unit, source=found, routes=routes_in(request.POST), by=desk.by)
    messages.success(request, phrases.ROUTES_SAVED if changed else phrases.NOTHING_CHANGED)
    return HttpResponseRedirect(reverse("console:source", args=[source_id]))


@desk(Act.SOURCES)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, desk: Desk, source_id: int) -> HttpResponseBase:
    """A page of its own: what becomes of the items is a choice."""
    found = own_source(desk, source_id)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        remove_source(unit=desk.unit, source=found, keeps_items=form.keeps_items, by=desk.by)
        messages.success(request, phrases.SOURCE_REMOVED.format(name=found.name))
        return HttpResponseRedirect(reverse("console:sources"))
    (state,) = source_states(desk.unit, now=clock.now(), source_id=source_id)
    context = {"source": found, "state": state, "form": form, "back": reverse("console:source", args=[source_id])}
    status = 422 if form.is_bound else 200
    return render_desk(request, desk, "console/sources/remove.html", context, page=PAGE, status=status)


def own_source(desk: Desk, source_id: int) -> Source:
    found = Source.objects.filter(unit=desk.unit, pk=source_id).first()
    if found is None:
        raise Http404
    return found


def _choices(desk: Desk) -> list[tuple[int, str]]:
    return list(Source.objects.filter(unit=desk.unit).order_by("name", "pk").values_list("pk", "name"))
