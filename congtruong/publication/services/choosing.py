"""What a unit does on its own portal with what authorities sent. The caller has entered the unit's scope."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from congtruong.core import audit, clock
from congtruong.core.text import squeeze
from congtruong.publication import errors
from congtruong.publication.enums import ChoiceAct, EntryKind
from congtruong.publication.models import Choice, Entry, Hiding
from congtruong.publication.queries.sources import is_sent_to
from congtruong.publication.registry import must_stay
from congtruong.units.models import Unit

# As many as a column of the home page holds.
MOST_PINS = 3


@transaction.atomic
def pin_here(*, unit: Unit, entry: Entry, by: str) -> Choice:
    """Put something from above first in its list and its column of the home page, on this portal only.

    Raises `NotFromAbove`, `TooManyPins`.
    """
    _require_sent(unit, entry)
    pinned = Choice.objects.filter(unit=unit, act=ChoiceAct.PIN, kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    others = Entry.objects.filter(Exists(pinned), channel=entry.channel).exclude(
        kind=entry.kind, object_id=entry.object_id
    )
    if others.count() >= MOST_PINS:
        raise errors.TooManyPins(MOST_PINS)
    _end_hiding(unit, entry, by)
    choice = _choose(unit, entry, ChoiceAct.PIN)
    _record("pinned", unit, entry, by)
    return choice


@transaction.atomic
def hide_here(*, unit: Unit, entry: Entry, reason: str, by: str) -> Choice:
    """Take something from above off this portal: its lists, search and page. The authority sees that, and why.

    Raises `HidingReasonMissing`, `NotFromAbove`, and `MustStay` for what demands an answer of the unit.
    """
    reason = squeeze(reason)[:500]
    if not reason:
        raise errors.HidingReasonMissing
    _require_sent(unit, entry)
    if must_stay(entry.unit_id, EntryKind(entry.kind), entry.object_id):
        raise errors.MustStay
    choice = _choose(unit, entry, ChoiceAct.HIDE)
    hidings = Hiding.objects.filter(unit=unit, kind=entry.kind, object_id=entry.object_id, ended_at=None)
    if not hidings.update(reason=reason):
        Hiding.objects.create(
            unit=unit,
            owner_id=entry.unit_id,
            kind=entry.kind,
            object_id=entry.object_id,
            reason=reason,
            hidden_at=choice.made_at,
            hidden_by=by[:200],
        )
    _record("hidden", unit, entry, by, reason=reason)
    return choice


@transaction.atomic
def as_sent(*, unit: Unit, entry: Entry, by: str) -> None:
    """Show something from above as every unit shows it; nothing happens to what already is."""
    _end_hiding(unit, entry, by)
    gone, _ = Choice.objects.filter(unit=unit, kind=entry.kind, object_id=entry.object_id).delete()
    if gone:
        _record("shown_as_sent", unit, entry, by)


def _require_sent(unit: Unit, entry: Entry) -> None:
    if not is_sent_to(unit, entry):
        raise errors.NotFromAbove


def _choose(unit: Unit, entry: Entry, act: ChoiceAct) -> Choice:
    choice, _ = Choice.objects.update_or_create(
        unit=unit, kind=entry.kind, object_id=entry.object_id, defaults={"act": act, "made_at": clock.now()}
    )
    return choice


def _end_hiding(unit: Unit, entry: Entry, by: str) -> None:
    open_ones = Hiding.objects.filter(unit=unit, kind=entry.kind, object_id=entry.object_id, ended_at=None)
    open_ones.update(ended_at=clock.now(), ended_by=by[:200])


def _record(event: str, unit: Unit, entry: Entry, by: str, **detail: Any) -> None:
    audit.record(
        f"publication.entry.{event}",
        unit_id=unit.pk,
        subject=entry.title,
        by=by,
        owner_id=entry.unit_id,
        kind=entry.kind,
        object_id=entry.object_id,
        **detail,
    )
