"""Which published rows stand on a unit's portal: its own, and what authorities above it published meanwhile."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from congtruong.core import clock
from congtruong.publication.models import Entry
from congtruong.units.models import Reach, Unit
from congtruong.units.queries import authority_spans, in_force
from congtruong.units.rules.tree import Span


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one owner; `span` and `levels` narrow those of an authority seen from below."""

    unit_id: int
    span: Span | None = None
    levels: int = 0

    @property
    def condition(self) -> Q:
        found = Q(unit_id=self.unit_id)
        if self.span is not None:
            found &= Q(is_broadcast=True, published_on__gte=self.span.from_on)
            if self.span.to_on is not None:
                found &= Q(published_on__lte=self.span.to_on)
        return found


def own(unit: Unit) -> list[Source]:
    return [Source(unit.pk)]


def above(unit: Unit) -> list[Source]:
    """One source for each span in which an authority stood above the unit; one query."""
    return [Source(authority_id, span, unit.levels) for authority_id, span in authority_spans(unit)]


def own_and_above(unit: Unit) -> list[Source]:
    return own(unit) + above(unit)


def visible(unit: Unit, entries: QuerySet[Entry], sources: list[Source] | None = None) -> QuerySet[Entry]:
    """Narrow any query to what may be read on this unit's portal. Everything else does not exist there."""
    chosen = own_and_above(unit) if sources is None else sources
    condition = reduce(or_, (source.condition for source in chosen))
    mask = max((source.levels for source in chosen), default=0)
    entries = entries.filter(condition)
    if mask:
        entries = entries.alias(common=F("levels").bitand(mask)).filter(
            Q(unit_id=unit.pk) | Q(levels=0) | Q(common__gt=0)
        )
    return entries


def from_below(authority: Unit, entries: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """What the education units below an authority on a day had published by then: an archive shows no later news."""
    below = Reach.objects.filter(in_force(day), authority=authority, unit=OuterRef("unit_id"))
    return entries.filter(Exists(below), is_broadcast=False, published_at__lt=clock.end_of(day))
