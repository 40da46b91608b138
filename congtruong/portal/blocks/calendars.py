"""The weekly calendar and the timetables of a school, out of the facts of their entries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models.fields.json import KeyTextTransform

from congtruong.core.clock import WEEKDAYS
from congtruong.portal.blocks.collections import own_entries
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit

_GRADE = re.compile(r"\D{0,5}?(\d{1,2})")
_OTHER_WEEKS = 6


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar with its lines, each {time, what, where, who}."""

    day: date
    name: str
    rows: list[dict[str, str]]
    is_today: bool


@dataclass(frozen=True, slots=True)
class WeekLink:
    monday: date
    path: str

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar between its neighbours; `others` are the latest weeks, this one left out."""

    monday: date
    days: list[Day]
    is_current: bool
    before: WeekLink | None
    after: WeekLink | None
    others: list[WeekLink]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def week_links(unit: Unit) -> list[WeekLink]:
    """Every published week of the unit, the latest first; one query."""
    rows = own_entries(unit, Channel.WEEK).annotate(monday=KeyTextTransform("monday", "facts"))
    found = [(day_in(monday), path) for monday, path in rows.values_list("monday", "path")]
    return sorted((WeekLink(day, path) for day, path in found if day), key=lambda link: link.monday, reverse=True)


def week_to_show(links: Sequence[WeekLink], today: date) -> WeekLink | None:
    """The week we are in; without one the latest."""
    return next((link for link in links if link.monday <= today <= link.sunday), next(iter(links), None))


def week(entry: Entry, links: Sequence[WeekLink], today: date) -> Week | None:
    """The calendar of an entry; None where it says no week."""
    monday = day_in(entry.facts.get("monday"))
    if monday is None:
        return None
    rows = entry.facts.get("rows", ())
    days = [_day(monday, number, [row for row in rows if row["day"] == number], today) for number in range(7)]
    earlier = [link for link in links if link.monday < monday]
    later = [link for link in links if link.monday > monday]
    return Week(
        monday=monday,
        days=[day for day in days if day.rows],
        is_current=monday <= today <= monday + timedelta(days=6),
        before=earlier[0] if earlier else None,
        after=later[-1] if later else None,
        others=[link for link in links if link.path != entry.path][:_OTHER_WEEKS],
    )


def _day(monday: date, number: int, rows: list[dict[str, str]], today: date) -> Day:
    day = monday + timedelta(days=number)
    return Day(day, WEEKDAYS[number], rows, day == today)


@dataclass(frozen=True, slots=True)
class TimetableLink:
    """A timetable in the list of its school year."""

    entry: Entry
    valid_from: date | None
    is_in_force: bool


def timetable_years(unit: Unit, today: date) -> list[tuple[int, list[TimetableLink]]]:
    """Timetables by school year, the latest first; the one that applies today is marked. One query."""
    rows = own_entries(unit, Channel.TIMETABLE).annotate(valid_from=KeyTextTransform("valid_from", "facts"))
    dated = [(row, day_in(row.valid_from)) for row in rows]
    dated.sort(key=lambda pair: (pair[0].school_year, pair[1] or date.min), reverse=True)
    started = [(day, row.pk) for row, day in dated if day is not None and day <= today]
    in_force = max(started)[1] if started else None
    links = [TimetableLink(row, day, row.pk == in_force) for row, day in dated]
    return [(year, list(group)) for year, group in groupby(links, key=lambda link: link.entry.school_year)]


@dataclass(frozen=True, slots=True)
class Line:
    """`cells` are (heading, text)."""

    label: str
    cells: list[tuple[str, str]]
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Lessons:
    """One table as it is shown: a line for each day with its periods, or as the file had it."""

    name: str
    head: list[str]
    rows: list[Line]
    is_by_day: bool


@dataclass(frozen=True, slots=True)
class Grade:
    label: str
    names: list[str]


def lessons(tables: Sequence[dict[str, Any]], name: str, today: date) -> Lessons | None:
    """The table called `name`, else the first. Days become the lines, so that a phone shows a day at a time."""
    table = next((t for t in tables if t["name"] == name), next(iter(tables), None))
    if table is None:
        return None
    head, rows = table["head"], table["rows"]
    days = [n for n, cell in enumerate(head) if cell in WEEKDAYS]
    if not days:
        plain = [Line(row[0], list(zip(head[1:], row[1:], strict=False))) for row in rows if row]
        return Lessons(table["name"], head, plain, is_by_day=False)
    periods = [_period(head[: days[0]], row[: days[0]]) for row in rows]
    present = WEEKDAYS[today.weekday()]
    return Lessons(
        table["name"],
        ["Thứ", *periods],
        [Line(head[n], [(p, row[n]) for p, row in zip(periods, rows, strict=True)], head[n] == present) for n in days],
        is_by_day=True,
    )


def grades(tables: Sequence[dict[str, Any]]) -> list[Grade]:
    """Names of the tables, classes of one grade together."""
    made: dict[str, list[str]] = {}
    for table in tables:
        grade = _GRADE.match(table["name"])
        made.setdefault(f"Khối {grade[1]}" if grade else "", []).append(table["name"])
    return [Grade(label, names) for label, names in made.items()]


def day_in(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _period(head: Sequence[str], cells: Sequence[str]) -> str:
    """`Tiết 1`, `Sáng, tiết 1`; what is no number stands as it is."""
    words = [f"tiết {cell}" if cell.isdecimal() else cell for _, cell in zip(head, cells, strict=False) if cell]
    text = ", ".join(words)
    return text[:1].upper() + text[1:]
