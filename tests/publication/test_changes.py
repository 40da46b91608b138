"""Who hears of changes, and when a thing came onto the portals."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congtruong.publication import registry
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Change, Entry
from congtruong.publication.registry import change_consumer
from congtruong.publication.rules import is_wider
from congtruong.publication.services import Published, publish, withdraw
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_ids = count(1)
NOON = datetime(2026, 9, 7, 5, tzinfo=UTC)


@pytest.fixture
def unit() -> Unit:
    return make_authority()


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_consumers", [])


@pytest.fixture
def listeners() -> None:
    change_consumer("hub")
    change_consumer("kho")
    change_consumer("hub")


def show(unit: Unit, number: int, *, is_new: bool = False, **fields: Any) -> Entry:
    values: dict[str, Any] = {"channels": (Channel.NEWS,), "title": "Tin", "published_at": NOON, **fields}
    content = Published(unit_id=unit.pk, kind=EntryKind.ITEM, object_id=number, **values)
    with unit_scope(unit.pk):
        return publish(content=content, is_new=is_new)


def told(unit: Unit) -> list[tuple[str, list[str]]]:
    with unit_scope(unit.pk):
        rows = [(change.consumer, change.channels) for change in Change.objects.order_by("pk")]
        Change.objects.all().delete()
    return rows


@pytest.mark.usefixtures("listeners")
def test_everybody_who_listens_hears_of_every_change_once(unit: Unit) -> None:
    number = next(_ids)
    show(unit, number, is_broadcast=True, levels=4)
    with unit_scope(unit.pk):
        change = Change.objects.first()
        assert change is not None
        assert (change.unit, change.kind, change.object_id, change.is_broadcast, change.levels) == (
            unit,
            "item",
            number,
            True,
            4,
        )
    assert told(unit) == [("hub", ["tin-tuc"]), ("kho", ["tin-tuc"])]

    show(unit, number, is_broadcast=True, levels=4)
    assert told(unit) == []
    show(unit, number, is_broadcast=True, levels=4, channels=(Channel.NOTICE,))
    assert told(unit) == [("hub", ["thong-bao", "tin-tuc"]), ("kho", ["thong-bao", "tin-tuc"])]
    with unit_scope(unit.pk):
        removed = [withdraw(kind=EntryKind.ITEM, object_id=number) for _ in range(2)]
    assert removed == [1, 0]
    assert told(unit) == [("hub", ["thong-bao"]), ("kho", ["thong-bao"])]


@pytest.mark.usefixtures("listeners")
def test_who_saw_a_thing_hears_that_it_is_not_for_him_any_more(unit: Unit) -> None:
    number = next(_ids)
    show(unit, number, is_broadcast=True, levels=4)
    told(unit)

    show(unit, number, is_broadcast=False, levels=8)

    with unit_scope(unit.pk):
        change = Change.objects.first()
        assert change is not None
        assert (change.is_broadcast, change.levels) == (True, 12)


@pytest.mark.usefixtures("listeners")
def test_other_targets_are_a_change(unit: Unit) -> None:
    other, number = make_authority(), next(_ids)
    show(unit, number, is_broadcast=True, targets=(other.pk,))
    told(unit)
    show(unit, number, is_broadcast=True, targets=(other.pk,))
    assert told(unit) == []
    show(unit, number, is_broadcast=True, targets=(other.pk, unit.pk))
    assert [consumer for consumer, _ in told(unit)] == ["hub", "kho"]


def queries(unit: Unit, **options: Any) -> int:
    number = options.pop("number", None) or next(_ids)
    with CaptureQueriesContext(connection) as captured:
        show(unit, number, **options)
    return len([query for query in captured if "set_config" not in query["sql"]])


def test_publishing_costs_nothing_more_while_nobody_listens(unit: Unit) -> None:
    number = next(_ids)

    assert queries(unit, is_new=True) == 1
    assert queries(unit, number=number) == 2
    assert queries(unit, number=number, title="Đổi tên") == 2
    # Nothing changed: nothing is written.
    assert queries(unit, number=number, title="Đổi tên") == 1


@pytest.mark.usefixtures("listeners")
def test_all_listeners_are_told_in_one_query(unit: Unit) -> None:
    assert queries(unit, is_new=True) == 2


def test_the_moment_a_thing_came_onto_the_portals_outlives_its_changes(unit: Unit) -> None:
    number = next(_ids)
    first = show(unit, number).shown_at
    changed = show(unit, number, title="Đổi tên", channels=(Channel.DOCUMENT, Channel.NEWS))

    assert first is not None
    assert {entry.shown_at for entry in Entry.objects.all()} == {first}
    assert changed.shown_at == first

    with unit_scope(unit.pk):
        withdraw(kind=EntryKind.ITEM, object_id=number)
    again = show(unit, number).shown_at
    assert again is not None
    assert again > first


def test_rows_from_before_moments_were_kept_say_nothing_of_their_beginning(unit: Unit) -> None:
    number = next(_ids)
    show(unit, number)
    with unit_scope(unit.pk):
        Entry.objects.update(shown_at=None)

    assert show(unit, number, title="Đổi tên").shown_at is None


def test_more_readers_than_before_are_noted(unit: Unit) -> None:
    number = next(_ids)
    show(unit, number, is_broadcast=True, levels=6)
    assert show(unit, number, is_broadcast=True, levels=4).widened_at is None

    wider = show(unit, number, is_broadcast=True).widened_at
    assert wider is not None
    assert show(unit, number, is_broadcast=True, title="Đổi tên").widened_at == wider
    assert show(unit, number, is_broadcast=True, published_at=NOON.replace(day=8)).widened_at != wider


@pytest.mark.unit
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((True, False, 0), (True, False, 0), False),
        ((False, False, 0), (True, False, 4), True),
        ((True, False, 0), (False, False, 0), False),
        ((True, True, 0), (True, False, 0), True),
        ((True, False, 0), (True, True, 0), False),
        ((True, False, 4), (True, False, 0), True),
        ((True, False, 4), (True, False, 6), True),
        ((True, False, 6), (True, False, 4), False),
        ((True, False, 0), (True, False, 4), False),
    ],
)
def test_is_wider(before: tuple[bool, bool, int], after: tuple[bool, bool, int], expected: bool) -> None:
    old = dict(zip(("was_broadcast", "was_targeted", "old_levels"), before, strict=True))
    new = dict(zip(("is_broadcast", "is_targeted", "new_levels"), after, strict=True))

    assert is_wider(**old, **new) is expected  # type: ignore[arg-type]
