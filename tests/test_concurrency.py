"""Writers at the same moment: the database lets one after the other through, and nothing is lost."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from django.db import connection

from congtruong.core import clock
from congtruong.feeds.models import Feed, Item, Source
from congtruong.feeds.services import refresh
from congtruong.publication.enums import FEED_CHANNELS
from congtruong.publication.models import Entry
from congtruong.units.enums import Kind, OversightKind
from congtruong.units.models import Reach
from congtruong.units.scoping import everywhere, unit_scope
from congtruong.units.services import rebuild_reach
from tests.factories import make_authority, make_unit, place
from tests.fakes.source import serving

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def together(*works: Callable[[], object]) -> None:
    """Run at once in threads with connections of their own; raise what one of them raised."""
    start = threading.Barrier(len(works))
    problems: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            work()
        except BaseException as problem:  # noqa: BLE001 - handed to the test
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if problems:
        raise problems[0]


def alone_on_sqlite(works: Sequence[Callable[[], object]]) -> None:
    """An in-memory SQLite database has one connection: there the works follow each other."""
    if connection.vendor == "sqlite":
        for work in works:
            work()
    else:
        together(*works)


def test_feeds_of_one_source_read_at_once_keep_all_channels_of_an_item(settings: Any) -> None:
    department = make_authority()
    with serving() as fake:
        settings.FETCH_ALLOW = (fake.address,)
        feeds = []
        with unit_scope(department.pk):
            origin = Source.objects.create(unit=department, name="Sở", homepage=fake.base + "/")
            for channel in FEED_CHANNELS:
                fake.set_items(f"/{channel}/", *((f"n{n}", f"Tin {n}") for n in range(5)))
                feeds.append(
                    Feed.objects.create(
                        unit=department,
                        source=origin,
                        url=f"{fake.base}/{channel}/",
                        channel=channel,
                        next_check_at=clock.now(),
                    ).pk
                )

        alone_on_sqlite([partial(refresh, feed_id=pk) for pk in feeds])

        with everywhere("thử"):
            assert Item.objects.count() == 5
            assert {feed.error_code for feed in Feed.objects.all()} == {""}
    assert Entry.objects.count() == 5 * len(FEED_CHANNELS)
    assert Entry.objects.filter(is_primary=True).count() == 5


def test_tree_written_at_once_has_the_closure_of_all_its_edges() -> None:
    department = make_authority(kind=Kind.DEPARTMENT)
    wards = [make_authority(kind=Kind.WARD_COMMITTEE) for _ in range(3)]
    schools = [make_unit() for _ in range(3)]

    works: list[Callable[[], object]] = []
    for ward, school in zip(wards, schools, strict=True):
        works.append(partial(place, school, ward))
        works.append(partial(place, ward, department, kind=OversightKind.PROFESSIONAL))
    alone_on_sqlite(works)

    kept = set(Reach.objects.values_list("unit", "authority"))
    rebuild_reach()
    assert kept == set(Reach.objects.values_list("unit", "authority"))
    assert {(school.pk, department.pk) for school in schools} <= kept
