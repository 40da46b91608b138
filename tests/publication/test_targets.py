"""Whom something is meant for, and what units choose of it: every way to read agrees with the rule said in Python."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congtruong.core import clock
from congtruong.delivery.queries import inbox
from congtruong.delivery.queries.outbox import with_counts
from congtruong.publication import errors
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Choice, Entry, Hiding, Target
from congtruong.publication.queries import (
    Source,
    Window,
    addressed,
    own_and_above,
    read_windows,
    search,
    targets_below,
    targets_of,
    visible,
)
from congtruong.publication.queries.lists import count as list_count
from congtruong.publication.services import Published, as_sent, hide_here, pin_here, publish, withdraw
from congtruong.units.enums import Kind, Level
from congtruong.units.models import Reach, Unit
from congtruong.units.rules.tree import Span
from congtruong.units.scoping import everywhere, unit_scope
from tests.factories import BY, make_authority, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_ids = count(1)
DAY = date(2026, 9, 7)


def send(owner: Unit, title: str = "Tin", *, on: date = DAY, is_broadcast: bool = True, **fields: Any) -> Entry:
    values: dict[str, Any] = {"object_id": next(_ids), "channels": (Channel.NOTICE,), "kind": EntryKind.POST}
    values |= fields
    values["targets"] = tuple(unit.pk for unit in values.get("targets", ()))
    at = datetime.combine(on, time(12), clock.VIETNAM)
    with unit_scope(owner.pk):
        return publish(
            content=Published(unit_id=owner.pk, title=title, published_at=at, is_broadcast=is_broadcast, **values)
        )


def seen(unit: Unit) -> list[str]:
    return sorted(visible(unit, Entry.objects.all()).values_list("title", flat=True))


@dataclass
class City:
    """A department; a ward and a school below it; a second ward with two schools."""

    department: Unit
    ward: Unit
    other_ward: Unit
    school: Unit
    others: list[Unit]

    @property
    def readers(self) -> list[Unit]:
        return [self.ward, self.other_ward, self.school, *self.others]


@pytest.fixture
def city() -> City:
    department = make_authority()
    wards = [make_authority(kind=Kind.WARD_COMMITTEE) for _ in range(2)]
    schools = [make_unit() for _ in range(3)]
    for ward in wards:
        place(ward, department)
    for school, ward in zip(schools, (wards[0], wards[1], wards[1]), strict=True):
        place(school, ward)
    return City(department, wards[0], wards[1], schools[0], schools[1:])


# --- Targets ----------------------------------------------------------------------------------------------------------


def test_a_single_unit_is_told_and_nobody_else(city: City) -> None:
    entry = send(city.department, targets=[city.school])

    assert [seen(unit) for unit in city.readers] == [[], [], ["Tin"], [], []]
    assert seen(city.department) == ["Tin"]
    assert entry.is_targeted is True
    assert targets_of(entry) == [city.school]


def test_an_authority_as_target_stands_for_itself_and_all_below_it(city: City) -> None:
    send(city.department, targets=[city.other_ward])

    assert [seen(unit) for unit in city.readers] == [[], ["Tin"], [], ["Tin"], ["Tin"]]


def test_levels_narrow_targets_further(city: City) -> None:
    primary = make_unit(levels=int(Level.PRIMARY))
    place(primary, city.other_ward)
    send(city.department, targets=[city.other_ward], levels=int(Level.PRIMARY))

    assert seen(primary) == ["Tin"]
    assert [seen(unit) for unit in city.others] == [[], []]


def test_a_unit_that_moves_keeps_what_was_meant_for_its_authority_of_that_day(city: City) -> None:
    before, after = send(city.department, "Trước", targets=[city.ward]), date(2026, 10, 1)
    with unit_scope(city.school.pk):
        city.school.oversights.all().delete()
    place(city.school, city.ward, to_on=after - timedelta(days=1))
    place(city.school, city.other_ward, from_on=after)
    send(city.department, "Sau, phường cũ", on=after, targets=[city.ward])
    send(city.department, "Sau, phường mới", on=after, targets=[city.other_ward])

    early = send(city.department, "Trước, phường mới", targets=[city.other_ward])

    assert seen(city.school) == sorted(listed(city.school)) == ["Sau, phường mới", "Trước"]
    assert list_count(own_and_above(city.school), Channel.NOTICE) == 2
    for entry, units in ((before, {city.ward, city.school}), (early, {city.other_ward, *city.others})):
        assert set(addressed(entry, after)) == units
        with unit_scope(city.department.pk):
            assert with_counts(city.department, [entry], after)[0].addressed == len(units)


def test_a_target_elsewhere_is_no_way_in(city: City) -> None:
    stranger = make_unit()
    place(stranger, make_authority())
    send(city.department, targets=[stranger])

    assert seen(stranger) == []


def test_what_nobody_below_sees_is_meant_for_nobody_in_particular(city: City) -> None:
    entry = send(city.department, is_broadcast=False, targets=[city.school])

    assert (entry.is_targeted, Target.objects.count()) == (None, 0)


def test_targets_follow_every_publication_and_go_with_the_thing(city: City) -> None:
    number = next(_ids)
    send(city.department, object_id=number, targets=[city.ward, city.school])
    first = dict(Target.objects.values_list("target_id", "made_at"))
    send(city.department, object_id=number, targets=[city.school, city.others[0]])
    second = dict(Target.objects.values_list("target_id", "made_at"))

    assert set(second) == {city.school.pk, city.others[0].pk}
    assert second[city.school.pk] == first[city.school.pk] < second[city.others[0].pk]

    everybody = send(city.department, object_id=number)
    assert (everybody.is_targeted, Target.objects.count()) == (None, 0)
    assert everybody.widened_at is not None

    send(city.department, object_id=number, targets=[city.school])
    with unit_scope(city.department.pk):
        withdraw(kind=EntryKind.POST, object_id=number)
    assert Target.objects.count() == 0


def test_an_entry_that_was_lost_is_written_again_with_its_targets(city: City) -> None:
    entry = send(city.department, targets=[city.school, city.ward])
    with unit_scope(city.department.pk):
        Entry.objects.all().delete()
    send(city.department, object_id=entry.object_id, targets=[city.school])

    assert list(Target.objects.values_list("target_id", flat=True)) == [city.school.pk]


def test_other_things_with_the_same_number_keep_their_own_targets(city: City) -> None:
    number = next(_ids)
    send(city.department, "Bài", object_id=number, targets=[city.school])
    send(city.department, "Tin nguồn", object_id=number, kind=EntryKind.ITEM, targets=[city.others[0]])

    assert [seen(unit) for unit in (city.school, city.others[0])] == [["Bài"], ["Tin nguồn"]]


def test_a_source_without_a_reader_finds_nothing_that_is_meant_for_certain_units(city: City) -> None:
    send(city.department, "Riêng", targets=[city.school])
    send(city.department, "Chung")
    public = [Source(city.department.pk, Span(date(2020, 1, 1), None))]

    assert [e.title for e in visible(city.school, Entry.objects.all(), public)] == ["Chung"]
    assert list_count(public, Channel.NOTICE) == 1


def test_an_authority_names_units_and_authorities_below_it_today(city: City) -> None:
    closed, gone = make_unit(closed_on=date(2026, 1, 1)), make_unit()
    place(closed, city.ward)
    place(gone, city.ward, to_on=date(2026, 1, 1))

    assert set(targets_below(city.department, DAY)) == set(city.readers)
    assert set(targets_below(city.other_ward, DAY)) == set(city.others)
    assert not targets_below(city.school, DAY).exists()


# --- Choices ----------------------------------------------------------------------------------------------------------


def hide(unit: Unit, entry: Entry, reason: str = "Không liên quan") -> Choice:
    with unit_scope(unit.pk):
        return hide_here(unit=unit, entry=entry, reason=reason, by=BY)


def pin(unit: Unit, entry: Entry) -> Choice:
    with unit_scope(unit.pk):
        return pin_here(unit=unit, entry=entry, by=BY)


def restore(unit: Unit, entry: Entry) -> None:
    with unit_scope(unit.pk):
        as_sent(unit=unit, entry=entry, by="Thầy Nam")


def listed(unit: Unit, **options: Any) -> list[str]:
    window = Window("list", Channel.NOTICE, own_and_above(unit), options.pop("limit", 50), pins_first=True, **options)
    return [entry.title for entry in read_windows([window])["list"]]


def test_what_a_unit_hides_is_gone_from_its_portal_only(city: City) -> None:
    entry = send(city.department, "Hội thảo")
    hide(city.school, entry)

    def found(unit: Unit) -> tuple[list[str], list[str], int, int]:
        matches = search(unit=unit, sources=own_and_above(unit), query="hoi thao").entries
        return seen(unit), listed(unit), list_count(own_and_above(unit), Channel.NOTICE), len(matches)

    assert found(city.school) == ([], [], 0, 0)
    for unit in (city.ward, *city.others):
        assert found(unit) == (["Hội thảo"], ["Hội thảo"], 1, 1)


def test_hiding_all_channels_of_an_item_at_once(city: City) -> None:
    entry = send(city.department, channels=(Channel.DOCUMENT, Channel.NEWS), kind=EntryKind.ITEM)
    hide(city.school, Entry.objects.get(channel=Channel.NEWS))

    assert seen(city.school) == []
    restore(city.school, entry)
    assert seen(city.school) == ["Tin", "Tin"]


def test_the_reason_is_kept_for_the_authority_and_ends_with_the_hiding(city: City) -> None:
    entry = send(city.department)
    hide(city.school, entry, "  Không  liên quan ")
    hide(city.school, entry, "Trùng tin của trường")

    with unit_scope(city.department.pk):
        (told,) = Hiding.of_owner.all()
        assert not Hiding.objects.exists()
    assert (told.reason, told.unit, told.hidden_by, told.ended_at) == ("Trùng tin của trường", city.school, BY, None)
    with unit_scope(city.other_ward.pk, city.others[0].pk):
        assert not Hiding.of_owner.exists()
        assert not Hiding.objects.exists()

    restore(city.school, entry)
    with unit_scope(city.department.pk):
        ended = Hiding.of_owner.get()
    assert (ended.ended_at is None, ended.ended_by) == (False, "Thầy Nam")
    assert Choice.objects.count() == 0


def test_a_reason_is_needed_to_hide(city: City) -> None:
    entry = send(city.department)
    with unit_scope(city.school.pk), pytest.raises(errors.HidingReasonMissing):
        hide_here(unit=city.school, entry=entry, reason=" \n ", by=BY)
    assert seen(city.school) == ["Tin"]


@pytest.mark.parametrize("act", [pin, hide])
def test_only_what_came_from_above_is_chosen(city: City, act: Callable[[Unit, Entry], Choice]) -> None:
    stranger = make_authority()
    mine = send(city.school, is_broadcast=False)
    entries = [mine, send(stranger), send(city.department, targets=[city.others[0]])]

    for entry in entries:
        with pytest.raises(errors.NotFromAbove):
            act(city.school, entry)
    assert Choice.objects.count() == 0


def test_what_is_pinned_comes_first_on_every_page_and_once(city: City) -> None:
    entries = [send(city.department, f"Tin {n}", on=DAY + timedelta(days=n)) for n in range(6)]
    pin(city.school, entries[1])
    pin(city.school, entries[0])

    order = ["Tin 1", "Tin 0", "Tin 5", "Tin 4", "Tin 3", "Tin 2"]
    assert listed(city.school) == order
    assert [listed(city.school, limit=2, offset=offset) for offset in (0, 2, 4, 6)] == [
        order[:2],
        order[2:4],
        order[4:],
        [],
    ]
    assert listed(city.others[0]) == [f"Tin {n}" for n in range(5, -1, -1)]
    window = Window("list", Channel.NOTICE, own_and_above(city.school), 3, pins_first=True)
    marks = [entry.pinned_here for entry in read_windows([window])["list"]]
    assert marks == [True, True, False]


def test_pinned_for_one_unit_is_pinned_for_no_other_and_only_where_asked(city: City) -> None:
    old, new = send(city.department, "Cũ", on=DAY), send(city.department, "Mới", on=DAY + timedelta(days=1))
    pin(city.school, old)

    plain = Window("list", Channel.NOTICE, own_and_above(city.school), 5)
    assert [entry.pk for entry in read_windows([plain])["list"]] == [new.pk, old.pk]
    assert listed(city.others[0]) == ["Mới", "Cũ"]


def test_few_things_are_pinned_at_once(city: City) -> None:
    entries = [send(city.department, f"Tin {n}") for n in range(4)]
    for entry in entries[:3]:
        pin(city.school, entry)

    with pytest.raises(errors.TooManyPins, match="nhiều nhất 3"):
        pin(city.school, entries[3])
    pin(city.school, entries[0])
    pin(city.school, send(city.department, "Kênh khác", channels=(Channel.NEWS,)))
    restore(city.school, entries[0])
    pin(city.school, entries[3])
    assert sorted(listed(city.school)[:3]) == ["Tin 1", "Tin 2", "Tin 3"]


def test_pinning_what_was_hidden_shows_it_again(city: City) -> None:
    entry = send(city.department)
    hide(city.school, entry)
    pin(city.school, entry)

    assert listed(city.school) == ["Tin"]
    with unit_scope(city.school.pk):
        assert Hiding.objects.filter(ended_at=None).count() == 0
    hide(city.school, entry)
    assert listed(city.school) == []


def test_a_choice_outlives_a_withdrawal(city: City) -> None:
    entry = send(city.department)
    hide(city.school, entry)
    with unit_scope(city.department.pk):
        withdraw(kind=EntryKind.POST, object_id=entry.object_id)
    send(city.department, object_id=entry.object_id)

    assert seen(city.school) == []
    assert seen(city.others[0]) == ["Tin"]


# --- One rule, said five times ----------------------------------------------------------------------------------------

FIRST = date(2024, 1, 1)
LAST = FIRST + timedelta(days=30)
NAMES = ["department", "ward", "other_ward", "school", "second", "stranger"]
AUTHORITIES = NAMES[:3]


@dataclass
class World:
    units: dict[str, Unit]
    edges: list[tuple[str, str, Span]] = field(default_factory=list)

    def is_above(self, authority: str, unit: str, day: date) -> bool:
        return any(
            day in span and (above == authority or self.is_above(authority, above, day))
            for below, above, span in self.edges
            if below == unit
        )

    def sees(self, reader: str, thing: dict[str, Any], hidden: set[tuple[str, int]]) -> bool:
        if thing["owner"] == reader:
            return True
        day, levels = thing["on"], self.units[reader].levels
        return (
            thing["is_broadcast"]
            and self.is_above(thing["owner"], reader, day)
            and (not levels or not thing["levels"] or bool(levels & thing["levels"]))
            and (
                not thing["targets"]
                or any(name == reader or self.is_above(name, reader, day) for name in thing["targets"])
            )
            and (reader, thing["number"]) not in hidden
        )


def stays() -> st.SearchStrategy[Any]:
    """For one unit: where it stands, span after span."""
    stay = st.tuples(st.sampled_from(AUTHORITIES), st.integers(0, 9), st.integers(3, 25))
    return st.lists(stay, min_size=1, max_size=2)


things = st.fixed_dictionaries(
    {
        "owner": st.sampled_from([*AUTHORITIES, "school"]),
        "on": st.integers(0, 25).map(lambda number: FIRST + timedelta(days=number)),
        "is_broadcast": st.sampled_from([True, True, True, False]),
        "levels": st.sampled_from([0, 0, 2, 4]),
        "targets": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "kind": st.sampled_from(list(EntryKind)),
        "hidden_by": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "pinned_by": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
    }
)


class Play:
    """One random world in the database and beside it, in Python."""

    def __init__(self, units: dict[str, Unit]) -> None:
        self.units = units
        self.world = World(units)
        self.hidden: set[tuple[str, int]] = set()
        self.entries: dict[int, Entry] = {}
        with everywhere("a test begins anew"):
            for model in (Entry, Target, Choice, Hiding, Reach):
                model.objects.all().delete()
            for unit in units.values():
                unit.oversights.all().delete()

    def grow(self, tree: dict[str, Any]) -> None:
        """Authorities stand below earlier ones only, so that nobody stands below himself."""
        for name, found in tree.items():
            free_from = date.min
            for above, start, length in found:
                if NAMES.index(above) >= NAMES.index(name):
                    continue
                begin = max(free_from, FIRST + timedelta(days=start))
                end = begin + timedelta(days=length)
                place(self.units[name], self.units[above], from_on=begin, to_on=end)
                self.world.edges.append((name, above, Span(begin, end)))
                free_from = end + timedelta(days=1)

    def send(self, number: int, thing: dict[str, Any]) -> None:
        thing["number"] = number
        self.entries[number] = send(
            self.units[thing["owner"]],
            object_id=number,
            targets=[self.units[name] for name in thing["targets"]],
            **{name: thing[name] for name in ("on", "is_broadcast", "levels", "kind")},
        )
        for name in sorted(self.readers(thing)):
            if name in thing["hidden_by"]:
                hide(self.units[name], self.entries[number])
                self.hidden.add((name, number))
            elif name in thing["pinned_by"] and Choice.objects.filter(unit=self.units[name], act="pin").count() < 3:
                pin(self.units[name], self.entries[number])

    def readers(self, thing: dict[str, Any]) -> set[str]:
        """Everybody it is meant for, whatever he did with it."""
        return {name for name in NAMES if name != thing["owner"] and self.world.sees(name, thing, set())}

    def expected(self, name: str, sent: list[dict[str, Any]]) -> list[int]:
        found = [thing for thing in sent if self.world.sees(name, thing, self.hidden)]
        return sorted(self.entries[thing["number"]].pk for thing in found)


def test_lists_queries_boards_and_the_rule_in_python_agree_over_random_trees() -> None:
    units = {name: make_authority(kind=Kind.WARD_COMMITTEE) for name in AUTHORITIES}
    units |= {"school": make_unit(levels=4), "second": make_unit(levels=6), "stranger": make_unit(levels=0)}
    names = {unit.pk: name for name, unit in units.items()}

    @settings(max_examples=25)
    @given(
        tree=st.fixed_dictionaries({name: stays() for name in NAMES[1:5]}),
        sent=st.lists(things, min_size=1, max_size=6),
    )
    def check(tree: dict[str, Any], sent: list[dict[str, Any]]) -> None:
        play = Play(units)
        play.grow(tree)
        for number, thing in enumerate(sent, 1):
            play.send(number, thing)

        for name, unit in units.items():
            expected = play.expected(name, sent)
            assert ways_to_read(unit) == [expected] * 4
            with unit_scope(unit.pk):
                arrived = [one.entry.pk for one in inbox(unit, now=clock.now(), limit=50)]
            from_above = [play.entries[t["number"]].pk for t in sent if name in play.readers(t)]
            assert sorted(arrived) == sorted(from_above)
        for thing in sent:
            owner, entry = units[thing["owner"]], play.entries[thing["number"]]
            assert {names[unit.pk] for unit in addressed(entry, LAST)} == play.readers(thing)
            with unit_scope(owner.pk):
                (numbers,) = with_counts(owner, [entry], LAST)
            gone = {who for who, number in play.hidden if number == thing["number"]}
            assert (numbers.addressed, numbers.hidden) == (len(play.readers(thing)), len(gone))

    check()


def ways_to_read(unit: Unit) -> list[list[int]]:
    """What stands on a portal: by condition, by the lists of all channels and of one, and page by page."""
    sources = own_and_above(unit)
    windows = [
        Window("all", None, sources, 50),
        Window("list", Channel.NOTICE, sources, 50, pins_first=True),
        *(Window(f"page{n}", Channel.NOTICE, sources, 1, n, pins_first=True) for n in range(7)),
    ]
    read = {name: [entry.pk for entry in rows] for name, rows in read_windows(windows).items()}
    pages = [pk for n in range(7) for pk in read[f"page{n}"]]
    assert pages == read["list"]
    assert list_count(sources, Channel.NOTICE) == len(pages)
    by_condition = visible(unit, Entry.objects.all()).values_list("pk", flat=True)
    return [sorted(by_condition), sorted(read["all"]), sorted(read["list"]), sorted(pages)]
