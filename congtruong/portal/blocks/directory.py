"""The directory of units of an authority's portal."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from congtruong.core.addresses import absolute
from congtruong.units.enums import LEVEL_NAMES, LEVEL_WORDS, Kind, Level, Ownership
from congtruong.units.models import Unit
from congtruong.units.queries import canonical_hosts, units_below

LEVEL_CODES = LEVEL_WORDS
_MARKS = {1: "MN", 2: "TH", 4: "CS", 8: "PT", 16: "TX"}
_AUTHORITY_MARKS = {Kind.DEPARTMENT: "SỞ", Kind.DISTRICT_OFFICE: "PG", Kind.WARD_COMMITTEE: "UB"}
_OTHER_AUTHORITY, _SEVERAL_LEVELS = "QL", "NC"
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit in a directory; `url` is empty while it has no portal."""

    unit: Unit
    mark: str
    host: str
    url: str

    @property
    def ward(self) -> str:
        return f"Phường {self.unit.ward.name}" if self.unit.ward else "Phường: chưa xác định"


@dataclass(frozen=True, slots=True)
class Facet:
    label: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class DirectorySummary:
    total: int
    facets: list[Facet]
    units: list[UnitCard]


def unit_cards(units: list[Unit]) -> list[UnitCard]:
    """Directory rows with addresses; one query."""
    hosts = canonical_hosts([unit.pk for unit in units])
    return [
        UnitCard(
            unit,
            _mark(unit),
            hosts.get(unit.pk, ""),
            absolute(hosts[unit.pk]) if unit.pk in hosts else "",
        )
        for unit in units
    ]


def _mark(unit: Unit) -> str:
    if unit.is_authority:
        return _AUTHORITY_MARKS.get(Kind(unit.kind), _OTHER_AUTHORITY)
    return _MARKS.get(unit.levels, _SEVERAL_LEVELS)


def directory_summary(authority: Unit, day: date) -> DirectorySummary:
    """Counts by level and ownership, and the first units; the counts come from one grouped query."""
    units = units_below(authority, day)
    levels: Counter[Level] = Counter()
    private = total = 0
    grouped = units.select_related(None).order_by().values_list("levels", "ownership").annotate(number=Count("pk"))
    for mask, ownership, number in grouped:
        total += number
        private += number if ownership == Ownership.PRIVATE else 0
        levels.update({level: number for level in LEVEL_NAMES if level in Level(mask)})
    facets = [
        Facet(LEVEL_NAMES[level], levels[level], f"cap={code}") for code, level in LEVEL_CODES.items() if levels[level]
    ]
    if private:
        facets.append(Facet(Ownership.PRIVATE.label, private, f"loai={Ownership.PRIVATE}"))
    return DirectorySummary(total, facets, unit_cards(list(units.order_by("search_name", "pk")[:_SHOWN])))
