"""Từ cấp trên: what the authorities above published for this unit, and what the unit does about it."""

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.blocks.delivery import InboxRow, inbox_row, place_of
from congtruong.console.forms.delivery import HideForm, InboxForm, ReplyForm
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.core.errors import DomainError
from congtruong.delivery.enums import Asks
from congtruong.delivery.queries import Received, inbox, inbox_counts, inbox_total, received
from congtruong.delivery.services import confirm, note_seen, reply
from congtruong.media.queries import public_file
from congtruong.portal.blocks.calendar import calendar_of
from congtruong.portal.blocks.cards import picture_of
from congtruong.portal.blocks.paging import Pages
from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.publication.services import as_sent, hide_here, pin_here
from congtruong.units.rules.duties import Act

_PAGE = "inbox"
_ON_A_PAGE = 20
# Where an address within a text begins: after a quotation mark, or after the comma of a srcset.
_PORTAL_FILE = re.compile(r'(?<=["\s])/tep/(?=[\w-]+/)')
_INLINE = ("image/webp", "image/avif", "application/pdf")


@desk(Act.RECEIVE)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What came, newest first; what waits for the unit, the most urgent first."""
    asked, now = InboxForm(request.GET).good(), clock.now()
    only, channel = asked["loc"] or None, Channel(asked["muc"]) if asked["muc"] else None
    total = inbox_total(desk.unit, now=now, only=only, channel=channel)
    query = urlencode([(name, asked[name]) for name in ("loc", "muc") if asked[name]])
    pages = Pages(asked["trang"], total, reverse("console:inbox") + "?", query, size=_ON_A_PAGE)
    if not pages.exists:
        pages = Pages(1, total, pages.base, query, size=_ON_A_PAGE)
    found = inbox(desk.unit, now=now, only=only, channel=channel, limit=_ON_A_PAGE, offset=pages.offset)
    context = {
        "rows": [inbox_row(each, now) for each in found],
        "pages": pages,
        "chosen": asked,
        "is_narrowed": bool(query),
        "channels": [(each.value, each.label) for each in FEED_CHANNELS],
        "chips": _chips(desk, asked["loc"]),
        "place": place_of(desk.unit),
    }
    return render_desk(request, desk, "console/delivery/inbox.html", context, page=_PAGE)


@desk(Act.RECEIVE)
@require_GET
def item(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """One of them in full; opening it is what "đã đọc" means.

    Noted here and not by a script, so that it also holds in a browser without one. Only the first reading of the unit
    is written: asking again changes nothing, and what a browser fetches ahead of a person is no reading.
    """
    found = _found(desk, entry_id)
    if not found.is_seen and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        note_seen(unit=desk.unit, entry=found.entry, person=desk.person)
        found = _found(desk, entry_id)
    return _item_page(request, desk, found)


@desk(Act.RECEIVE)
@require_POST
def confirm_read(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """One tap: the unit took note."""
    found = _found(desk, entry_id)
    try:
        confirm(unit=desk.unit, entry=found.entry, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, phrases.CONFIRMED.format(title=found.entry.title))
    return _to_item(entry_id)


@desk(Act.RECEIVE)
@require_POST
def answer(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """Whether somebody of the unit comes."""
    found = _found(desk, entry_id)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _item_page(request, desk, found, form=form)
    said = form.cleaned_data
    try:
        reply(
            unit=desk.unit,
            entry=found.entry,
            answer=said["answer"],
            people=form.people_coming,
            note=said["note"],
            by=desk.by,
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _item_page(request, desk, found, form=form)
    messages.success(request, phrases.ANSWERED.format(title=found.entry.title))
    return _to_item(entry_id)


@desk(Act.RECEIVE)
@require_POST
def pin(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """First of its channel on this unit's portal, on no other."""
    found = _found(desk, entry_id)
    try:
        pin_here(unit=desk.unit, entry=found.entry, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, phrases.PINNED_HERE)
    return _to_item(entry_id)


