"""Windows into dated lists: compared with a plain oracle over random worlds, always two queries."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from congtruong.core import clock
from congtruong.publication.enums import FEED_CHANNELS, Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.queries import Source, Window, count, read_windows
from congtruong.publication.services import Published, publish
from congtruong.units.models import Unit
from congtruong.units.rules.tree import Span
from congtruong.units.scoping import unit_scope
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

FIRST = datetime(2026, 1, 1, 16, 58, tzinfo=UTC)
IMAGE = {"key": "k", "renditions": [{"name": "40.webp", "width": 40}], "width": 40, "height": 25}


def make_entries(owners: list[Unit], *, number: int, seed: int) -> list[Entry]:
    """Entries of few days and instants, so that ties and edges of spans are common."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, guards nothing
    for object_id in range(1, number + 1):
        owner = dice.choice(owners)
        at = FIRST + timedelta(minutes=dice.randrange(4), days=dice.randrange(8), microseconds=dice.choice([0, 0, 7]))
        channels: list[Channel] = dice.sample(list(FEED_CHANNELS), dice.choice([1, 1, 2]))
        with unit_scope(owner.pk):
            publish(
                content=Published(
                    unit_id=owner.pk,
                    kind=EntryKind.ITEM,
                    object_id=object_id,
                    channels=tuple(channels),
                    title=f"Tin {object_id}",
                    published_at=at,
                    is_pinned=dice.random() < 0.3,
                    image=IMAGE if dice.random() < 0.4 else None,
                    starts_at=at + timedelta(days=dice.randrange(-2, 3)) if dice.random() < 0.5 else None,
                    is_broadcast=dice.random() < 0.8,
                    levels=dice.choice([0, 1, 2, 4, 6]),
                )
            )
    return list(Entry.objects.all())


def in_source(entry: Entry, source: Source) -> bool:
    if entry.unit_id != source.unit_id:
        return False
    if source.span is None:
        return True
    meant = not source.levels or not entry.levels or bool(source.levels & entry.levels)
    return entry.is_broadcast and entry.published_on in source.span and meant


def oracle(entries: list[Entry], window: Window) -> list[int]:
    """The window read from a list in memory, said as plainly as possible."""
    start = window.starting_from
    found = [
        entry
        for entry in entries
        if any(in_source(entry, source) for source in window.sources)
        and (entry.is_primary if window.channel is None else entry.channel == window.channel)
        and (entry.is_pinned or not window.pinned_only)
        and (entry.image is not None or not window.with_image)
        and (start is None or (entry.starts_at is not None and entry.starts_at >= start))
    ]
    if start is None:
        found.sort(key=lambda entry: (entry.published_at, entry.pk), reverse=True)
    else:
        found.sort(key=lambda entry: (entry.starts_at or start, entry.pk))
    return [entry.pk for entry in found][window.offset : window.offset + window.limit]


def spans() -> st.SearchStrategy[Span]:
    day = st.integers(0, 9).map(lambda number: date(2026, 1, 1) + timedelta(days=number))
    closed = st.tuples(day, day).map(lambda pair: Span(min(pair), max(pair)))
    return st.one_of(closed, day.map(lambda start: Span(start, None)))


def windows(own: int, others: list[int]) -> st.SearchStrategy[Window]:
    from_above = st.lists(
        st.builds(Source, st.sampled_from(others), spans(), st.integers(0, 7)),
        max_size=2,
        unique_by=lambda s: s.unit_id,
    )
    return st.builds(
        Window,
        name=st.just(""),
        channel=st.sampled_from([None, *FEED_CHANNELS]),
        sources=st.tuples(st.booleans(), from_above).map(lambda pair: [Source(own)] * pair[0] + pair[1]),
        limit=st.integers(0, 12),
        offset=st.sampled_from([0, 0, 1, 5, 30, 1000]),
        pinned_only=st.booleans(),
        with_image=st.booleans(),
        starting_from=st.one_of(st.none(), st.integers(-4, 12).map(lambda n: FIRST + timedelta(days=n))),
    )


