"""What an authority learns of the units below it: states and receipts for what it sent, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from congtruong.core import clock
from congtruong.delivery.models import Receipt
from congtruong.delivery.queries import Board, board, inbox, inbox_counts, inbox_total, received, sent, sent_entry
from congtruong.delivery.services import ask, confirm, note_seen, reply
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry, Hiding
from congtruong.publication.services import Published, as_sent, hide_here, publish
from congtruong.units.enums import OversightKind
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_authority, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_ids = count(1)


def send(owner: Unit, title: str = "Báo cáo", **fields: Any) -> Entry:
    values: dict[str, Any] = {
        "channels": (Channel.NOTICE,),
        "published_at": clock.now() - timedelta(hours=1),
        "object_id": next(_ids),
        **fields,
    }
    with unit_scope(owner.pk):
        return publish(
            content=Published(unit_id=owner.pk, kind=EntryKind.POST, is_broadcast=True, title=title, **values)
        )


def below(authority: Unit, number: int, **placed: Any) -> list[Unit]:
    units = [make_unit() for _ in range(number)]
    for unit in units:
        place(unit, authority, **placed)
    return units


def demand(owner: Unit, entry: Entry, asks: str = "doc", **options: Any) -> None:
    with unit_scope(owner.pk):
        ask(unit=owner, kind=entry.kind, object_id=entry.object_id, asks=asks, due_at=None, by="Sở", **options)


def board_of(owner: Unit, entry: Entry, **options: Any) -> Board:
    with unit_scope(owner.pk):
        return board(owner, Entry.objects.get(pk=entry.pk), now=clock.now(), **options)


def done(unit: Unit, step: Any, entry: Entry, **options: Any) -> None:
    with unit_scope(unit.pk):
        step(unit=unit, entry=entry, **options)


def test_a_board_says_of_every_unit_what_it_did() -> None:
    department = make_authority()
    a, b, c, d = below(department, 4)
    below(make_authority(), 1)
    entry = send(department)
    demand(department, entry)
    done(a, confirm, entry, by="Cô Lan")
    done(b, note_seen, entry, person=User.objects.create_user("nam"))
    with unit_scope(c.pk):
        Receipt.objects.create(unit=c, owner=department, kind=entry.kind, object_id=entry.object_id)

    made = board_of(department, entry)

    assert [(row.unit.pk, row.confirmed_by, row.seen_at is None) for row in made.rows] == [
        (unit.pk, by, unseen)
        for unit, by, unseen in sorted(
            [(a, "Cô Lan", False), (b, "", False), (c, "", True), (d, "", True)], key=lambda row: row[0].search_name
        )
    ]
    assert (made.total, made.counts.addressed, made.counts.seen, made.counts.confirmed, made.counts.waiting) == (
        4,
        4,
        2,
        1,
        3,
    )


def test_a_board_is_narrowed_to_what_somebody_has_to_follow_up() -> None:
    department = make_authority()
    a, b, c, _ = units = below(department, 4)
    entry = send(department, channels=(Channel.INVITATION,), starts_at=clock.now() + timedelta(days=1))
    hide_later = send(department)
    demand(department, entry, "tra_loi")
    done(a, reply, entry, answer="co", people=3, by=BY)
    done(b, reply, entry, answer="khong", note="Bận thi", by=BY)
    done(c, confirm, entry, by=BY)
    done(c, hide_here, hide_later, reason="Trùng", by=BY)

    def found(only: str, what: Entry = entry) -> set[int]:
        made = board_of(department, what, only=only)
        assert made.total == len(made.rows)
        return {units.index(row.unit) for row in made.rows}

    assert [found(only) for only in ("da-xac-nhan", "chua-xac-nhan", "chua-xem", "co", "khong")] == [
        {0, 1},
        {2, 3},
        {3},
        {0},
        {1},
    ]
    assert found("da-an", hide_later) == {2}
    assert [row.unit for row in board_of(department, entry, words=units[3].name).rows] == [units[3]]
    counts = board_of(department, entry).counts
    assert (counts.yes, counts.no, counts.people, counts.confirmed, counts.hidden) == (1, 1, 3, 2, 0)


def test_what_was_done_before_it_was_asked_again_counts_no_more() -> None:
    department = make_authority()
    (school,) = below(department, 1)
    entry = send(department)
    done(school, confirm, entry, by=BY)
    demand(department, entry, again=True)

    made = board_of(department, entry)

    assert (made.counts.confirmed, made.rows[0].is_confirmed, made.rows[0].confirmed_by) == (0, False, BY)
    assert board_of(department, entry, only="chua-xac-nhan").total == 1


def test_a_board_says_since_when_it_has_stood_there_without_a_break() -> None:
    department, moment = make_authority(), datetime(2026, 9, 7, 5, tzinfo=UTC)
    (old,) = below(department, 1)
    (new,) = below(department, 1, from_on=date(2026, 9, 10))
    entry = send(department, published_at=datetime(2026, 9, 10, 1, tzinfo=UTC))
    with unit_scope(department.pk):
        Entry.objects.filter(pk=entry.pk).update(shown_at=moment)

    def since() -> dict[int, datetime | None]:
        return {row.unit.pk: row.since for row in board_of(department, entry).rows}

    assert since() == {old.pk: moment, new.pk: datetime(2026, 9, 9, 17, tzinfo=UTC)}

    done(old, hide_here, entry, reason="Trùng tin", by=BY)
    (row,) = [row for row in board_of(department, entry).rows if row.unit == old]
    assert (row.since, row.hidden_reason) == (None, "Trùng tin")

    done(old, as_sent, entry, by=BY)
    with unit_scope(old.pk):
        again = Hiding.objects.get().ended_at
    assert since()[old.pk] == again


def test_a_board_of_certain_units_says_since_when_each_of_them_is_meant() -> None:
    department = make_authority()
    first, second, _ = below(department, 3)
    number = next(_ids)
    send(department, object_id=number, targets=(first.pk,))
    entry = send(department, object_id=number, targets=(first.pk, second.pk))

    made = {row.unit.pk: row.since for row in board_of(department, entry).rows}

    assert set(made) == {first.pk, second.pk}
    assert made[first.pk] == entry.shown_at
    later = made[second.pk]
    assert later is not None
    assert entry.shown_at is not None
    assert later > entry.shown_at


def test_receipts_stay_with_the_authority_the_unit_had() -> None:
    before, after, moved_on = make_authority(), make_authority(), date(2026, 10, 1)
    school = make_unit()
    place(school, before, to_on=moved_on - timedelta(days=1))
    place(school, after, from_on=moved_on)
    old = send(before, published_at=datetime(2026, 9, 7, tzinfo=UTC))
    new = send(after, published_at=datetime(2026, 10, 7, tzinfo=UTC))
    done(school, confirm, old, by=BY)
    done(school, confirm, new, by=BY)

    def told(owner: Unit) -> list[int]:
        with unit_scope(owner.pk):
            return list(Receipt.of_owner.values_list("object_id", flat=True))

    assert (told(before), told(after)) == ([old.object_id], [new.object_id])
    assert [row.unit for row in board_of(before, old).rows] == [school]


def test_an_authority_reads_receipts_for_its_own_things_and_changes_none() -> None:
    """The wall stands in the database as well: on PostgreSQL also with the managers open."""
    department, other = make_authority(), make_authority()
    (school,) = below(department, 1)
    place(school, other, kind=OversightKind.PROFESSIONAL)
    entry, of_other = send(department), send(other)
    done(school, confirm, entry, by=BY)
    done(school, confirm, of_other, by=BY)
    done(school, hide_here, of_other, reason="Trùng", by=BY)
    has_second_wall = connection.vendor == "postgresql"

    with unit_scope(department.pk):
        assert list(Receipt.of_owner.values_list("object_id", flat=True)) == [entry.object_id]
        assert not Receipt.objects.exists()
        assert not Hiding.of_owner.exists()
        with scopes_disabled(), transaction.atomic():
            # scopes_disabled opens the managers, not the database.
            if has_second_wall:
                assert list(Receipt.objects.values_list("object_id", flat=True)) == [entry.object_id]
                assert Hiding.objects.count() == 0
                assert Receipt.objects.update(note="sửa") == 0
                assert Receipt.objects.all().delete()[0] == 0
    with unit_scope(other.pk):
        assert list(Receipt.of_owner.values_list("object_id", flat=True)) == [of_other.object_id]
        assert Hiding.of_owner.get().reason == "Trùng"
    with unit_scope(make_unit().pk):
        assert not Receipt.of_owner.exists()


def test_an_authority_lists_what_it_sent_and_nobody_elses() -> None:
    department, other = make_authority(), make_authority()
    below(department, 2)
    mine, theirs = send(department, "Của Sở"), send(other, "Của nơi khác")
    demand(department, mine)

    with unit_scope(department.pk):
        assert [(one.entry.pk, one.addressed, one.request is not None) for one in sent(department)] == [
            (mine.pk, 2, True)
        ]
        assert sent_entry(department, theirs.pk) is None
        assert sent_entry(department, mine.pk) == mine


# --- Costs ------------------------------------------------------------------------------------------------------------


def _queries(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([query for query in captured if "set_config" not in query["sql"]])


def test_boards_and_lists_ask_the_same_number_of_queries_at_three_and_sixty_units() -> None:
    department = make_authority()

    def measure() -> list[int]:
        now = clock.now()
        with unit_scope(department.pk):
            return [
                _queries(lambda: board(department, entry, now=now)),
                _queries(lambda: board(department, aimed, now=now, only="chua-xac-nhan")),
                _queries(lambda: sent(department)),
            ]

    units = below(department, 3)
    entry, aimed = send(department), send(department, targets=(units[0].pk, department.pk))
    demand(department, entry)
    done(units[0], confirm, entry, by=BY)
    done(units[1], hide_here, aimed, reason="Trùng", by=BY)
    few = measure()
    more = below(department, 57)
    for unit in more[:5]:
        done(unit, confirm, entry, by=BY)
        done(unit, hide_here, aimed, reason="Trùng", by=BY)
    for _ in range(5):
        demand(department, send(department))

    assert few == measure() == [7, 8, 3]
    assert board_of(department, entry).total == 60


def test_an_inbox_asks_the_same_number_of_queries_whatever_it_holds() -> None:
    department = make_authority()
    (school,) = below(department, 1)

    def measure() -> list[int]:
        now = clock.now()
        with unit_scope(school.pk):
            return [
                _queries(lambda: inbox(school, now=now)),
                _queries(lambda: inbox(school, now=now, only="can-xac-nhan", channel=Channel.NOTICE)),
                _queries(lambda: inbox_total(school, now=now, only="chua-doc")),
                _queries(lambda: received(school, first.pk)),
                _queries(lambda: inbox_counts(school, now)),
            ]

    first = send(department)
    demand(department, first)
    few = measure()
    for _ in range(8):
        demand(department, send(department))
    done(school, hide_here, send(department), reason="Trùng", by=BY)

    assert few == measure() == [6, 6, 2, 6, 3]


def test_an_inbox_is_narrowed_to_what_is_asked_or_unread() -> None:
    department = make_authority()
    (school,) = below(department, 1)
    asked, read, plain = send(department, "Hỏi"), send(department, "Đã đọc"), send(department, "Thường")
    old = send(department, "Cũ", published_at=clock.now() - timedelta(days=61))
    demand(department, asked)
    demand(department, read)
    done(school, confirm, read, by=BY)
    done(school, hide_here, plain, reason="Trùng", by=BY)

    with unit_scope(school.pk):
        now = clock.now()
        assert [one.entry.pk for one in inbox(school, now=now)] == [plain.pk, read.pk, asked.pk, old.pk]
        assert [one.entry.pk for one in inbox(school, now=now, only="can-xac-nhan")] == [asked.pk]
        assert [one.entry.pk for one in inbox(school, now=now, only="chua-doc")] == [plain.pk, asked.pk]
        counts = inbox_counts(school, now)
        assert (counts.to_confirm, counts.overdue, counts.unread) == (1, 0, 2)
        (hidden, _, _, _) = inbox(school, now=now)
        assert (hidden.is_hidden, hidden.hiding is not None and hidden.hiding.reason) == (True, "Trùng")
