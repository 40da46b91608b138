"""What the unit's sources published: the list, one item with origin and history, taking it down, bringing it back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.blocks.items import FACTS, facts, file_lines, look, picture_lines, rows
from congtruong.console.blocks.posts import for_staff
from congtruong.console.forms.items import CHANNELS, ItemChannelForm, ItemReasonForm, ItemsForm
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core.addresses import absolute
from congtruong.core.errors import DomainError
from congtruong.core.text import shorten
from congtruong.editorial.pipeline.compare import compare_facts, compare_html
from congtruong.feeds import services
from congtruong.feeds.models import Item
from congtruong.feeds.queries.items import (
    STATES,
    channels_of,
    item_of,
    items,
    pictures_of,
    publishers,
    revisions_of,
    sightings_of,
    sources,
    text_shown,
    versions,
)
from congtruong.feeds.rules.pictures import with_own
from congtruong.portal.blocks.cards import address_on
from congtruong.portal.blocks.paging import Pages
from congtruong.publication.enums import Channel
from congtruong.units.rules.duties import Act

_PAGE = "items"
_ON_A_PAGE = 30
_MOST_REVISIONS = 50


@desk(Act.SOURCES)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Every item of the unit's sources, narrowed by what was asked for."""
    asked = ItemsForm(request.GET).good()
    found = items(desk.unit, q=asked["q"], source=asked["nguon"], channel=asked["muc"] or "", state=asked["tt"] or "")
    query = urlencode([(name, value) for name, value in asked.items() if value and name != "trang"])
    base = reverse("console:items") + "?"
    pages = Pages(asked["trang"], found.count(), base, query, size=_ON_A_PAGE)
    if not pages.exists:
        pages = Pages(1, pages.total, base, query, size=_ON_A_PAGE)
    known = sources(desk.unit)
    context = {
        "rows": rows(list(found[pages.offset : pages.offset + _ON_A_PAGE])),
        "pages": pages,
        "chosen": asked,
        "is_narrowed": bool(query),
        "sources": known,
        "channels": CHANNELS,
        "states": STATES,
    }
    return render_desk(request, desk, "console/items/list.html", context, page=_PAGE)


@desk(Act.SOURCES)
@require_GET
def one(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """How it stands on the portals, where it came from, what it said before."""
    item = _item(desk, item_id)
    entry, pictures = text_shown(item), pictures_of(item)
    assets = {row.asset.pk: row.asset for _, row in ((p.url, p.picture) for p in pictures) if row and row.asset}
    others = publishers(desk.unit, item.pk, item.unit_id)
    context = {
        "item": item,
        "look": look(item),
        "entry": entry,
        "body": for_staff(entry.body, assets) if entry is not None else with_own(item.content, {}),
        "address": absolute(desk.host, address_on(desk.unit, entry)) if entry is not None else "",
        "channels": [channel.label for channel in channels_of([item.pk]).get(item.pk, ())],
        "sightings": [(seen, Channel(seen.channel).label, _key(seen.key)) for seen in sightings_of(item)],
        "revisions": list(revisions_of(item)[:_MOST_REVISIONS]),
        "pictures": picture_lines(pictures),
        "files": file_lines(item),
        "original": others.original,
        "choices": CHANNELS,
    }
    return render_desk(request, desk, "console/items/item.html", context, page=_PAGE)


@desk(Act.SOURCES)
@require_http_methods(["GET", "POST"])
def take_down(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """Off every portal, with a reason."""
    item = _item(desk, item_id)
    if item.withdrawn_at is not None:
        return _to(item)
    return _with_reason(request, desk, item, is_back=False)


@desk(Act.SOURCES)
@require_http_methods(["GET", "POST"])
def bring_back(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """On the portals again, with a reason."""
    item = _item(desk, item_id)
    if item.withdrawn_at is None:
        return _to(item)
    return _with_reason(request, desk, item, is_back=True)


@desk(Act.SOURCES)
@require_POST
def move(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """To another channel, whatever the feeds say."""
    item = _item(desk, item_id)
    form = ItemChannelForm(request.POST)
    if not form.is_valid():
        messages.warning(request, phrases.CHOOSE_AGAIN)
        return _to(item)
    chosen = form.cleaned_data["channel"]
    try:
        services.choose_channel(item=item, channel=Channel(chosen) if chosen else None, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, phrases.ITEM_MOVED.format(title=_short(item)))
    return _to(item)


@desk(Act.SOURCES)
@require_GET
def compare(request: HttpRequest, desk: Desk, item_id: int, number: int) -> HttpResponseBase:
    """A former text beside the one that took its place."""
    item = _item(desk, item_id)
    found = versions(item, number)
    if found is None:
        raise Http404
    old, later = found
    new = later or item
    context = {
        "item": item,
        "old": old,
        "new": later,
        "changes": compare_html(old.content, new.content),
        "facts": compare_facts(facts(old), facts(new), FACTS),
    }
    return render_desk(request, desk, "console/items/compare.html", context, page=_PAGE)


def _with_reason(request: HttpRequest, desk: Desk, item: Item, *, is_back: bool) -> HttpResponseBase:
    form = ItemReasonForm(request.POST or None)
    problem = ""
    if request.method == "POST":
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        problem = "" if reason else _problem(form)
        if reason:
            act = services.restore_item if is_back else services.withdraw_item
            act(item=item, reason=reason, by=desk.by)
            done = phrases.ITEM_RESTORED if is_back else phrases.ITEM_WITHDRAWN
            messages.success(request, done.format(title=_short(item)))
            return _to(item)
    context = {"item": item, "form": form, "problem": problem, "is_back": is_back}
    return render_desk(request, desk, "console/items/reason.html", context, page=_PAGE, status=422 if problem else 200)


def _problem(form: ItemReasonForm) -> str:
    return phrases.TOO_LONG.format(most=500) if form.has_error("reason", "max_length") else phrases.ITEM_REASON_NEEDED


def _item(desk: Desk, item_id: int) -> Item:
    found = item_of(desk.unit, item_id)
    if found is None:
        raise Http404
    return found


def _to(item: Item) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:item", args=(item.pk,)))


def _short(item: Item) -> str:
    return shorten(item.title, 80)


def _key(key: str) -> str:
    """The feed's own key for the item, or nothing when it gave none."""
    kind, _, text = key.partition(":")
    return text if kind == "g" else ""