def test_windows_equal_a_plain_reading_of_the_whole_list() -> None:
    owners = [make_unit() for _ in range(4)]
    entries = make_entries(owners, number=70, seed=2326)
    own, *above = [owner.pk for owner in owners]

    @given(st.lists(windows(own, above), min_size=1, max_size=5))
    def check(chosen: list[Window]) -> None:
        named = [replace(w, name=str(n)) for n, w in enumerate(chosen)]
        read = read_windows(named)

        assert {name: [entry.pk for entry in listed] for name, listed in read.items()} == {
            window.name: oracle(entries, window) for window in named
        }

    check()


def test_count_equals_a_plain_count_of_the_whole_list() -> None:
    owners = [make_unit() for _ in range(3)]
    entries = make_entries(owners, number=50, seed=20)
    own, *above = [owner.pk for owner in owners]

    @given(window=windows(own, above), channel=st.sampled_from(FEED_CHANNELS))
    def check(window: Window, channel: Channel) -> None:
        expected = [
            entry
            for entry in entries
            if entry.channel == channel and any(in_source(entry, source) for source in window.sources)
        ]

        assert count(window.sources, channel) == len(expected)

    check()


@pytest.mark.parametrize("number", [1, 2, 11])
def test_windows_take_two_queries_whatever_their_number(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owners = [make_unit() for _ in range(3)]
    make_entries(owners, number=20, seed=1)
    sources = [Source(owners[0].pk), *(Source(owner.pk, Span(date(2020, 1, 1), None)) for owner in owners[1:])]
    chosen = [Window(str(n), None, sources, 5, n) for n in range(number)]

    with django_assert_num_queries(2):
        read = read_windows(chosen)
        # What lists show needs no further query.
        shown = [
            (entry.title, entry.unit.name, entry.image, entry.facts) for listed in read.values() for entry in listed
        ]

    assert len(shown) == 5 * number


def test_windows_leave_the_heavy_columns_in_the_database() -> None:
    unit = make_unit()
    make_entries([unit], number=1, seed=1)

    (entry,) = read_windows([Window("list", None, [Source(unit.pk)], 1)])["list"]

    assert entry.get_deferred_fields() == {"body", "search_title", "search_body", "search_scope"}


def test_windows_without_sources_or_entries_are_empty() -> None:
    unit = make_unit()

    assert read_windows([]) == {}
    assert read_windows([Window("a", None, [], 5), Window("b", Channel.NEWS, [Source(unit.pk)], 5)]) == {
        "a": [],
        "b": [],
    }
    assert count([], Channel.NEWS) == 0


def test_one_moment_of_many_entries_is_paged_without_duplicates_or_gaps() -> None:
    unit = make_unit()
    values: dict[str, Any] = {"unit_id": unit.pk, "kind": EntryKind.ITEM, "channels": (Channel.NEWS,), "title": "Tin"}
    with unit_scope(unit.pk):
        for object_id in range(1, 24):
            publish(content=Published(object_id=object_id, published_at=FIRST, **values))

    pages = [
        read_windows([Window("list", Channel.NEWS, [Source(unit.pk)], 5, offset)])["list"] for offset in range(0, 30, 5)
    ]

    listed = [entry.pk for page in pages for entry in page]
    assert listed == sorted(Entry.objects.values_list("pk", flat=True), reverse=True)


def test_an_event_that_starts_now_is_still_coming() -> None:
    unit = make_unit()
    starts_at = clock.now()
    with unit_scope(unit.pk):
        publish(
            content=Published(
                unit_id=unit.pk,
                kind=EntryKind.POST,
                object_id=1,
                channels=(Channel.INVITATION,),
                title="Họp",
                published_at=FIRST,
                starts_at=starts_at,
            )
        )

    def titles(moment: datetime) -> list[str]:
        window = Window("upcoming", None, [Source(unit.pk)], 5, starting_from=moment)
        return [entry.title for entry in read_windows([window])["upcoming"]]

    assert titles(starts_at) == ["Họp"]
    assert titles(starts_at + timedelta(microseconds=1)) == []
