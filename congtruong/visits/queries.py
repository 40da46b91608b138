"""Reads of how often pages were read. The caller has entered the unit's scope."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from congtruong.core import clock
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.publication.queries import visible
from congtruong.units.models import Unit
from congtruong.visits.models import VisitCount
from congtruong.visits.rules import entry_above, is_fixed, name_of_fixed


@dataclass(frozen=True, slots=True)
class Totals:
    today: int
    week: int
    month: int
    year: int


@dataclass(frozen=True, slots=True)
class PageCount:
    """How often one page was read; `name` is its title, or its address when it is published no more."""

    path: str
    name: str
    channel: str
    count: int


def totals(unit: Unit, today: date) -> Totals:
    """Readings today, in the last 7 and 30 days and since this school year began; one query."""
    starts = {
        "today": today,
        "week": today - timedelta(days=6),
        "month": today - timedelta(days=29),
        "year": school_year_start(today),
    }
    rows = VisitCount.objects.filter(unit=unit, day__gte=min(starts.values()), day__lte=today)
    sums = rows.aggregate(**{name: Sum("count", filter=Q(day__gte=day)) for name, day in starts.items()})
    return Totals(**{name: count or 0 for name, count in sums.items()})


def per_day(unit: Unit, from_on: date, to_on: date) -> list[tuple[date, int]]:
    """Readings of every day between, days without any included; one query."""
    rows = VisitCount.objects.filter(unit=unit, day__range=(from_on, to_on))
    found = dict(rows.values("day").annotate(sum=Sum("count")).values_list("day", "sum"))
    days = [from_on + timedelta(days=n) for n in range((to_on - from_on).days + 1)]
    return [(day, found.get(day, 0)) for day in days]


def most_read(unit: Unit, from_on: date, to_on: date, most: int) -> list[PageCount]:
    """The pages read most often; three or four queries."""
    rows = VisitCount.objects.filter(unit=unit, day__range=(from_on, to_on))
    grouped = rows.values("path", "channel").annotate(sum=Sum("count")).order_by("-sum", "path")
    found = list(grouped.values_list("path", "channel", "sum")[:most])
    names = _names(unit, {path for path, _, _ in found})
    return [PageCount(path, names.get(path, path), channel, count) for path, channel, count in found]


def per_channel(unit: Unit, from_on: date, to_on: date) -> list[tuple[str, int]]:
    """Readings of each channel, the most read first; one query."""
    rows = VisitCount.objects.filter(unit=unit, day__range=(from_on, to_on))
    found = rows.values("channel").annotate(sum=Sum("count")).order_by("-sum").values_list("channel", "sum")
    return [(Channel(channel).label if channel else "Trang chủ và trang khác", count) for channel, count in found]


def school_year_start(today: date) -> date:
    return date(clock.school_year(today), 8, 1)


def _names(unit: Unit, paths: set[str]) -> dict[str, str]:
    names = {path: name_of_fixed(path) for path in paths if is_fixed(path)}
    own = paths - names.keys()
    names |= dict(Entry.objects.filter(unit=unit, path__in=own, is_primary=True).values_list("path", "title"))
    above = {pk: path for path in own if (pk := entry_above(path)) is not None}
    rows = visible(unit, Entry.objects.filter(pk__in=above)).values_list("pk", "title")
    return names | {above[pk]: title for pk, title in rows}
