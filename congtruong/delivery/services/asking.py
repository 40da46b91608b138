"""What an authority asks of every unit that something is meant for. The caller has entered the authority's scope."""

from datetime import datetime
from typing import Any

from django.db import transaction

from congtruong.core import audit, clock
from congtruong.delivery import errors
from congtruong.delivery.enums import Asks
from congtruong.delivery.models import Request
from congtruong.publication.enums import EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.registry import keeps_visible
from congtruong.units.models import Unit


@transaction.atomic
def ask(
    *,
    unit: Unit,
    kind: str,
    object_id: int,
    asks: str,
    due_at: datetime | None,
    by: str,
    again: bool = False,
    was_planned: bool = False,
) -> Request:
    """Ask the units that something is meant for to confirm or to answer by a time, or change what is asked.

    The same twice changes nothing. With `again`, what was confirmed before now counts no more: the text has changed.
    Raises `NotSent`, `AsksMissing`, and `DueInPast` for a new term that is over, unless it `was_planned` with a
    publication that came late.
    """
    now = clock.now()
    entry = Entry.objects.filter(unit=unit, kind=kind, object_id=object_id, is_primary=True, is_broadcast=True).first()
    if entry is None:
        raise errors.NotSent
    if asks not in Asks.values:
        raise errors.AsksMissing
    before = Request.objects.select_for_update().filter(unit=unit, kind=kind, object_id=object_id).first()
    is_new_term = before is None or before.due_at != due_at
    if due_at is not None and due_at <= now and is_new_term and not was_planned:
        raise errors.DueInPast
    if before is not None and not again and (before.asks, before.due_at) == (asks, due_at):
        return before
    event = "made" if before is None else "repeated" if again else "changed"
    request = before or Request(unit=unit, kind=kind, object_id=object_id)
    if before is None or again:
        request.asked_at = now
    request.asks, request.due_at, request.asked_by = asks, due_at, by[:200]
    request.save()
    _record(event, unit, entry.title, by, kind, object_id, asks=asks, due_at=due_at.isoformat() if due_at else "")
    return request


@transaction.atomic
def stop_asking(*, unit: Unit, kind: str, object_id: int, by: str) -> bool:
    """Ask for nothing any more; what units confirmed is kept. Returns whether anything had been asked."""
    gone, _ = Request.objects.filter(unit=unit, kind=kind, object_id=object_id).delete()
    if gone:
        entry = Entry.objects.filter(unit=unit, kind=kind, object_id=object_id, is_primary=True).first()
        _record("ended", unit, entry.title if entry is not None else "", by, kind, object_id)
    return bool(gone)


@keeps_visible
def is_asked(owner_id: int, kind: EntryKind, object_id: int) -> bool:
    """Nobody hides what demands an answer of him."""
    return Request.objects.filter(unit=owner_id, kind=kind, object_id=object_id).exists()


def _record(event: str, unit: Unit, title: str, by: str, kind: str, object_id: int, **detail: Any) -> None:
    audit.record(
        f"delivery.request.{event}", unit_id=unit.pk, subject=title, by=by, kind=kind, object_id=object_id, **detail
    )
