"""Duties: what a person still has to do in a unit, told by the apps that know.

An app registers a function in its own `registry` module, imported when the app is ready:

    @duty_source
    def returned_drafts(asked: Asked) -> list[Duty]: ...

The function runs inside the unit's scope whenever somebody opens "Hôm nay" and asks a fixed number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from congtruong.units.models import Unit, User
from congtruong.units.rules.duties import Act


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, where, and what he may do there."""

    unit: Unit
    person: User
    acts: frozenset[Act]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One obligation with one button. `url_name` and `url_args` name the page that fulfils it."""

    title: str
    text: str
    button: str
    url_name: str
    url_args: tuple[int | str, ...] = ()
    why: str = ""
    due_at: datetime | None = None
    minutes: int | None = None


DutySource = Callable[[Asked], list[Duty]]
_sources: list[DutySource] = []


def duty_source(function: DutySource) -> DutySource:
    """Ask this function, too, when a day's duties are listed."""
    _sources.append(function)
    return function


def duties_of(asked: Asked) -> list[Duty]:
    """All duties of the person in the unit, the most urgent first."""
    found = [duty for source in _sources for duty in source(asked)]
    return sorted(found, key=lambda duty: (duty.due_at is None, duty.due_at or asked.now))