@desk(Act.RECEIVE)
@require_http_methods(["GET", "POST"])
def hide(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """A page of its own, because the authority reads the reason."""
    found = _found(desk, entry_id)
    form, problem = HideForm(request.POST or None), ""
    if request.method == "POST":
        try:
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            hide_here(unit=desk.unit, entry=found.entry, reason=reason, by=desk.by)
        except DomainError as error:
            problem = error.message
        else:
            messages.success(request, phrases.HIDDEN_HERE)
            return _to_item(entry_id)
    context = {"entry": found.entry, "form": form, "problem": problem, "place": place_of(desk.unit)}
    status = 422 if problem else 200
    return render_desk(request, desk, "console/delivery/inbox_hide.html", context, page=_PAGE, status=status)


@desk(Act.RECEIVE)
@require_POST
def show_as_sent(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """Neither pinned nor hidden."""
    found = _found(desk, entry_id)
    as_sent(unit=desk.unit, entry=found.entry, by=desk.by)
    messages.success(request, phrases.AS_SENT_HERE)
    return _to_item(entry_id)


@desk(Act.RECEIVE)
@require_GET
def calendar(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """An invitation for a calendar."""
    entry = _found(desk, entry_id).entry
    if entry.starts_at is None:
        raise Http404
    address = absolute(desk.host, f"/nguon/{entry.content_id}/{entry.slug}/")
    body = calendar_of(entry, address, uid=f"{entry.kind}-{entry.object_id}@{desk.host}")
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{entry.slug}.ics"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


@desk(Act.RECEIVE)
@require_GET
def file(request: HttpRequest, desk: Desk, key: str, name: str) -> HttpResponseBase:
    """A public file of an authority above; only images and PDF are shown in the browser."""
    found = public_file(unit=desk.unit, key=key, name=name)
    if found is None or not default_storage.exists(found.path):
        raise Http404
    response = FileResponse(
        default_storage.open(found.path),
        filename=found.name,
        as_attachment=found.content_type not in _INLINE,
        content_type=found.content_type,
    )
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def _found(desk: Desk, entry_id: int) -> Received:
    """What came to this unit; what came to others does not exist here."""
    found = received(desk.unit, entry_id)
    if found is None:
        raise Http404
    return found


def _item_page(request: HttpRequest, desk: Desk, found: Received, *, form: ReplyForm | None = None) -> HttpResponseBase:
    entry, row, now = found.entry, inbox_row(found, clock.now()), clock.now()
    # Read through the console, which also stands on the central host, where the portal's files do not answer.
    prefix = reverse("console:inbox") + "tai-ve/"
    picture = picture_of(entry)
    receipt = found.receipt
    before = {"answer": receipt.answer, "people": receipt.people, "note": receipt.note} if receipt else {}
    context: dict[str, Any] = {
        "row": row,
        "entry": entry,
        "body": _PORTAL_FILE.sub(prefix, entry.body),
        "picture_src": picture.src.replace("/tep/", prefix) if picture is not None else "",
        "picture": picture,
        "files": [{**each, "url": f"{prefix}{each['key']}/{each['name']}"} for each in entry.files],
        "portal_url": "" if row.is_hidden else absolute(desk.host, found.path),
        "form": form or ReplyForm(initial=before),
        "may_reply": found.may_reply(now),
        "asks_reply": _asks_reply(row),
        "place": place_of(desk.unit),
    }
    status = 422 if form is not None else 200
    return render_desk(request, desk, "console/delivery/inbox_item.html", context, page=_PAGE, status=status)


def _asks_reply(row: InboxRow) -> bool:
    """An invitation to a known time may be answered also when nobody asked for it."""
    request, entry = row.received.request, row.received.entry
    if request is not None:
        return request.asks == Asks.REPLY
    return row.received.is_invitation and entry.starts_at is not None


def _chips(desk: Desk, shown: str) -> list[dict[str, Any]]:
    """The three lists: label, address, how many are in them, whether it is the present one."""
    counts, base = inbox_counts(desk.unit, clock.now()), reverse("console:inbox")
    words = (
        ("", "Tất cả", None),
        ("can-xac-nhan", "Cần xác nhận", counts.to_confirm),
        ("chua-doc", "Chưa đọc", counts.unread),
    )
    return [
        {"label": label, "count": count, "url": f"{base}?loc={name}" if name else base, "is_current": name == shown}
        for name, label, count in words
    ]


def _to_item(entry_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:inbox-item", args=(entry_id,)))
