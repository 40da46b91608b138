"""Whom an authority's article is meant for: what the writing page shows, whatever the number of units below."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from congtruong.core import clock
from congtruong.core.text import squeeze
from congtruong.publication.queries import targets_below
from congtruong.units.enums import AUTHORITY_KINDS
from congtruong.units.models import Unit
from congtruong.units.queries import directory

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Recipient:
    """One place that may be chosen; `more` tells namesakes apart."""

    pk: int
    name: str
    more: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Recipients:
    """Offices below, each standing for all its units; single units chosen already; units found by their name."""

    offices: list[Recipient]
    units: list[Recipient]
    found: list[Recipient]
    words: str
    has_more: bool

    @property
    def chosen_offices(self) -> int:
        return sum(office.is_chosen for office in self.offices)


def recipients(authority: Unit, chosen: Iterable[int], words: str = "") -> Recipients:
    """Two queries, three where units are looked for; as many rows as there are offices and chosen units."""
    picked, words = set(chosen), squeeze(words)[:100]
    below = _below(authority)
    offices = list(below.filter(kind__in=AUTHORITY_KINDS).order_by("search_name", "pk"))
    singles = below.exclude(kind__in=AUTHORITY_KINDS)
    units = list(singles.filter(pk__in=picked).order_by("search_name", "pk"))
    found = find_units(authority, words, but=picked) if words else []
    return Recipients(
        [_recipient(office, picked) for office in offices],
        [_recipient(unit, picked) for unit in units],
        [_recipient(unit, picked) for unit in found[:MOST_FOUND]],
        words,
        len(found) > MOST_FOUND,
    )


def find_units(authority: Unit, words: str, *, but: Iterable[int] = ()) -> list[Unit]:
    """Schools and centres below by words of their name, one more than is shown; one query."""
    found = directory(_below(authority).exclude(kind__in=AUTHORITY_KINDS), words=words).exclude(pk__in=list(but))
    return list(found[: MOST_FOUND + 1])


def ward_of(unit: Unit) -> str:
    return f"Phường {unit.ward.name}" if unit.ward else ""


def _below(authority: Unit) -> QuerySet[Unit]:
    return targets_below(authority, clock.today()).select_related("ward")


def _recipient(unit: Unit, picked: set[int]) -> Recipient:
    return Recipient(unit.pk, unit.name, ward_of(unit), unit.pk in picked)
