"""The dated tree against an oracle that walks it anew for every single day."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from congtruong.units.rules.tree import MOST_STEPS, Edge, Reached, Span, merge, reach

pytestmark = pytest.mark.unit

FIRST = date(2024, 1, 1)
DAYS = 12
UNITS = range(1, 5)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, DAYS - 1))
    length = draw(st.none() | st.integers(0, DAYS))
    return Span(day(start), None if length is None else day(start + length))


edges = st.builds(Edge, st.sampled_from(UNITS), st.sampled_from(UNITS), spans(), st.booleans())
# Also beyond the last start of a span, where only open spans and long ones are left.
days = st.integers(-1, 2 * DAYS + 2).map(day)


def above_on(edges: Iterable[Edge], unit_id: int, on: date) -> set[tuple[int, bool]]:
    """(authority, reached through managing edges only) on one day: every way up that does not pass the unit again."""
    valid = [edge for edge in edges if edge.span.from_on <= on and (edge.span.to_on is None or on <= edge.span.to_on)]
    found: set[tuple[int, bool]] = set()
    waiting = [(unit_id, True)]
    while waiting:
        at, managing = waiting.pop()
        for edge in valid:
            step = (edge.authority_id, managing and edge.is_managing)
            if edge.unit_id == at and edge.authority_id != unit_id and step not in found:
                found.add(step)
                waiting.append(step)
    return found


@given(st.lists(edges, max_size=9), st.lists(days, min_size=1, max_size=8))
def test_reach_holds_on_a_day_exactly_when_a_chain_of_that_day_exists(tree: list[Edge], on: list[date]) -> None:
    found = reach(tree, UNITS)

    for moment in on:
        for unit_id in UNITS:
            reached = {(r.authority_id, r.is_managing) for r in found if r.unit_id == unit_id and moment in r.span}
            assert reached == above_on(tree, unit_id, moment)


@given(st.lists(edges, max_size=9))
def test_reach_is_sorted_and_holds_no_day_twice(tree: list[Edge]) -> None:
    found = reach(tree, UNITS)

    assert found == sorted(found, key=lambda r: (r.unit_id, r.authority_id, r.is_managing, r.span.from_on))
    by_chain: dict[tuple[int, int, bool], list[Span]] = {}
    for row in found:
        by_chain.setdefault((row.unit_id, row.authority_id, row.is_managing), []).append(row.span)
    assert all(merge(pieces) == pieces for pieces in by_chain.values())


@given(st.lists(edges, max_size=9), st.sets(st.sampled_from(UNITS)))
def test_reach_answers_for_the_asked_units_only_and_independently_of_the_others(
    tree: list[Edge], asked: set[int]
) -> None:
    assert reach(tree, asked) == [row for row in reach(tree, UNITS) if row.unit_id in asked]


SO, PHONG, WARD, SCHOOL = 1, 2, 3, 4
TWO_TIERS_FROM = date(2025, 7, 1)
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
BINH_TAN = [
    Edge(SCHOOL, PHONG, Span(date(2003, 11, 5), LAST_DAY_OF_DISTRICTS), is_managing=True),
    Edge(PHONG, SO, Span(date(2003, 11, 5), LAST_DAY_OF_DISTRICTS), is_managing=True),
    Edge(SCHOOL, WARD, Span(TWO_TIERS_FROM, None), is_managing=True),
    Edge(SCHOOL, SO, Span(TWO_TIERS_FROM, None), is_managing=False),
]


def test_reach_of_a_binh_tan_school_follows_the_reform_of_2025() -> None:
    districts = Span(date(2003, 11, 5), LAST_DAY_OF_DISTRICTS)
    two_tiers = Span(TWO_TIERS_FROM, None)

    assert reach(BINH_TAN, [SCHOOL]) == [
        Reached(SCHOOL, SO, False, two_tiers),
        Reached(SCHOOL, SO, True, districts),
        Reached(SCHOOL, PHONG, True, districts),
        Reached(SCHOOL, WARD, True, two_tiers),
    ]


@pytest.mark.parametrize(
    ("on", "authorities"),
    [
        (date(2003, 11, 4), set()),
        (date(2003, 11, 5), {(PHONG, True), (SO, True)}),
        (date(2023, 9, 5), {(PHONG, True), (SO, True)}),
        (LAST_DAY_OF_DISTRICTS, {(PHONG, True), (SO, True)}),
        (TWO_TIERS_FROM, {(WARD, True), (SO, False)}),
        (date(2026, 9, 5), {(WARD, True), (SO, False)}),
    ],
)
def test_reach_of_a_binh_tan_school_on_a_day(on: date, authorities: set[tuple[int, bool]]) -> None:
    assert {(r.authority_id, r.is_managing) for r in reach(BINH_TAN, [SCHOOL]) if on in r.span} == authorities


def test_reach_of_a_chain_is_the_days_common_to_all_its_steps() -> None:
    tree = [Edge(1, 2, Span(day(0), day(5)), is_managing=True), Edge(2, 3, Span(day(4), None), is_managing=True)]

    assert reach(tree, [1]) == [
        Reached(1, 2, True, Span(day(0), day(5))),
        Reached(1, 3, True, Span(day(4), day(5))),
    ]


def test_reach_of_a_chain_whose_steps_never_held_together_is_empty() -> None:
    tree = [Edge(1, 2, Span(day(0), day(3)), is_managing=True), Edge(2, 3, Span(day(4), None), is_managing=True)]

    assert reach(tree, [1]) == [Reached(1, 2, True, Span(day(0), day(3)))]


def test_reach_joins_spans_that_follow_each_other() -> None:
    tree = [
        Edge(1, 2, Span(day(0), day(3)), is_managing=True),
        Edge(1, 2, Span(day(4), None), is_managing=True),
    ]

    assert reach(tree, [1]) == [Reached(1, 2, True, Span(day(0), None))]


@pytest.mark.parametrize("length", [1, 2, 3, 7, 30])
def test_reach_of_a_cycle_ends_and_never_holds_the_unit_itself(length: int) -> None:
    always = Span(day(0), None)
    ring = [Edge(unit, unit % length + 1, always, is_managing=True) for unit in range(1, length + 1)]

    found = reach(ring, [1])

    assert [row.authority_id for row in found] == list(range(2, min(length, MOST_STEPS + 1) + 1))


def test_reach_of_a_tangle_of_cycles_ends() -> None:
    size = 12
    tangle = [
        Edge(a, b, Span(day(a), day(a + b)), is_managing=a % 2 == 0)
        for a in range(1, size + 1)
        for b in range(1, size + 1)
    ]

    assert {row.authority_id for row in reach(tangle, [1])} == set(range(2, size + 1))


def test_reach_goes_eight_steps_up() -> None:
    always = Span(day(0), None)
    tower = [Edge(floor, floor + 1, always, is_managing=True) for floor in range(1, 20)]

    assert [row.authority_id for row in reach(tower, [1])] == list(range(2, MOST_STEPS + 2))


@given(st.lists(spans(), max_size=8))
@example([Span(day(0), date.max), Span(day(1), date.max)])
@example([Span(date.min, None), Span(date.min, day(1))])
def test_merge_keeps_the_days_in_the_fewest_spans(pieces: list[Span]) -> None:
    merged = merge(pieces)

    for number in range(-1, 2 * DAYS + 2):
        assert any(day(number) in span for span in merged) == any(day(number) in span for span in pieces)
    for earlier, later in pairwise(merged):
        assert earlier.to_on is not None
        assert (later.from_on - earlier.to_on).days > 1


@given(st.lists(spans(), max_size=8), st.randoms())
def test_merge_does_not_depend_on_the_order(pieces: list[Span], random: Random) -> None:
    shuffled = list(pieces)
    random.shuffle(shuffled)

    assert merge(shuffled) == merge(pieces)


@given(spans(), spans(), days)
def test_span_and_holds_the_days_of_both(one: Span, other: Span, on: date) -> None:
    common = one & other

    assert (common is not None and on in common) == (on in one and on in other)
    assert common == other & one
    assert common is None or common.to_on is None or common.from_on <= common.to_on
