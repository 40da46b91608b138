"""Which published rows stand on a unit's portal: its own, and what authorities above it published meanwhile."""

from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from congtruong.core import clock
from congtruong.publication.enums import ChoiceAct
from congtruong.publication.models import Choice, Entry, Target
from congtruong.units.models import Reach, Unit
from congtruong.units.queries import in_force
from congtruong.units.rules.tree import Span, merge


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one owner; `span`, `levels` and `reader` narrow those of an authority seen from below.

    Without a `reader` nothing that is meant for certain units is found. `hides` and `pins` say that the reader chose
    so of anything at all: most units did not, and pay nothing for those that did.
    """

    unit_id: int
    span: Span | None = None
    levels: int = 0
    reader: int = 0
    hides: bool = False
    pins: bool = False

    @property
    def condition(self) -> Q:
        found = Q(unit_id=self.unit_id)
        if self.span is not None:
            found &= Q(is_broadcast=True, published_on__gte=self.span.from_on)
            if self.span.to_on is not None:
                found &= Q(published_on__lte=self.span.to_on)
            found &= ~Q(is_targeted=True) | Q(_is_meant_for(self.reader))
            if self.hides:
                found &= ~Q(Exists(_chosen(self.reader, ChoiceAct.HIDE)))
        return found


def own(unit: Unit) -> list[Source]:
    return [Source(unit.pk)]


def above(unit: Unit) -> list[Source]:
    """One source for each span in which an authority stood above the unit; one query."""
    chosen = Choice.objects.filter(unit=unit)
    hides, pins = (Exists(chosen.filter(act=act)) for act in (ChoiceAct.HIDE, ChoiceAct.PIN))
    reached = Reach.objects.filter(unit=unit)
    rows = list(reached.values_list("authority_id", "from_on", "to_on", hides, pins))
    spans: dict[int, list[Span]] = {}
    for authority_id, from_on, to_on, *_ in rows:
        spans.setdefault(authority_id, []).append(Span(from_on, to_on))
    return [
        Source(authority_id, span, unit.levels, unit.pk, hides=rows[0][3], pins=rows[0][4])
        for authority_id, found in spans.items()
        for span in merge(found)
    ]


def own_and_above(unit: Unit) -> list[Source]:
    return own(unit) + above(unit)


def sent_to(unit: Unit) -> list[Source]:
    """What authorities sent to the unit, whatever it chose to do with it; one query."""
    return [replace(source, hides=False, pins=False) for source in above(unit)]


def is_sent_to(unit: Unit, entry: Entry) -> bool:
    """Did an authority above send this to the unit? At most two queries."""
    sources = [source for source in sent_to(unit) if source.unit_id == entry.unit_id]
    return bool(sources) and visible(unit, Entry.objects.filter(pk=entry.pk), sources).exists()


def visible(unit: Unit, entries: QuerySet[Entry], sources: list[Source] | None = None) -> QuerySet[Entry]:
    """Narrow any query to what may be read on this unit's portal. Everything else does not exist there."""
    chosen = own_and_above(unit) if sources is None else sources
    if not chosen:
        return entries.none()
    condition = reduce(or_, (source.condition for source in chosen))
    mask = max((source.levels for source in chosen), default=0)
    entries = entries.filter(condition)
    if mask:
        entries = entries.alias(common=F("levels").bitand(mask)).filter(
            Q(unit_id=unit.pk) | Q(levels=0) | Q(common__gt=0)
        )
    return entries


def pinned_by(unit: Unit) -> Exists:
    """Of a row of `Entry`: did the unit put it first?"""
    return Exists(_chosen(unit.pk, ChoiceAct.PIN))


def from_below(authority: Unit, entries: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """What the education units below an authority on a day had published by then: an archive shows no later news."""
    below = Reach.objects.filter(in_force(day), authority=authority, unit=OuterRef("unit_id"))
    return entries.filter(Exists(below), is_broadcast=False, published_at__lt=clock.end_of(day))


def _is_meant_for(reader: int) -> Exists:
    """Does a target of this row name the reader, or an authority that stood above it on the day of publication?"""
    day = OuterRef(OuterRef("published_on"))
    through = Reach.objects.filter(
        Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day, unit=reader, authority=OuterRef("target_id")
    )
    return Exists(
        Target.objects.filter(
            Q(target=reader) | Exists(through), kind=OuterRef("kind"), object_id=OuterRef("object_id")
        )
    )


def _chosen(reader: int, act: ChoiceAct) -> QuerySet[Choice]:
    return Choice.objects.filter(unit=reader, act=act, kind=OuterRef("kind"), object_id=OuterRef("object_id"))
