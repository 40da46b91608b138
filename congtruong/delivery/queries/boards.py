"""One thing an authority sent, unit by unit: since when it stands there, who opened and confirmed it.

The caller has entered the authority's scope. Receipts and hidings are read as their owner.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet

from congtruong.core import clock
from congtruong.core.text import fold
from congtruong.delivery.enums import Answer, Asks
from congtruong.delivery.models import Receipt, Request
from congtruong.delivery.queries.outbox import Sent, with_counts
from congtruong.delivery.rules import is_fulfilled, is_updated
from congtruong.publication.models import Entry, Hiding, Target
from congtruong.publication.queries import addressed
from congtruong.units.models import Reach, Unit
from congtruong.units.queries import in_force


@dataclass(frozen=True, slots=True)
class Row:
    """What one unit did.

    `since` is the moment from which it has certainly stood on the unit's portal without a break: the latest of when it
    first came onto the portals, when it was opened to more units than before or to this one by name, when the unit came
    below the authority, and when the unit stopped hiding it; None while it is hidden. It follows from what is stored,
    nobody looked at the page; where a unit was put below the authority with a day in the past, it says too early.
    """

    unit: Unit
    since: datetime | None
    hidden_reason: str
    hidden_at: datetime | None
    seen_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    is_confirmed: bool
    is_updated: bool
    answer: str
    people: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Board:
    """A page of rows by name of unit; `counts` tells of all units it is meant for, `total` of those asked for."""

    rows: list[Row]
    counts: Sent
    total: int


def board(
    authority: Unit,
    entry: Entry,
    *,
    now: datetime,
    only: str | None = None,
    words: str = "",
    ward_id: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Board:
    """Who did what with `entry`, which `sent_entry` found; at most eight queries for any number of units.

    `only` is one of `FILTERS`; `words` are in the unit's name, with or without diacritics.
    """
    day = clock.day_of(now)
    (counts,) = with_counts(authority, [entry], day)
    units = addressed(entry, day)
    if only is not None:
        units = FILTERS[only](units, entry, counts.request)
    for word in fold(words).split():
        units = units.filter(search_name__contains=word)
    if ward_id is not None:
        units = units.filter(ward_id=ward_id)
    listed = list(units.select_related("ward", "old_ward").order_by("search_name", "pk")[offset : offset + limit])
    return Board(_rows(entry, counts.request, listed), counts, units.count())


def _receipts(entry: Entry) -> QuerySet[Receipt]:
    mine = Receipt.of_owner.filter(owner=entry.unit_id, kind=entry.kind, object_id=entry.object_id)
    return mine.filter(unit=OuterRef("pk"))


def _fulfilled(entry: Entry, request: Request | None) -> Exists:
    if request is None:
        return Exists(_receipts(entry).filter(confirmed_at__isnull=False))
    name = "answered_at" if request.asks == Asks.REPLY else "confirmed_at"
    return Exists(_receipts(entry).filter(**{f"{name}__gte": request.asked_at}))


def _answered(entry: Entry, request: Request | None, answer: Answer) -> Exists:
    rows = _receipts(entry).filter(answer=answer)
    return Exists(rows.filter(answered_at__gte=request.asked_at) if request is not None else rows)


def _hidden(entry: Entry) -> Exists:
    hidings = Hiding.of_owner.filter(owner=entry.unit_id, kind=entry.kind, object_id=entry.object_id, ended_at=None)
    return Exists(hidings.filter(unit=OuterRef("pk")))


Narrow = Callable[[QuerySet[Unit], Entry, Request | None], QuerySet[Unit]]
FILTERS: dict[str, Narrow] = {
    "chua-xac-nhan": lambda units, entry, request: units.filter(~Q(_fulfilled(entry, request))),
    "da-xac-nhan": lambda units, entry, request: units.filter(_fulfilled(entry, request)),
    "chua-xem": lambda units, entry, _: units.filter(~Q(Exists(_receipts(entry).filter(seen_at__isnull=False)))),
    "da-an": lambda units, entry, _: units.filter(_hidden(entry)),
    "co": lambda units, entry, request: units.filter(_answered(entry, request, Answer.YES)),
    "khong": lambda units, entry, request: units.filter(_answered(entry, request, Answer.NO)),
}


def _rows(entry: Entry, request: Request | None, units: Sequence[Unit]) -> list[Row]:
    """Three queries, one more for what is meant for certain units."""
    of_this = {"owner": entry.unit_id, "kind": entry.kind, "object_id": entry.object_id, "unit__in": units}
    receipts = {row.unit_id: row for row in Receipt.of_owner.filter(**of_this)}
    hidings: dict[int, list[Hiding]] = {}
    for hiding in Hiding.of_owner.filter(**of_this).order_by("hidden_at"):
        hidings.setdefault(hiding.unit_id, []).append(hiding)
    since = _since(entry, units)
    return [
        _row(entry, request, unit, receipts.get(unit.pk), hidings.get(unit.pk, []), since[unit.pk]) for unit in units
    ]


def _row(
    entry: Entry,
    request: Request | None,
    unit: Unit,
    receipt: Receipt | None,
    hidings: Sequence[Hiding],
    since: datetime,
) -> Row:
    receipt = receipt or Receipt()
    hidden = next((hiding for hiding in hidings if hiding.ended_at is None), None)
    shown_again = [hiding.ended_at for hiding in hidings if hiding.ended_at is not None]
    done = {"confirmed_at": receipt.confirmed_at, "answered_at": receipt.answered_at}
    return Row(
        unit=unit,
        since=None if hidden is not None else max([since, *shown_again]),
        hidden_reason=hidden.reason if hidden is not None else "",
        hidden_at=hidden.hidden_at if hidden is not None else None,
        seen_at=receipt.seen_at,
        confirmed_at=receipt.confirmed_at,
        confirmed_by=receipt.confirmed_by,
        is_confirmed=(
            is_fulfilled(request.asks, request.asked_at, **done)
            if request is not None
            else receipt.confirmed_at is not None
        ),
        is_updated=is_updated(confirmed_at=receipt.confirmed_at, changed_at=entry.changed_at, shown_at=entry.shown_at),
        answer=receipt.answer,
        people=receipt.people,
        note=receipt.note,
    )


def _since(entry: Entry, units: Sequence[Unit]) -> dict[int, datetime]:
    """Since when each of these may have shown it, whatever it hid; one or two queries."""
    came = max(moment for moment in (entry.shown_at or entry.published_at, entry.widened_at) if moment is not None)
    named = dict(
        Target.objects.filter(kind=entry.kind, object_id=entry.object_id).values_list("target_id", "made_at")
        if entry.is_targeted
        else ()
    )
    below: dict[int, date] = {}
    meant: dict[int, datetime] = {unit.pk: named[unit.pk] for unit in units if unit.pk in named}
    reached = Reach.objects.filter(in_force(entry.published_on), unit__in=units)
    over = reached.filter(authority__in=[entry.unit_id, *named]).values_list("unit_id", "authority_id", "from_on")
    for unit_id, authority_id, from_on in over:
        if authority_id == entry.unit_id:
            below[unit_id] = min(from_on, below.get(unit_id, from_on))
        if authority_id in named:
            meant[unit_id] = min(named[authority_id], meant.get(unit_id, named[authority_id]))
    moments = {unit.pk: [came, _beginning(below[unit.pk])] for unit in units}
    return {pk: max([*found, *([meant[pk]] if pk in meant else [])]) for pk, found in moments.items()}


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.VIETNAM)
