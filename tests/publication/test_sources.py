"""Which published rows stand on a portal: decided by the dated tree as of the day of publication."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congtruong.core import clock
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.queries import from_below, own, own_and_above, visible
from congtruong.publication.queries.lists import count as list_count
from congtruong.publication.services import Published, publish
from congtruong.units.enums import Kind, Level, OversightKind
from congtruong.units.models import Unit
from congtruong.units.rules.tree import Span
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_ids = count(1)
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
FIRST_DAY_OF_WARDS = date(2025, 7, 1)


def show(unit: Unit, title: str, on: date | datetime, *, is_broadcast: bool = True, levels: int = 0) -> Entry:
    """An entry of that day, at noon in Việt Nam unless an instant is given."""
    at = on if isinstance(on, datetime) else datetime.combine(on, time(12), clock.VIETNAM)
    with unit_scope(unit.pk):
        return publish(
            content=Published(
                unit_id=unit.pk,
                kind=EntryKind.ITEM,
                object_id=next(_ids),
                channels=(Channel.NEWS,),
                title=title,
                published_at=at,
                is_broadcast=is_broadcast,
                levels=levels,
            )
        )


def seen(unit: Unit) -> list[str]:
    return sorted(visible(unit, Entry.objects.all()).values_list("title", flat=True))


@pytest.fixture
def reform() -> dict[str, Unit]:
    """A school below the district office until 30/06/2025, below the ward since; the department all the time."""
    units = {
        "department": make_authority("Sở (mẫu)"),
        "district": make_authority("Phòng GD&ĐT (mẫu)", kind=Kind.DISTRICT_OFFICE),
        "ward": make_authority("UBND phường (mẫu)", kind=Kind.WARD_COMMITTEE),
        "school": make_unit(),
    }
    place(units["district"], units["department"], kind=OversightKind.PROFESSIONAL, to_on=LAST_DAY_OF_DISTRICTS)
    place(units["school"], units["district"], to_on=LAST_DAY_OF_DISTRICTS)
    place(units["school"], units["ward"], from_on=FIRST_DAY_OF_WARDS)
    place(units["school"], units["department"], kind=OversightKind.PROFESSIONAL)
    return units


def test_former_district_office_still_stands_on_the_portal_with_what_it_published_then(reform: dict[str, Unit]) -> None:
    show(reform["district"], "Phòng 2023", date(2023, 9, 5))
    show(reform["district"], "Phòng ngày cuối", LAST_DAY_OF_DISTRICTS)
    show(reform["district"], "Phòng sau khi thôi", FIRST_DAY_OF_WARDS)

    assert seen(reform["school"]) == ["Phòng 2023", "Phòng ngày cuối"]


def test_new_ward_stands_on_the_portal_only_with_what_it_published_since(reform: dict[str, Unit]) -> None:
    show(reform["ward"], "Phường trước", LAST_DAY_OF_DISTRICTS)
    show(reform["ward"], "Phường từ ngày đầu", FIRST_DAY_OF_WARDS)
    show(reform["ward"], "Phường 2026", date(2026, 9, 5))

    assert seen(reform["school"]) == ["Phường 2026", "Phường từ ngày đầu"]


def test_the_day_of_publication_is_the_day_in_vietnam(reform: dict[str, Unit]) -> None:
    midnight = datetime(2025, 6, 30, 17, tzinfo=UTC)
    for owner in ("district", "ward"):
        show(reform[owner], f"{owner} trước nửa đêm", midnight - timedelta(seconds=1))
        show(reform[owner], f"{owner} nửa đêm", midnight)

    assert seen(reform["school"]) == ["district trước nửa đêm", "ward nửa đêm"]


def test_what_stands_above_through_others_is_visible_once(reform: dict[str, Unit]) -> None:
    """The department is reached directly and through the district office."""
    show(reform["department"], "Sở 2023", date(2023, 9, 5))

    assert seen(reform["school"]) == ["Sở 2023"]
    assert list_count(own_and_above(reform["school"]), Channel.NEWS) == 1


def test_portal_shows_nothing_of_authorities_the_unit_never_stood_under(reform: dict[str, Unit]) -> None:
    stranger = make_unit()
    for owner in ("department", "district", "ward", "school"):
        show(reform[owner], owner, date(2025, 1, 6))
        show(reform[owner], owner, date(2026, 1, 6))

    assert seen(stranger) == []
    assert own_and_above(stranger) == own(stranger)


def test_what_is_not_for_units_below_stays_on_its_own_portal(reform: dict[str, Unit]) -> None:
    show(reform["department"], "Nội bộ Sở", date(2026, 9, 7), is_broadcast=False)

    assert seen(reform["school"]) == []
    assert seen(reform["department"]) == ["Nội bộ Sở"]


def test_what_units_below_publish_does_not_rise_or_spread(reform: dict[str, Unit]) -> None:
    sibling = make_unit()
    place(sibling, reform["ward"], from_on=FIRST_DAY_OF_WARDS)
    show(reform["school"], "Của trường", date(2026, 9, 7), is_broadcast=False)

    assert [seen(unit) for unit in (reform["school"], reform["ward"], reform["department"], sibling)] == [
        ["Của trường"],
        [],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("mask", "is_seen"),
    [
        (0, True),
        (Level.LOWER_SECONDARY, True),
        (Level.LOWER_SECONDARY | Level.PRIMARY, True),
        (Level.PRIMARY, False),
        (Level.PRESCHOOL | Level.UPPER_SECONDARY, False),
    ],
)
def test_levels_choose_the_schools_an_item_is_meant_for(mask: int, is_seen: bool) -> None:
    department, school = make_authority(), make_unit(levels=int(Level.LOWER_SECONDARY))
    place(school, department)
    show(department, "Cho cấp học", date(2026, 9, 7), levels=int(mask))

    assert seen(school) == (["Cho cấp học"] if is_seen else [])
    assert list_count(own_and_above(school), Channel.NEWS) == int(is_seen)


def test_levels_do_not_narrow_what_a_unit_or_an_authority_reads() -> None:
    ministry, department = make_authority(kind=Kind.MINISTRY), make_authority()
    school = make_unit(levels=int(Level.LOWER_SECONDARY))
    place(department, ministry)
    place(school, department)
    show(school, "Của chính trường", date(2026, 9, 7), is_broadcast=False, levels=int(Level.PRIMARY))
    show(ministry, "Của Bộ cho mầm non", date(2026, 9, 7), levels=int(Level.PRESCHOOL))
    show(department, "Của Sở cho tiểu học", date(2026, 9, 7), levels=int(Level.PRIMARY))

    assert seen(school) == ["Của chính trường"]
    assert seen(department) == ["Của Bộ cho mầm non", "Của Sở cho tiểu học"]


def test_multi_level_school_reads_what_is_meant_for_any_of_its_levels() -> None:
    department = make_authority()
    school = make_unit(kind=Kind.MULTI_LEVEL, levels=int(Level.PRIMARY | Level.LOWER_SECONDARY))
    place(school, department)
    for level in Level:
        show(department, level.label, date(2026, 9, 7), levels=int(level))

    assert seen(school) == ["Tiểu học", "Trung học cơ sở"]


def test_posts_of_an_authority_reach_the_schools_below_and_those_of_a_school_do_not_reach_the_authority() -> None:
    department, school = make_authority(), make_unit()
    place(school, department)
    make_post(department, "Từ Sở")
    make_post(department, "Nháp của Sở", publish=False)
    make_post(school, "Từ trường")

    assert seen(school) == ["Từ Sở", "Từ trường"]
    assert seen(department) == ["Từ Sở"]


def test_news_from_below_follows_the_tree_of_the_day(reform: dict[str, Unit]) -> None:
    show(reform["school"], "Tin của trường", date(2024, 9, 5), is_broadcast=False)
    show(reform["department"], "Tin của Sở", date(2024, 9, 5))

    def below(owner: str, day: date) -> list[str]:
        return list(from_below(reform[owner], Entry.objects.all(), day).values_list("title", flat=True))

    assert below("district", LAST_DAY_OF_DISTRICTS) == ["Tin của trường"]
    assert below("district", FIRST_DAY_OF_WARDS) == []
    assert below("ward", FIRST_DAY_OF_WARDS) == ["Tin của trường"]
    assert below("ward", LAST_DAY_OF_DISTRICTS) == []
    assert below("department", FIRST_DAY_OF_WARDS) == ["Tin của trường"]
    assert below("school", FIRST_DAY_OF_WARDS) == []


def _oracle(unit: Unit, entry: Entry, spans: dict[int, list[Span]]) -> bool:
    if entry.unit_id == unit.pk:
        return True
    meant = not unit.levels or not entry.levels or bool(unit.levels & entry.levels)
    return entry.is_broadcast and meant and any(entry.published_on in span for span in spans.get(entry.unit_id, []))


def test_visible_equals_the_rule_said_in_python_for_random_trees() -> None:
    first = date(2024, 1, 1)
    days = st.integers(0, 40).map(lambda number: first + timedelta(days=number))
    stretches = st.lists(st.tuples(days, st.integers(0, 20)), max_size=3)
    things = st.lists(
        st.tuples(st.sampled_from(["school", "first", "second", "other"]), days, st.booleans(), st.integers(0, 7)),
        max_size=12,
    )
    schools = {levels: make_unit(levels=levels) for levels in (0, 4, 6)}
    owners = {"first": make_authority(), "second": make_authority(), "other": make_unit()}

    @settings(max_examples=30)
    @given(levels=st.sampled_from([0, 4, 6]), stays=st.tuples(stretches, stretches), things=things)
    def check(levels: int, stays: tuple[Any, Any], things: list[tuple[str, date, bool, int]]) -> None:
        school = schools[levels]
        school.oversights.all().delete()
        school.reached_by.all().delete()
        with unit_scope(*(unit.pk for unit in (*schools.values(), *owners.values()))):
            Entry.objects.all().delete()
        spans: dict[int, list[Span]] = {}
        for name, kind, stay in zip(("first", "second"), OversightKind, stays, strict=True):
            free_from = date.min
            for start, length in sorted(stay):
                if start < free_from:
                    continue
                end = start + timedelta(days=length)
                place(school, owners[name], kind=kind, from_on=start, to_on=end)
                spans.setdefault(owners[name].pk, []).append(Span(start, end))
                free_from = end + timedelta(days=1)
        entries = [
            show(school if who == "school" else owners[who], "Tin", on, is_broadcast=shared, levels=mask)
            for who, on, shared, mask in things
        ]

        expected = sorted(entry.pk for entry in entries if _oracle(school, entry, spans))
        assert sorted(visible(school, Entry.objects.all()).values_list("pk", flat=True)) == expected
        assert list_count(own_and_above(school), Channel.NEWS) == len(expected)

    check()
