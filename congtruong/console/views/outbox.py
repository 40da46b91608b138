"""Đã gửi đơn vị: what an authority published for the units below, and what became of it there."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from congtruong.console import phrases
from congtruong.console.blocks.delivery import (
    BoardRow,
    board_row,
    deadline,
    due_of,
    outbox_row,
    progress_of,
    sent_badge,
)
from congtruong.console.blocks.spreadsheet import CSV_MARK, XLSX_TYPE, csv_row, xlsx
from congtruong.console.forms.delivery import AskForm, BoardForm, OutboxForm
from congtruong.console.queries import wards_addressed
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.core.errors import DomainError
from congtruong.core.templatetags.vi import vn_time
from congtruong.delivery.enums import Answer, Asks
from congtruong.delivery.errors import DueInPast
from congtruong.delivery.queries import Board, board, request_of, sent, sent_entry, sent_total
from congtruong.delivery.services import ask, stop_asking
from congtruong.portal.blocks.cards import address_on
from congtruong.portal.blocks.paging import Pages
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries import targets_of
from congtruong.units.enums import LEVEL_NAMES, Level
from congtruong.units.queries import canonical_hosts
from congtruong.units.rules.duties import Act

_PAGE = "outbox"
_ON_A_PAGE, _ON_A_BOARD = 20, 50
# More units than any authority has.
_ALL = 100_000
_NAMED = 6
_WAITING, _EVERY = "chua-xac-nhan", "tat-ca"
_HEAD = (
    "Đơn vị",
    "Phường, xã",
    "Tình trạng",
    "Xác nhận lúc",
    "Người xác nhận",
    "Trả lời",
    "Số người",
    "Ghi chú",
    "Mở xem lúc",
    "Trên cổng của đơn vị từ",
    "Lý do ẩn",
)


@desk(Act.FOLLOW)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Everything that stands on the portals below, newest first."""
    _authority(desk)
    now, total = clock.now(), sent_total(desk.unit)
    base = reverse("console:outbox") + "?"
    pages = Pages(OutboxForm(request.GET).good()["trang"], total, base, size=_ON_A_PAGE)
    if not pages.exists:
        pages = Pages(1, total, base, size=_ON_A_PAGE)
    found = sent(desk.unit, limit=_ON_A_PAGE, offset=pages.offset)
    context = {
        "rows": [outbox_row(each, now) for each in found],
        "pages": pages,
        "can_write": desk.can(Act.WRITE),
    }
    return render_desk(request, desk, "console/delivery/outbox.html", context, page=_PAGE)


@desk(Act.FOLLOW)
@require_GET
def board_page(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """Every unit that something was sent to, and what it did."""
    return _board(request, desk, _entry(desk, entry_id))


@desk(Act.FOLLOW)
@require_GET
def export(request: HttpRequest, desk: Desk, entry_id: int, form: str) -> HttpResponseBase:
    """What the board shows with its filter, all of it, as a file that spreadsheets open."""
    entry, asked = _entry(desk, entry_id), BoardForm(request.GET).good()
    found = board(
        desk.unit,
        entry,
        now=clock.now(),
        only=_only(entry, asked["loc"]),
        words=asked["q"],
        ward_id=asked["phuong"] or None,
        limit=_ALL,
    )
    cells = [_cells(row) for row in _rows(found)]
    if form == "csv":
        body: str | bytes = CSV_MARK + csv_row(_HEAD) + "".join(map(csv_row, cells))
        response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx("Các đơn vị", _HEAD, cells), content_type=XLSX_TYPE)
    name = f"don-vi-{entry.slug[:60]}-{clock.today():%Y%m%d}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


