"""What a unit does with things from above. The caller has entered the unit's scope.

A confirmation cannot be taken back. An answer may be changed while there is time; the trail keeps every one.
"""

from typing import Any

from django.db import transaction

from congtruong.core import audit, clock
from congtruong.core.text import squeeze
from congtruong.delivery import errors
from congtruong.delivery.enums import Answer, Asks
from congtruong.delivery.models import Receipt, Request
from congtruong.delivery.rules import MOST_PEOPLE, counts, may_reply
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries.sources import is_sent_to
from congtruong.units.models import Unit, User


@transaction.atomic
def note_seen(*, unit: Unit, entry: Entry, person: User) -> Receipt:
    """Keep who of the unit first opened it, and when. Raises `NotAddressed`."""
    receipt = _receipt(unit, entry)
    if receipt.seen_at is None:
        receipt.seen_at, receipt.seen_by = clock.now(), str(person)[:200]
        receipt.save()
    return receipt


@transaction.atomic
def confirm(*, unit: Unit, entry: Entry, by: str) -> Receipt:
    """Confirm for the unit that it was read; twice is once, unless it was asked again. Raises `NotAddressed`."""
    receipt, request = _receipt(unit, entry), _request(entry)
    if counts(receipt.confirmed_at, request.asked_at if request is not None else None):
        return receipt
    before = receipt.confirmed_at
    _confirm(receipt, by)
    receipt.save()
    _record("confirmed", unit, entry, by, **({"before": before.isoformat()} if before is not None else {}))
    return receipt


@transaction.atomic
def reply(*, unit: Unit, entry: Entry, answer: str, people: int | None = None, note: str = "", by: str) -> Receipt:
    """Say whether the unit comes, with how many; that also confirms. The same twice changes nothing.

    Raises `NotAddressed`, `NothingToReply`, `AnswerMissing`, `PeopleInvalid`, or `TooLate` once the event begins or,
    for another answer than the one given, once the term is over.
    """
    receipt, request = _receipt(unit, entry), _request(entry)
    if entry.channel != Channel.INVITATION and (request is None or request.asks != Asks.REPLY):
        raise errors.NothingToReply
    if answer not in {Answer.YES, Answer.NO}:
        raise errors.AnswerMissing
    if people is not None and (answer == Answer.NO or not 1 <= people <= MOST_PEOPLE):
        raise errors.PeopleInvalid
    asked_at = request.asked_at if request is not None else None
    is_answered = counts(receipt.answered_at, asked_at)
    said = (answer, people, squeeze(note)[:500])
    before = (receipt.answer, receipt.people, receipt.note)
    if is_answered and said == before:
        return receipt
    due_at = request.due_at if request is not None else None
    if not may_reply(now=clock.now(), starts_at=entry.starts_at, due_at=due_at, is_answered=is_answered):
        raise errors.TooLate
    was_answered = receipt.answered_at is not None
    receipt.answer, receipt.people, receipt.note = said
    receipt.answered_at, receipt.answered_by = clock.now(), by[:200]
    if not counts(receipt.confirmed_at, asked_at):
        _confirm(receipt, by)
    receipt.save()
    detail = dict(zip(("answer", "people", "note"), said, strict=True))
    _record("answered", unit, entry, by, **detail, **({"before": list(before)} if was_answered else {}))
    return receipt


def _receipt(unit: Unit, entry: Entry) -> Receipt:
    """The unit's receipt, held against everybody else, or a new one."""
    if not is_sent_to(unit, entry):
        raise errors.NotAddressed
    # Made first, so that two people of the unit who act at once meet in one row.
    Receipt.objects.bulk_create(
        [Receipt(unit=unit, owner_id=entry.unit_id, kind=entry.kind, object_id=entry.object_id)],
        ignore_conflicts=True,
    )
    return Receipt.objects.select_for_update().get(unit=unit, kind=entry.kind, object_id=entry.object_id)


def _request(entry: Entry) -> Request | None:
    return Request.objects.filter(unit=entry.unit_id, kind=entry.kind, object_id=entry.object_id).first()


def _confirm(receipt: Receipt, by: str) -> None:
    now = clock.now()
    receipt.confirmed_at, receipt.confirmed_by = now, by[:200]
    if receipt.seen_at is None:
        receipt.seen_at, receipt.seen_by = now, by[:200]


def _record(event: str, unit: Unit, entry: Entry, by: str, **detail: Any) -> None:
    audit.record(
        f"delivery.receipt.{event}",
        unit_id=unit.pk,
        subject=entry.title,
        by=by,
        owner_id=entry.unit_id,
        kind=entry.kind,
        object_id=entry.object_id,
        **detail,
    )
