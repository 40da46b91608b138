"""Measurements printed as ratios against a reference of the same run: this machine may be slow and noisy today.

Works on a database of its own that is filled with invented rows and thrown away.
"""

import io
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.test import Client

from congtruong.core import clock
from congtruong.core.text import words_of
from congtruong.demo.services.arrival_measuring import arrival_figures
from congtruong.demo.services.desk_measuring import desk_figures
from congtruong.demo.services.feed_measuring import feed_figures
from congtruong.demo.services.figures import Figure, compare
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.queries import own_and_above, search
from congtruong.publication.rules import search_scope
from congtruong.units.enums import Kind, Level, OversightKind
from congtruong.units.models import HostName, Oversight, Unit
from congtruong.units.scoping import unit_scope
from congtruong.units.services import rebuild_reach

BY = "đo đạc"
_VOCABULARY = (
    "tuyển sinh lớp sáu thông báo lịch kiểm tra học kỳ phụ huynh bán trú thực đơn văn bản hướng dẫn kế hoạch Đà Nẵng"
    " thư viện ngày hội đọc sách câu lạc bộ bóng đá khai giảng tri ân nhà giáo an toàn giao thông sức khỏe học đường"
)
_WORDS = _VOCABULARY.split()
_FROM = datetime(2023, 9, 5, 8, tzinfo=clock.VIETNAM)


def measure(*, units: int, entries: int, rounds: int) -> list[Figure]:
    """Fill the database with `units` schools and `entries` published things in one of them, then measure."""
    with transaction.atomic():
        department, schools, fill_seconds, insert_seconds = _fill(units)
        busy = schools[0]
        _publish_many(department, 2_000)
        _publish_many(busy, entries)
    _settle()
    small = _home(schools[1])
    return [
        Figure(
            "một đơn vị mới (tạo hàng loạt)",
            fill_seconds / units * 1000,
            insert_seconds / units * 1000,
            "ms",
            "chèn hàng loạt một dòng trống",
            connection.vendor,
        ),
        *_searches(busy, rounds),
        compare("trang chủ, đơn vị nhiều bài", _home(busy), small, "ms", "trang chủ của đơn vị không có bài", rounds),
        compare("trang chủ của Sở", _home(department), small, "ms", "trang chủ của một trường", rounds),
        *desk_figures(schools[1], schools[2], rounds),
        *arrival_figures(department, schools, sampled=100),
        *feed_figures(rounds),
    ]


def _fill(units: int) -> tuple[Unit, list[Unit], float, float]:
    started = time.perf_counter()
    department = Unit.objects.create(
        kind=Kind.DEPARTMENT, name="Sở đo đạc (mẫu)", search_name="so do dac (mau)", ownership=""
    )
    schools = Unit.objects.bulk_create(
        [
            Unit(
                kind=Kind.LOWER_SECONDARY,
                levels=int(Level.LOWER_SECONDARY),
                name=f"Trường THCS Đo Đạc {n} (mẫu)",
                search_name=f"truong thcs do dac {n} (mau)",
            )
            for n in range(units)
        ],
        batch_size=500,
    )
    HostName.objects.bulk_create(
        [
            HostName(unit=unit, name=f"dodac{n}.hcm.edu.vn", is_canonical=True)
            for n, unit in enumerate([department, *schools])
        ],
        batch_size=500,
    )
    Oversight.objects.bulk_create(
        [
            Oversight(unit=unit, authority=department, kind=OversightKind.PROFESSIONAL, from_on=_FROM.date(), reason=BY)
            for unit in schools
        ],
        batch_size=500,
    )
    rebuild_reach()
    filled = time.perf_counter() - started
    started = time.perf_counter()
    Unit.objects.bulk_create(
        [Unit(kind=Kind.CENTRE, name=f"Trung tâm {n} (mẫu)", search_name="", closed_on=_FROM) for n in range(units)],
        batch_size=500,
    )
    return department, schools, filled, time.perf_counter() - started


def _publish_many(unit: Unit, count: int) -> None:
    chance = random.Random(2326)  # noqa: S311 - the same rows at every run
    with unit_scope(unit.pk):
        for start in range(0, count, 2_000):
            Entry.objects.bulk_create(
                [_entry(unit, number, chance) for number in range(start, min(count, start + 2_000))], batch_size=500
            )


def _entry(unit: Unit, number: int, chance: random.Random) -> Entry:
    title = " ".join(chance.choices(_WORDS, k=9)) + f" {number}"
    summary = " ".join(chance.choices(_WORDS, k=40))
    moment = _FROM + timedelta(minutes=13 * number)
    moment = min(moment, clock.now())
    channel = (Channel.NEWS, Channel.NOTICE, Channel.DOCUMENT, Channel.INVITATION)[number % 4]
    return Entry(
        unit=unit,
        kind=EntryKind.POST,
        object_id=unit.pk * 10_000_000 + number,
        channel=channel,
        title=title,
        slug=f"bai-{number}",
        path=f"/{channel}/bai-{number}/",
        summary=summary,
        published_at=moment,
        published_on=clock.day_of(moment),
        school_year=2026,
        is_broadcast=unit.is_authority,
        search_title=" ".join(words_of(title)),
        search_body=" ".join(words_of(summary)),
        search_scope=search_scope(unit.pk, is_broadcast=unit.is_authority),
    )


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _searches(unit: Unit, rounds: int) -> Iterator[Figure]:
    sources = own_and_above(unit)

    def finding(words: str) -> Callable[[], object]:
        return lambda: search(unit=unit, sources=sources, query=words)

    def one_row() -> object:
        return Entry.objects.filter(unit=unit, path="/tin-tuc/bai-0/", is_primary=True).first()

    for words in ("tuyen sinh", "da nang", "truong", "bong da khai giang tri an", "99"):
        yield compare(f"tìm “{words}” trong {_count(unit)} bài", finding(words), one_row, "ms", "đọc một dòng", rounds)


def _count(unit: Unit) -> int:
    return Entry.objects.filter(unit=unit).count()


def _home(unit: Unit) -> Callable[[], object]:
    client = Client()
    host = unit.hosts.get().name

    def read() -> object:
        response = client.get("/", headers={"host": host})
        if response.status_code != 200:
            raise RuntimeError(f"{host}: {response.status_code}")
        return response

    return read


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of its own, made by the migrations and dropped at the end."""
    creation = connection.creation
    name = str(connection.settings_dict["NAME"])
    # Django remarks on the cache table, which our migrations have made already.
    with redirect_stdout(io.StringIO()):
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        creation.destroy_test_db(name, verbosity=0)
