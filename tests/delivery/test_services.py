"""What units do with what is asked of them: once, by the right unit, and never taken back."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.delivery import errors
from congtruong.delivery.models import Receipt, Request
from congtruong.delivery.queries import inbox_counts, received
from congtruong.delivery.services import ask, confirm, note_seen, reply, stop_asking
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.errors import MustStay
from congtruong.publication.models import Entry
from congtruong.publication.services import Published, hide_here, publish, withdraw
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_ids = count(1)
LAN = "Cô Lan"


@pytest.fixture
def department() -> Unit:
    return make_authority()


@pytest.fixture
def school(department: Unit) -> Unit:
    unit = make_unit()
    place(unit, department)
    return unit


def send(owner: Unit, *, is_broadcast: bool = True, **fields: Any) -> Entry:
    values: dict[str, Any] = {
        "channels": (Channel.NOTICE,),
        "title": "Báo cáo đầu năm",
        "published_at": clock.now() - timedelta(hours=1),
        "object_id": next(_ids),
    }
    with unit_scope(owner.pk):
        return publish(
            content=Published(unit_id=owner.pk, kind=EntryKind.POST, is_broadcast=is_broadcast, **(values | fields))
        )


def demand(owner: Unit, entry: Entry, asks: str = "doc", *, due: datetime | None = None, **options: Any) -> Request:
    with unit_scope(owner.pk):
        return ask(unit=owner, kind=entry.kind, object_id=entry.object_id, asks=asks, due_at=due, by="Sở", **options)


def trail(action: str) -> list[dict[str, Any]]:
    return [entry.detail for entry in AuditEntry.objects.filter(action=action).order_by("pk")]


def test_confirming_is_kept_with_who_and_when_and_only_once(department: Unit, school: Unit) -> None:
    entry = send(department)
    demand(department, entry)

    with unit_scope(school.pk):
        first = confirm(unit=school, entry=entry, by=LAN)
        second = confirm(unit=school, entry=entry, by="Thầy Nam")

        assert (second.pk, second.confirmed_at, second.confirmed_by) == (first.pk, first.confirmed_at, LAN)
        assert (second.owner_id, second.seen_by) == (department.pk, LAN)
        assert Receipt.objects.count() == 1
    assert len(trail("delivery.receipt.confirmed")) == 1


def test_what_is_asked_again_has_to_be_confirmed_again(department: Unit, school: Unit) -> None:
    entry = send(department)
    demand(department, entry)
    with unit_scope(school.pk):
        before = confirm(unit=school, entry=entry, by=LAN).confirmed_at

    demand(department, entry, again=True)

    with unit_scope(school.pk):
        assert inbox_counts(school, clock.now()).to_confirm == 1
        after = confirm(unit=school, entry=entry, by="Thầy Nam")
        assert after.confirmed_by == "Thầy Nam"
        assert inbox_counts(school, clock.now()).to_confirm == 0
    assert before is not None
    assert trail("delivery.receipt.confirmed")[-1]["before"] == before.isoformat()


def test_the_first_person_who_opens_it_is_kept(department: Unit, school: Unit) -> None:
    entry = send(department)
    lan, nam = (User.objects.create_user(name, full_name=name) for name in ("Lan", "Nam"))

    with unit_scope(school.pk):
        receipts = [note_seen(unit=school, entry=entry, person=person) for person in (lan, nam)]

    assert [(receipt.seen_by, receipt.confirmed_at) for receipt in receipts] == [("Lan", None), ("Lan", None)]


@pytest.mark.parametrize("what", ["stranger", "not_broadcast", "other_level", "own", "withdrawn"])
def test_nobody_confirms_what_was_not_sent_to_him(department: Unit, school: Unit, what: str) -> None:
    unit, fields = school, dict[str, Any]()
    if what == "stranger":
        unit = make_unit()
        place(unit, make_authority())
    if what == "own":
        unit = department
    if what == "other_level":
        fields["levels"] = 1
    entry = send(department, is_broadcast=what != "not_broadcast", **fields)
    if what == "withdrawn":
        with unit_scope(department.pk):
            withdraw(kind=EntryKind.POST, object_id=entry.object_id)

    with unit_scope(unit.pk):
        with pytest.raises(errors.NotAddressed):
            confirm(unit=unit, entry=entry, by=LAN)
        with pytest.raises(errors.NotAddressed):
            reply(unit=unit, entry=entry, answer="co", by=LAN)
        with pytest.raises(errors.NotAddressed):
            note_seen(unit=unit, entry=entry, person=User.objects.create_user("lan"))
        assert received(unit, entry.pk) is None
        assert not Receipt.objects.exists()


def test_an_invitation_is_answered_and_the_answer_changed_in_time(department: Unit, school: Unit) -> None:
    now = clock.now()
    entry = send(department, channels=(Channel.INVITATION,), starts_at=now + timedelta(days=3))
    demand(department, entry, "tra_loi", due=now + timedelta(days=1))

    with unit_scope(school.pk):
        reply(unit=school, entry=entry, answer="co", people=2, note="  Hiệu trưởng \n và văn thư ", by=LAN)
        receipt = reply(unit=school, entry=entry, answer="khong", by="Thầy Nam")

        assert (receipt.answer, receipt.people, receipt.note, receipt.answered_by) == ("khong", None, "", "Thầy Nam")
        assert receipt.confirmed_by == LAN
        assert inbox_counts(school, now).to_confirm == 0
    first, second = trail("delivery.receipt.answered")
    assert (first["answer"], first["people"], first["note"]) == ("co", 2, "Hiệu trưởng và văn thư")
    assert (second["answer"], second["before"]) == ("khong", ["co", 2, "Hiệu trưởng và văn thư"])


def test_a_given_answer_stands_after_its_term_and_a_late_first_one_is_taken_until_the_event(
    department: Unit, school: Unit
) -> None:
    now = clock.now()
    entry = send(department, channels=(Channel.INVITATION,), starts_at=now + timedelta(days=3))
    request = demand(department, entry, "tra_loi", due=now + timedelta(days=1))
    with unit_scope(department.pk):
        Request.objects.filter(pk=request.pk).update(due_at=now - timedelta(minutes=1))

    with unit_scope(school.pk):
        assert reply(unit=school, entry=entry, answer="co", by=LAN).answer == "co"
        assert reply(unit=school, entry=entry, answer="co", by="Thầy Nam").answered_by == LAN
        with pytest.raises(errors.TooLate):
            reply(unit=school, entry=entry, answer="khong", by=LAN)

    begun = send(department, channels=(Channel.INVITATION,), starts_at=now - timedelta(minutes=1))
    with unit_scope(school.pk), pytest.raises(errors.TooLate):
        reply(unit=school, entry=begun, answer="co", by=LAN)


@pytest.mark.parametrize(
    ("answer", "people", "error"),
    [
        ("", None, errors.AnswerMissing),
        ("co-le", None, errors.AnswerMissing),
        ("co", 0, errors.PeopleInvalid),
        ("co", 1000, errors.PeopleInvalid),
        ("khong", 1, errors.PeopleInvalid),
    ],
)
def test_a_reply_says_something_sensible(
    department: Unit, school: Unit, answer: str, people: int | None, error: type[Exception]
) -> None:
    entry = send(department, channels=(Channel.INVITATION,))

    with unit_scope(school.pk), pytest.raises(error):
        reply(unit=school, entry=entry, answer=answer, people=people, by=LAN)


def test_only_what_asks_for_an_answer_is_answered(department: Unit, school: Unit) -> None:
    entry = send(department)
    with unit_scope(school.pk), pytest.raises(errors.NothingToReply):
        reply(unit=school, entry=entry, answer="co", by=LAN)

    demand(department, entry, "tra_loi")

    with unit_scope(school.pk):
        assert confirm(unit=school, entry=entry, by=LAN).answered_at is None
        assert inbox_counts(school, clock.now()).to_confirm == 1
        assert reply(unit=school, entry=entry, answer="co", by=LAN).answer == "co"
        assert inbox_counts(school, clock.now()).to_confirm == 0


def test_asking_the_same_twice_changes_nothing_and_another_term_keeps_what_was_confirmed(
    department: Unit, school: Unit
) -> None:
    entry, due = send(department), clock.now() + timedelta(days=2)
    first = demand(department, entry, due=due)
    with unit_scope(school.pk):
        confirm(unit=school, entry=entry, by=LAN)

    same = demand(department, entry, due=due)
    later = demand(department, entry, due=due + timedelta(days=1))

    assert (same.pk, same.asked_at, later.pk, later.asked_at) == (first.pk, first.asked_at, first.pk, first.asked_at)
    assert [len(trail(f"delivery.request.{event}")) for event in ("made", "changed", "repeated")] == [1, 1, 0]
    with unit_scope(school.pk):
        assert inbox_counts(school, clock.now()).to_confirm == 0


def test_asking_needs_something_sent_and_a_term_to_come(department: Unit, school: Unit) -> None:
    entry, internal = send(department), send(department, is_broadcast=False)
    of_school = send(school, is_broadcast=False)

    with pytest.raises(errors.DueInPast):
        demand(department, entry, due=clock.now() - timedelta(seconds=1))
    with pytest.raises(errors.AsksMissing):
        demand(department, entry, "")
    for other in (internal, of_school):
        with pytest.raises(errors.NotSent):
            demand(department, other)
    with pytest.raises(errors.NotSent):
        demand(school, entry)
    assert not Request.objects.exists()


def test_nothing_is_asked_any_more_once_the_authority_says_so(department: Unit, school: Unit) -> None:
    entry = send(department)
    demand(department, entry, due=datetime(2100, 1, 1, tzinfo=UTC))

    with unit_scope(department.pk):
        ended = [stop_asking(unit=department, kind=entry.kind, object_id=entry.object_id, by="Sở") for _ in range(2)]

    assert ended == [True, False]
    with unit_scope(school.pk):
        assert inbox_counts(school, clock.now()).to_confirm == 0


def test_what_demands_an_answer_is_not_hidden(department: Unit, school: Unit) -> None:
    entry = send(department)
    demand(department, entry)

    with unit_scope(school.pk), pytest.raises(MustStay):
        hide_here(unit=school, entry=entry, reason="Không liên quan", by=LAN)

    with unit_scope(department.pk):
        stop_asking(unit=department, kind=entry.kind, object_id=entry.object_id, by="Sở")
    with unit_scope(school.pk):
        assert hide_here(unit=school, entry=entry, reason="Không liên quan", by=LAN).act == "hide"


def test_a_change_after_the_confirmation_is_told(department: Unit, school: Unit) -> None:
    entry = send(department)
    with unit_scope(school.pk):
        confirm(unit=school, entry=entry, by=LAN)
        before = received(school, entry.pk)
    send(department, object_id=entry.object_id, title="Báo cáo (đã sửa)", changed_at=clock.now())

    with unit_scope(school.pk):
        after = received(school, entry.pk)
    assert before is not None
    assert after is not None
    assert [(one.is_confirmed, one.is_updated) for one in (before, after)] == [(True, False), (True, True)]