@desk(Act.SEND)
@require_POST
def ask_units(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """Demand that the units confirm or reply, put the deadline elsewhere, or have all of them confirm again."""
    entry = _entry(desk, entry_id)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _board(request, desk, entry, form=form)
    wanted = form.cleaned_data
    try:
        ask(
            unit=desk.unit,
            kind=entry.kind,
            object_id=entry.object_id,
            asks=wanted["asks"],
            due_at=wanted["due_at"],
            by=desk.by,
            again=wanted["again"],
        )
    except DomainError as error:
        form.add_error("due_at" if isinstance(error, DueInPast) else None, error.message)
        return _board(request, desk, entry, form=form)
    messages.success(request, phrases.ASKED_AGAIN if wanted["again"] else phrases.ASKED)
    return _to_board(entry_id)


@desk(Act.SEND)
@require_POST
def stop(request: HttpRequest, desk: Desk, entry_id: int) -> HttpResponseBase:
    """Demand nothing any more; what the units did stays known."""
    entry = _entry(desk, entry_id)
    stop_asking(unit=desk.unit, kind=entry.kind, object_id=entry.object_id, by=desk.by)
    messages.success(request, phrases.ASKING_STOPPED)
    return _to_board(entry_id)


def _authority(desk: Desk) -> None:
    """Only authorities send; of a school there is no such page."""
    if not desk.unit.is_authority:
        raise Http404


def _entry(desk: Desk, entry_id: int) -> Entry:
    _authority(desk)
    entry = sent_entry(desk.unit, entry_id)
    if entry is None:
        raise Http404
    return entry


def _board(request: HttpRequest, desk: Desk, entry: Entry, *, form: AskForm | None = None) -> HttpResponseBase:
    asked, now = BoardForm(request.GET).good(), clock.now()
    only, words, ward_id = _only(entry, asked["loc"]), asked["q"], asked["phuong"] or None
    offset = (asked["trang"] - 1) * _ON_A_BOARD
    found = board(desk.unit, entry, now=now, only=only, words=words, ward_id=ward_id, limit=_ON_A_BOARD, offset=offset)
    address = reverse("console:outbox-board", args=(entry.content_id,))
    query = urlencode([(name, asked[name]) for name in ("loc", "q", "phuong") if asked[name]])
    pages = Pages(asked["trang"], found.total, address + "?", query, size=_ON_A_BOARD)
    if not pages.exists:
        raise Http404
    counts, demanded = found.counts, found.counts.request
    asks = demanded.asks if demanded is not None else ""
    is_invitation = entry.channel == Channel.INVITATION and entry.starts_at is not None
    initial = {
        "asks": asks or (Asks.REPLY if is_invitation else Asks.READING),
        "due_at": deadline(demanded.due_at) if demanded is not None else None,
    }
    context: dict[str, Any] = {
        "entry": entry,
        "channel": Channel(entry.channel).label,
        "portal_url": absolute(desk.host, address_on(desk.unit, entry)),
        "to_whom": _to_whom(entry),
        "counts": counts,
        "asks": asks,
        "is_invitation": is_invitation,
        "progress": progress_of(counts),
        "badge": sent_badge(counts, now),
        "due": due_of(demanded),
        "figures": _figures(found),
        "chips": _chips(found, address, only),
        "chosen": asked,
        "wards": wards_addressed(entry, clock.day_of(now)),
        "is_narrowed": bool(only or words or ward_id),
        "is_done": only == _WAITING and not words and ward_id is None,
        "rows": _rows(found),
        "pages": pages,
        "exports": [
            (label, reverse("console:outbox-export", args=(entry.content_id, form)) + (f"?{query}" if query else ""))
            for label, form in (("Tải về Excel", "xlsx"), ("Tải về CSV", "csv"))
        ],
        "can_send": desk.can(Act.SEND),
        "form": form or AskForm(initial=initial),
    }
    status = 422 if form is not None else 200
    return render_desk(request, desk, "console/delivery/board.html", context, page=_PAGE, status=status)


def _only(entry: Entry, shown: str) -> str | None:
    """Which of the units; those that did not answer unless others are asked for."""
    if shown:
        return None if shown == _EVERY else str(shown)
    return _WAITING if request_of(entry) is not None else None


def _rows(found: Board) -> list[BoardRow]:
    hosts = canonical_hosts([row.unit.pk for row in found.rows])
    now = clock.now()
    return [board_row(row, found.counts.request, now, has_portal=row.unit.pk in hosts) for row in found.rows]


def _to_whom(entry: Entry) -> str:
    """Whom it was meant for, in words."""
    targets = targets_of(entry)
    named = [target.display_short for target in targets[:_NAMED]]
    if len(targets) > _NAMED:
        named.append(f"{len(targets) - _NAMED} nơi khác")
    levels = [LEVEL_NAMES[level] for level in Level if entry.levels & level]
    whom = ", ".join(named) or "tất cả đơn vị bên dưới"
    return f"{whom}; cấp học: {', '.join(levels)}" if levels else whom


def _figures(found: Board) -> list[tuple[str, int]]:
    counts = found.counts
    made = [("đơn vị nhận", counts.addressed), ("đơn vị đã mở xem", counts.seen)]
    if counts.request is not None and counts.request.asks == Asks.REPLY:
        made += [("đơn vị có mặt", counts.yes), ("người dự", counts.people)]
    elif counts.request is not None:
        made += [("đã xác nhận", counts.confirmed), ("chưa xác nhận", counts.waiting)]
    return [*made, ("đang ẩn khỏi cổng", counts.hidden)] if counts.hidden else made


def _chips(found: Board, address: str, only: str | None) -> list[dict[str, Any]]:
    """Lists of the board, the one with work in it first."""
    counts = found.counts
    words: list[tuple[str, str, int]] = []
    if counts.request is not None and counts.request.asks == Asks.REPLY:
        words += [
            (_WAITING, "Chưa trả lời", counts.waiting),
            (Answer.YES, "Có mặt", counts.yes),
            (Answer.NO, "Không dự được", counts.no),
        ]
    elif counts.request is not None:
        words += [
            (_WAITING, "Chưa xác nhận", counts.waiting),
            ("da-xac-nhan", "Đã xác nhận", counts.confirmed),
        ]
    words += [(_EVERY, "Tất cả", counts.addressed), ("chua-xem", "Chưa mở xem", counts.addressed - counts.seen)]
    if counts.hidden:
        words.append(("da-an", "Đang ẩn", counts.hidden))
    return [
        {
            "label": label,
            "count": count,
            "url": f"{address}?loc={name}",
            "is_current": name == (only or _EVERY),
        }
        for name, label, count in words
    ]


def _cells(shown: BoardRow) -> list[str]:
    row = shown.row
    return [
        row.unit.name,
        shown.ward,
        shown.badge.word,
        vn_time(row.confirmed_at),
        row.confirmed_by,
        Answer(row.answer).label if row.answer else "",
        str(row.people or ""),
        row.note,
        vn_time(row.seen_at),
        vn_time(row.since),
        row.hidden_reason,
    ]


def _to_board(entry_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:outbox-board", args=(entry_id,)))
