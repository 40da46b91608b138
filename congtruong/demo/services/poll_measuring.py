"""What reading the feeds of a whole province costs: conditional requests, a few changes, a few hostile servers.

Processor seconds of this process and of the children that parse; the server's are not counted. The reference is a bare
conditional GET of each of the same addresses in the same run.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import urllib3
from django.db import connection, transaction
from django.db.models import Max
from django.test import override_settings

from congtruong.core import clock, warm_child
from congtruong.core.limited_child import Bounds
from congtruong.demo.services import poll_server
from congtruong.demo.services.figures import Figure
from congtruong.feeds.models import Feed, Item, Sighting, Source
from congtruong.feeds.pipeline import worker
from congtruong.feeds.pipeline.links import canonical_link
from congtruong.feeds.services import read_due
from congtruong.publication.enums import Channel
from congtruong.units.enums import Kind, Level
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere

# Schools on one server, and every how many feeds one has something new or is hostile.
_TOGETHER = 10
_EVERY = 20
# Servers that answer for ever are given up after 30 seconds (core.http.Limits).
_LONGEST_SECONDS = 900


@dataclass(frozen=True, slots=True)
class _Server:
    process: "subprocess.Popen[str]"
    port: int

    def next_day(self) -> None:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the server has no pipes")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.process.stdout.readline()


def poll_figures(*, feeds: int = 2500) -> list[Figure]:
    """Read `feeds` school feeds: nothing new, then 5 % with a new item, then beside as many hostile ones.

    Raises RuntimeError when something was lost: an item of the second day, a feed that was not read.
    """
    addresses = [_address(number) for number in range(0, feeds, _TOGETHER)]
    hostile = [f"127.2.{n // 250}.{n % 250 + 1}" for n in range(max(4, feeds // _EVERY))]
    vendor = connection.vendor
    with _serving([*addresses, *hostile]) as server:
        allowed = tuple(f"{address}:{server.port}" for address in (*addresses, *hostile))
        with override_settings(FETCH_ALLOW=allowed):
            urls = _fill(feeds, server.port)
            bare, bare_new = _cpu(lambda: _bare(urls)), _cpu(lambda: _bare(urls[::_EVERY], is_new=True))
            first = _cpu(_read_all)
            _check(feeds, version=1)
            since = _make_due()
            quiet, alone = _cpu(_read_all), _last_healthy(since)
            server.next_day()
            _make_due()
            second = _cpu(_read_all)
            _check(feeds, version=2)
            _add_hostile(hostile, server.port)
            since = _make_due()
            beside, last = _cpu(_read_all), _last_healthy(since)
    changed = len(urls[::_EVERY])
    conditional = "GET trần có điều kiện"
    return [
        Figure(f"đọc lần đầu {changed} kênh, mỗi kênh 20 tin mới", first, bare_new, "s CPU", "GET trần", vendor),
        Figure(f"hỏi {feeds} kênh, không có tin mới", quiet, bare, "s CPU", conditional, vendor),
        Figure(f"hỏi {feeds} kênh, {changed} kênh có tin mới", second, bare, "s CPU", conditional, vendor),
        Figure(f"hỏi {feeds} kênh cạnh {len(hostile)} nguồn phá hoại", beside, quiet, "s CPU", "không có", vendor),
        Figure("… cho đến khi đọc xong mọi kênh lành", last, alone, "s", "không có nguồn phá hoại", vendor),
    ]


def child_figures(*, documents: int = 10_000) -> list[Figure]:
    """The child that parses: its time for a document beside the same work in this process, its memory over `documents`.

    The child is not replaced on the way, as it would be in operation: memory must be flat without that.
    """
    bodies = [poll_server.document(number, 1, "http://127.0.0.1") for number in range(50)]
    now, url = clock.now(), "http://127.0.0.1/rss/"
    order = {"want": "document", "content_type": "text/xml", "url": url, "now": now.isoformat()}
    pool = warm_child.Pool(worker.__name__, Bounds(), most=1, most_documents=documents)

    def child(count: int) -> int:
        for number in range(count):
            pool.run(order, bodies[number % 50], seconds=20, subject=url)
        return max(pool.resident(), default=0)

    early = child(documents // 10)
    late = child(documents - documents // 10 - 100)
    wall = {}
    for name, work in (("child", lambda: child(50)), ("here", lambda: [worker.read(order, body) for body in bodies])):
        started = time.perf_counter()
        work()
        wall[name] = (time.perf_counter() - started) / 50 * 1000
    pool.close()
    return [
        Figure("đọc một kênh 20 tin trong tiến trình con", wall["child"], wall["here"], "ms", "ngay tại chỗ", "-"),
        Figure(
            f"bộ nhớ tiến trình con sau {documents} kênh",
            late / 1024,
            early / 1024,
            "MiB",
            f"sau {documents // 10}",
            "-",
        ),
    ]


@contextmanager
def _everything() -> Iterator[None]:
    with everywhere("a measurement fills and reads its own database"):
        yield


def _address(number: int) -> str:
    group = number // _TOGETHER
    return f"127.1.{group // 250}.{group % 250 + 1}"


@contextmanager
def _serving(addresses: list[str]) -> Iterator[_Server]:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
        [sys.executable, poll_server.__file__, json.dumps(addresses), str(_EVERY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield _Server(process, json.loads(line)["port"])
    finally:
        process.kill()
        process.communicate()


def _fill(feeds: int, port: int) -> list[str]:
    """Feeds as they stand after their first reading; every twentieth is still to be read for the first time."""
    now = clock.now()
    with _everything(), transaction.atomic():
        units = Unit.objects.bulk_create(
            [
                Unit(kind=Kind.PRIMARY, levels=int(Level.PRIMARY), name=f"Trường đo {n}", search_name=f"truong do {n}")
                for n in range(feeds)
            ],
            batch_size=500,
        )
        bases = [f"http://{_address(n)}:{port}" for n in range(feeds)]
        sources = Source.objects.bulk_create(
            [Source(unit=unit, name=unit.name, homepage=f"{bases[n]}/{n}/") for n, unit in enumerate(units)],
            batch_size=500,
        )
        rows = Feed.objects.bulk_create(
            [_feed(units[n], sources[n], n, f"{bases[n]}/rss/{n}", now) for n in range(feeds)], batch_size=500
        )
        for start in range(0, feeds, 250):
            _fill_items(rows[start : start + 250], bases[start : start + 250], start, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [row.url for row in rows]


def _feed(unit: Unit, source: Source, number: int, url: str, now: datetime) -> Feed:
    is_new = number % _EVERY == 0
    return Feed(
        unit=unit,
        source=source,
        url=url,
        channel=Channel.NEWS,
        next_check_at=now,
        ip=_address(number),
        etag="" if is_new else poll_server.etag(number, 1),
        entries_seen=0 if is_new else poll_server.ITEMS,
    )


def _fill_items(rows: list[Feed], bases: list[str], first: int, now: datetime) -> None:
    items, keys = [], []
    for offset, row in enumerate(rows):
        number = first + offset
        if number % _EVERY == 0:
            continue
        for title in poll_server.titles(number, 1):
            link = f"{bases[offset]}/tin/{number}-{title.rsplit(' ', 1)[1]}.html"
            keys.append((row, f"news_{title.rsplit(' ', 1)[1]}"))
            items.append(
                Item(
                    unit_id=row.unit_id,
                    source_id=row.source_id,
                    origin=row,
                    link=link,
                    canonical_link=canonical_link(link),
                    title=title,
                    first_seen_at=now,
                    content_hash="0",
                )
            )
    made = Item.objects.bulk_create(items, batch_size=500)
    Sighting.objects.bulk_create(
        [
            Sighting(unit_id=row.unit_id, feed=row, item=item, key=key, channel=Channel.NEWS)
            for (row, key), item in zip(keys, made, strict=True)
        ],
        batch_size=500,
    )


def _add_hostile(addresses: list[str], port: int) -> None:
    with _everything(), transaction.atomic():
        unit = Unit.objects.create(kind=Kind.PRIMARY, name="Trường phá hoại", search_name="truong pha hoai")
        source = Source.objects.create(unit=unit, name="Phá hoại", homepage="http://127.2.0.1/")
        Feed.objects.bulk_create(
            [
                Feed(
                    unit=unit,
                    source=source,
                    url=f"http://{address}:{port}/xau/{number}",
                    channel=Channel.NEWS,
                    next_check_at=clock.now(),
                    ip=address,
                )
                for number, address in enumerate(addresses)
            ]
        )


def _make_due() -> datetime:
    now = clock.now()
    with _everything():
        Feed.objects.update(next_check_at=now)
    return now


def _read_all() -> None:
    # The children end here, so that their time is counted.
    read_due(seconds=_LONGEST_SECONDS)
    warm_child.close_all()


def _bare(urls: list[str], *, is_new: bool = False) -> None:
    pool = urllib3.PoolManager()
    for number, url in enumerate(urls):
        known = {} if is_new else {"If-None-Match": poll_server.etag(number, 1)}
        pool.request("GET", url, headers={"Connection": "close", **known}, retries=False, timeout=30)
    pool.clear()


def _cpu(work: Callable[[], None]) -> float:
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _check(feeds: int, *, version: int) -> None:
    """Everything of the day is there, once."""
    with _everything():
        changed = len(range(0, feeds, _EVERY))
        expected = feeds * poll_server.ITEMS + (version - 1) * changed
        found = Item.objects.count()
        failing = Feed.objects.exclude(error_code="").count()
    if found != expected or failing:
        raise RuntimeError(f"{found} items instead of {expected}, {failing} feeds failing")


def _last_healthy(since: datetime) -> float:
    """Seconds until the last healthy feed was read."""
    with _everything():
        healthy = Feed.objects.filter(error_code="")
        last: datetime | None = healthy.aggregate(last=Max("last_success_at"))["last"]
        missing = healthy.filter(last_success_at__lt=since).count()
    if last is None or missing:
        raise RuntimeError(f"{missing} feeds were not read")
    return (last - since).total_seconds()
