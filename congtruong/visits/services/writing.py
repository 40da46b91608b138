"""Readings of one unit on their way into its table."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Case, F, Value, When

from congtruong.publication.models import Entry
from congtruong.publication.queries import visible
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from congtruong.visits.models import VisitCount
from congtruong.visits.rules import channel_of_list, entry_above, is_fixed

# Pages in one statement; databases bound the number of its parameters.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """A page of a unit and the day on which it was read."""

    unit_id: int
    day: date
    path: str


def write_readings(counts: Mapping[Reading, int]) -> int:
    """Add these readings to what is stored; pages that do not exist are left out. Returns how many were added.

    One transaction for each unit, three statements for each day and two hundred pages.
    """
    by_unit: dict[int, dict[Reading, int]] = defaultdict(dict)
    for reading, count in counts.items():
        by_unit[reading.unit_id][reading] = count
    return sum(_write(unit_id, counted) for unit_id, counted in by_unit.items())


def _write(unit_id: int, counts: Mapping[Reading, int]) -> int:
    with unit_scope(unit_id), transaction.atomic():
        unit = Unit.objects.filter(pk=unit_id).first()
        if unit is None:
            return 0
        channels = _channels(unit, {reading.path for reading in counts})
        known = {reading: count for reading, count in counts.items() if reading.path in channels}
        for day in sorted({reading.day for reading in known}):
            _add(unit_id, day, {r.path: count for r, count in known.items() if r.day == day}, channels)
        return sum(known.values())


def _channels(unit: Unit, paths: set[str]) -> dict[str, str]:
    """The channel of every page that exists; at most three queries."""
    found = {path: channel_of_list(path) for path in paths if is_fixed(path)}
    own = paths - found.keys()
    if own:
        found |= dict(Entry.objects.filter(unit=unit, path__in=own, is_primary=True).values_list("path", "channel"))
    above = {pk for path in own if (pk := entry_above(path)) is not None}
    if above:
        rows = visible(unit, Entry.objects.filter(pk__in=above)).values_list("pk", "slug", "channel")
        addresses = {f"/nguon/{pk}/{slug}/": channel for pk, slug, channel in rows}
        found |= {path: addresses[path] for path in own & addresses.keys()}
    return found


def _add(unit_id: int, day: date, counts: Mapping[str, int], channels: Mapping[str, str]) -> None:
    """Count on in the rows that are there; missing ones are made first, whichever process comes first."""
    for some in _batches(sorted(counts), _AT_ONCE):
        VisitCount.objects.bulk_create(
            [VisitCount(unit_id=unit_id, day=day, path=path, channel=channels[path], count=0) for path in some],
            ignore_conflicts=True,
        )
        rows = VisitCount.objects.filter(unit=unit_id, day=day, path__in=some)
        # In one order everywhere, so that two processes never wait for each other's rows.
        list(rows.select_for_update(of=("self",)).order_by("path").values_list("pk"))
        more = Case(*(When(path=path, then=Value(counts[path])) for path in some), default=Value(0))
        rows.update(count=F("count") + more)


def _batches(paths: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(paths), size):
        yield paths[start : start + size]
