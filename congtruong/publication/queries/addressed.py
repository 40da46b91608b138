"""For which units something is meant: the same rule as `sources.visible`, asked from the other end."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from congtruong.publication.models import Entry, Target
from congtruong.units.models import Reach, Unit
from congtruong.units.queries import in_force


def addressed(entry: Entry, day: date) -> QuerySet[Unit]:
    """Every unit on whose portal this stands, or would stand had the unit not hidden it.

    Authorities in between are among them, units closed by `day` are not.
    """
    if not entry.is_broadcast:
        return Unit.objects.none()
    reached = Reach.objects.filter(in_force(entry.published_on), unit=OuterRef("pk"))
    units = open_on(Unit.objects.filter(Exists(reached.filter(authority=entry.unit_id))), day)
    if entry.levels:
        units = units.alias(common=F("levels").bitand(entry.levels)).filter(Q(levels=0) | Q(common__gt=0))
    if entry.is_targeted:
        named = Target.objects.filter(kind=entry.kind, object_id=entry.object_id)
        through = reached.filter(authority__in=named.values("target"))
        units = units.filter(Q(Exists(named.filter(target=OuterRef("pk")))) | Q(Exists(through)))
    return units


def targets_of(entry: Entry) -> list[Unit]:
    """The units and authorities it is meant for by name; none when it is meant for everybody below. One query."""
    if not entry.is_targeted:
        return []
    named = Target.objects.filter(kind=entry.kind, object_id=entry.object_id).values("target")
    return list(Unit.objects.filter(pk__in=named).order_by("search_name", "pk"))


def targets_below(authority: Unit, day: date) -> QuerySet[Unit]:
    """Everything an authority may name as a target on a day: units and authorities below it."""
    reached = Reach.objects.filter(in_force(day), authority=authority, unit=OuterRef("pk"))
    return open_on(Unit.objects.filter(Exists(reached)), day).order_by("search_name", "pk")


def open_on(units: QuerySet[Unit], day: date) -> QuerySet[Unit]:
    return units.filter(Q(closed_on=None) | Q(closed_on__gte=day))
