"""Readings in memory: bounded, written together, for pages that exist."""

import logging
from datetime import date
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.editorial.services import withdraw_post
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from congtruong.visits.models import VisitCount
from congtruong.visits.services import Collector, Reading, collecting, sum_old_days, write_readings
from tests.factories import BY, make_authority, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DAY = date(2026, 11, 25)


@pytest.fixture
def unit() -> Unit:
    return make_unit()


def stored(unit: Unit) -> list[tuple[date, str, str, int]]:
    with unit_scope(unit.pk):
        rows = VisitCount.objects.order_by("day", "path")
        return list(rows.values_list("day", "path", "channel", "count"))


def store(unit: Unit, *rows: tuple[date, str, int]) -> None:
    with unit_scope(unit.pk):
        VisitCount.objects.bulk_create(VisitCount(unit=unit, day=day, path=path, count=n) for day, path, n in rows)


def test_readings_are_added_to_what_is_stored(unit: Unit) -> None:
    post = make_post(unit, "Khai giảng")
    path = f"/tin-tuc/{post.slug}/"
    for counts in ({path: 2, "/": 1}, {path: 3, "/thong-bao/": 4}):
        written = write_readings({Reading(unit.pk, DAY, page): count for page, count in counts.items()})
        assert written == sum(counts.values())

    assert stored(unit) == [(DAY, "/", "", 1), (DAY, "/thong-bao/", "thong-bao", 4), (DAY, path, "tin-tuc", 5)]


def test_pages_that_do_not_exist_are_not_counted(unit: Unit) -> None:
    other = make_unit()
    theirs, gone = make_post(other, "Của trường khác"), make_post(unit, "Đã gỡ")
    draft = make_post(unit, "Bản nháp", publish=False)
    with unit_scope(unit.pk):
        withdraw_post(post=gone, reason="Sai", by=BY)
    paths = [f"/tin-tuc/{post.slug}/" for post in (theirs, gone, draft)] + ["/tin-tuc/khong-co/", "/nguon/999/x/"]

    assert write_readings({Reading(unit.pk, DAY, path): 1 for path in paths}) == 0
    assert stored(unit) == []


def test_news_of_an_authority_counts_for_the_portal_where_it_was_read(unit: Unit) -> None:
    department, stranger = make_authority(), make_unit()
    place(unit, department)
    make_post(department, "Tin của Sở", channel=Channel.NOTICE)
    entry = Entry.objects.get()
    path = f"/nguon/{entry.pk}/{entry.slug}/"

    counts = {Reading(pk, DAY, path): 1 for pk in (unit.pk, stranger.pk)} | {
        Reading(unit.pk, DAY, f"/nguon/{entry.pk}/ten-khac/"): 1
    }

    assert write_readings(counts) == 1
    assert (stored(unit), stored(stranger)) == ([(DAY, path, "thong-bao", 1)], [])


def test_more_pages_cost_no_more_statements(unit: Unit, django_assert_max_num_queries: Any) -> None:
    posts = [make_post(unit) for _ in range(3)]

    def cost(count: int) -> int:
        with django_assert_max_num_queries(20) as captured:
            write_readings({Reading(unit.pk, DAY, f"/tin-tuc/{post.slug}/"): 1 for post in posts[:count]})
        return len(captured)

    assert cost(1) == cost(3)


def test_collector_writes_once_and_forgets(unit: Unit) -> None:
    counting = Collector()
    for _ in range(3):
        counting.note(unit_id=unit.pk, day=DAY, path="/")

    assert (counting.write(), counting.write()) == (3, 0)
    assert stored(unit) == [(DAY, "/", "", 3)]


def test_flood_on_one_unit_is_cut_off_and_leaves_the_others_alone(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_OF_UNIT", 5)
    counting, other = Collector(), make_unit()
    for _ in range(50):
        counting.note(unit_id=unit.pk, day=DAY, path="/")
    counting.note(unit_id=other.pk, day=DAY, path="/")
    assert counting.write() == 6

    counting.note(unit_id=unit.pk, day=DAY, path="/")
    assert counting.write() == 1


def test_made_up_addresses_cannot_fill_the_memory(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_PAGES", 3)
    counting = Collector()
    for n in range(100):
        counting.note(unit_id=unit.pk, day=DAY, path=f"/tin-tuc/bia-dat-{n}/")

    assert len(counting._counts) == 3


def test_counting_goes_on_after_a_failure(
    unit: Unit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_counts: object) -> int:
        raise OSError("disk full")

    counting = Collector()
    counting.note(unit_id=unit.pk, day=DAY, path="/")
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr(collecting, "write_readings", failing)
        assert counting.write() == 0
    assert caplog.messages == ["Lost 1 readings"]

    counting.note(unit_id=unit.pk, day=DAY, path="/")
    assert counting.write() == 1


def test_unit_that_is_gone_is_left_out() -> None:
    assert write_readings({Reading(999_999, DAY, "/"): 1}) == 0


def test_old_days_become_the_sum_of_their_month(unit: Unit) -> None:
    other = make_unit()
    rows = [(date(2023, 10, 1), "/", 1), (date(2023, 10, 7), "/", 2), (date(2023, 10, 31), "/", 4)]
    store(unit, *rows, (date(2023, 9, 15), "/tkb/", 8), (date(2023, 11, 2), "/", 16), (clock.today(), "/", 32))
    store(other, (date(2023, 10, 9), "/", 64))

    assert sum_old_days(today=DAY) == 2

    assert [(day, path, count) for day, path, _, count in stored(unit)] == [
        (date(2023, 9, 1), "/tkb/", 8),
        (date(2023, 10, 1), "/", 7),
        (date(2023, 11, 2), "/", 16),
        (clock.today(), "/", 32),
    ]
    assert [(day, count) for day, _, _, count in stored(other)] == [(date(2023, 10, 1), 64)]
    assert sum_old_days(today=DAY) == 0


def test_leap_day_is_no_obstacle(unit: Unit) -> None:
    store(unit, (date(2025, 1, 31), "/", 1))

    assert sum_old_days(today=date(2028, 2, 29)) == 0
    assert stored(unit) == [(date(2025, 1, 1), "/", "", 1)]
