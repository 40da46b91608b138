"""What an authority sent to the units below it, with how many of them did what. The caller entered its scope.

Receipts are read as their owner; of units below nothing else is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from congtruong.core import clock
from congtruong.delivery.enums import Answer, Asks
from congtruong.delivery.models import Request
from congtruong.delivery.queries.inbox import of_entries
from congtruong.publication.enums import ChoiceAct
from congtruong.publication.models import Entry
from congtruong.units.models import Unit

_HEAVY = ("body", "search_title", "search_body", "search_scope")


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that was sent, and numbers of units: meant for, opened it, confirmed, come, do not come, hid it.

    Where an answer was asked, the units that gave one are those that confirmed. What was done before it was asked
    again does not count. `people` is how many come altogether.
    """

    entry: Entry
    request: Request | None
    addressed: int = 0
    seen: int = 0
    confirmed: int = 0
    yes: int = 0
    no: int = 0
    people: int = 0
    hidden: int = 0

    @property
    def waiting(self) -> int:
        return self.addressed - self.confirmed


def sent(authority: Unit, *, limit: int = 20, offset: int = 0) -> list[Sent]:
    """What stands on the portals below, newest first; three queries for any number of things and units."""
    entries = _sent(authority).select_related("unit").defer(*_HEAVY).order_by("-published_at", "-id")
    return with_counts(authority, list(entries[offset : offset + limit]), clock.today())


def sent_total(authority: Unit) -> int:
    return _sent(authority).count()


def sent_entry(authority: Unit, entry_id: int) -> Entry | None:
    """One thing the authority sent; nobody else's. One query."""
    return _sent(authority).select_related("unit").filter(pk=entry_id).first()


def with_counts(authority: Unit, entries: Sequence[Entry], day: date) -> list[Sent]:
    """Two queries for any number of entries and units."""
    requests = {
        (row.kind, row.object_id): row for row in Request.objects.filter(of_entries(entries), unit=authority.pk)
    }
    numbers = _numbers(authority, [entry.pk for entry in entries], day)
    return [
        Sent(entry, requests.get((entry.kind, entry.object_id)), *numbers.get(entry.pk, (0,) * 7)) for entry in entries
    ]


def _sent(authority: Unit) -> QuerySet[Entry]:
    return Entry.objects.filter(unit=authority, is_broadcast=True, is_primary=True)


# The rule of `publication.queries.addressed` for several entries at once; a test compares the two.
_NUMBERS = """
SELECT e.id, COUNT(*),
    SUM(CASE WHEN d.seen_at IS NOT NULL THEN 1 ELSE 0 END),
    SUM(CASE WHEN CASE WHEN q.asks = %s THEN d.answered_at ELSE d.confirmed_at END
        >= COALESCE(q.asked_at, d.confirmed_at) THEN 1 ELSE 0 END),
    SUM(CASE WHEN d.answer = %s AND d.answered_at >= COALESCE(q.asked_at, d.answered_at) THEN 1 ELSE 0 END),
    SUM(CASE WHEN d.answer = %s AND d.answered_at >= COALESCE(q.asked_at, d.answered_at) THEN 1 ELSE 0 END),
    SUM(CASE WHEN d.answer = %s AND d.answered_at >= COALESCE(q.asked_at, d.answered_at)
        THEN COALESCE(d.people, 1) ELSE 0 END),
    SUM(CASE WHEN c.id IS NOT NULL THEN 1 ELSE 0 END)
FROM publication_entry AS e
JOIN units_unit AS u ON u.closed_on IS NULL OR u.closed_on >= %s
LEFT JOIN delivery_request AS q ON q.unit_id = e.unit_id AND q.kind = e.kind AND q.object_id = e.object_id
LEFT JOIN delivery_receipt AS d
    ON d.unit_id = u.id AND d.kind = e.kind AND d.object_id = e.object_id AND d.owner_id = e.unit_id
LEFT JOIN publication_choice AS c
    ON c.unit_id = u.id AND c.kind = e.kind AND c.object_id = e.object_id AND c.act = %s
WHERE e.unit_id = %s AND e.is_broadcast AND e.id IN ({ids})
    AND (e.levels = 0 OR u.levels = 0 OR (e.levels & u.levels) <> 0)
    AND EXISTS (
        SELECT 1 FROM units_reach AS r WHERE r.unit_id = u.id AND r.authority_id = e.unit_id
            AND r.from_on <= e.published_on AND (r.to_on IS NULL OR r.to_on >= e.published_on))
    AND (e.is_targeted IS NOT TRUE OR (e.id, u.id) IN (
        SELECT a.id, t.target_id FROM publication_entry AS a
        JOIN publication_target AS t ON t.kind = a.kind AND t.object_id = a.object_id WHERE a.id IN ({ids})
        UNION
        SELECT a.id, r.unit_id FROM publication_entry AS a
        JOIN publication_target AS t ON t.kind = a.kind AND t.object_id = a.object_id
        JOIN units_reach AS r ON r.authority_id = t.target_id
            AND r.from_on <= a.published_on AND (r.to_on IS NULL OR r.to_on >= a.published_on)
        WHERE a.id IN ({ids})))
GROUP BY e.id"""


def _numbers(authority: Unit, ids: Sequence[int], day: date) -> dict[int, tuple[int, ...]]:
    if not ids:
        return {}
    statement = _NUMBERS.format(ids=", ".join(["%s"] * len(ids)))
    values: list[Any] = [Asks.REPLY.value, Answer.YES.value, Answer.NO.value, Answer.YES.value]
    values += [connection.ops.adapt_datefield_value(day), ChoiceAct.HIDE.value, authority.pk, *ids, *ids, *ids]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0]: tuple(int(number) for number in row[1:]) for row in cursor.fetchall()}
