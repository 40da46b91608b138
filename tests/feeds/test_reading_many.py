"""Reading everything that is due: who is asked at once, what it costs, and what two readers may not do."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from django.db import connection

from congtruong.core import clock
from congtruong.feeds.models import Feed, Item, Source
from congtruong.feeds.services import claiming, polling, queue_due, read_due, refresh, settling, storing
from congtruong.feeds.services.attempting import Attempt
from congtruong.feeds.services.claiming import LEASE, claim, extend, reserve
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere, unit_scope
from tests.factories import make_authority, make_unit
from tests.fakes.source import FakeSource, rss, serving

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def make_feed(unit: Unit, url: str, **fields: Any) -> Feed:
    base = "/".join(url.split("/")[:3])
    with unit_scope(unit.pk):
        origin, _ = Source.objects.get_or_create(unit=unit, homepage=base + "/", defaults={"name": "Nguồn"})
        return Feed.objects.create(
            unit=unit, source=origin, url=url, channel="tin-tuc", **{"next_check_at": clock.now()} | fields
        )


def rows() -> list[Feed]:
    with everywhere("thử"):
        return list(Feed.objects.order_by("pk"))


@dataclass
class Watch:
    """How many requests each machine answers at the same time."""

    now: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def handler(self, body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
        def handle(request: BaseHTTPRequestHandler) -> None:
            machine = str(request.connection.getsockname()[0])
            with self.lock:
                self.now[machine] = self.now.get(machine, 0) + 1
                self.most[machine] = max(self.most.get(machine, 0), self.now[machine])
            threading.Event().wait(0.02)
            with self.lock:
                self.now[machine] -= 1
            request.send_response(200)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        return handle


@contextmanager
def machines(settings: Any, number: int) -> Iterator[list[FakeSource]]:
    with ExitStack() as stack:
        sources = [stack.enter_context(serving(f"127.0.1.{n + 1}")) for n in range(number)]
        settings.FETCH_ALLOW = tuple(source.address for source in sources)
        yield sources


def test_each_machine_is_asked_once_at_a_time_and_many_machines_at_once(settings: Any) -> None:
    watch = Watch()
    with machines(settings, 3) as sources:
        for source in sources:
            school = make_unit()
            for number in range(4):
                path = f"/{number}/"
                source.handlers[path] = watch.handler(rss(source.base, (f"{number}", f"Tin {number}")))
                make_feed(school, source.base + path)

        poll = read_due()

    assert (poll.read, poll.changed, poll.failed) == (12, 12, 0)
    assert set(watch.most.values()) == {1}
    with everywhere("thử"):
        assert Item.objects.count() == 12


def test_names_of_one_machine_are_asked_one_after_another(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also at the very first reading, when nobody knows yet that they share it."""
    watch = Watch()
    look_up = __import__("socket").getaddrinfo

    def everything_is_here(host: Any, *arguments: Any, **options: Any) -> Any:
        return look_up("127.0.0.1" if str(host).endswith(".edu.vn") else host, *arguments, **options)

    with serving() as source:
        port = source.address.split(":")[1]
        monkeypatch.setattr("socket.getaddrinfo", everything_is_here)
        settings.FETCH_ALLOW = tuple(f"truong{n}.edu.vn:{port}" for n in range(6))
        source.handlers["/rss/"] = watch.handler(rss(source.base, ("a", "Tin")))
        for place in settings.FETCH_ALLOW:
            make_feed(make_unit(), f"http://{place}/rss/")

        first = read_due()
        with everywhere("thử"):
            Feed.objects.update(next_check_at=clock.now())
        second = read_due()

    assert (first.read, first.failed, second.read, second.failed) == (6, 0, 6, 0)
    assert watch.most == {"127.0.0.1": 1}
    assert {row.ip for row in rows()} == {"127.0.0.1"}


def test_nothing_new_is_written_in_few_statements(settings: Any, django_assert_max_num_queries: Any) -> None:
    def reading(number: int) -> int:
        with everywhere("thử"):
            Feed.objects.all().delete()
        with machines(settings, number) as sources:
            for source in sources:
                source.statuses["/rss/"] = 304
                make_feed(make_unit(), source.base + "/rss/", ip=source.address.split(":")[0], etag='"x"')
            with django_assert_max_num_queries(60) as captured:
                assert read_due().read == number
        assert {(row.status, row.failures, row.leased_until) for row in rows()} == {(304, 0, None)}
        return len(captured)

    few, many = reading(2), reading(20)

    # Rounds of claiming and writing, however many feeds each holds.
    assert many <= few + 40


def test_feeds_in_trouble_are_asked_last(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST_FRESH", 1)
    monkeypatch.setattr(polling, "MOST_AT_ONCE", 1)
    with serving() as source:
        settings.FETCH_ALLOW = (source.address,)
        unit = make_authority()
        for name, failures in (("hong", 3), ("lanh", 0)):
            source.set_items(f"/{name}/", (name, name))
            make_feed(unit, f"{source.base}/{name}/", failures=failures, ip="127.0.0.1")

        read_due()

        assert [path for path, _ in source.requests] == ["/lanh/", "/hong/"]


def test_host_that_another_reader_asks_is_left_alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("congtruong.feeds.services.reading._HOST_WAIT_SECONDS", 0.0)
    with serving() as source:
        settings.FETCH_ALLOW = (source.address,)
        unit = make_authority()
        source.set_items("/a/", ("a", "Một"))
        asked = make_feed(unit, source.base + "/b/", leased_until=clock.now() + LEASE)
        feed = make_feed(unit, source.base + "/a/")

        refresh(feed_id=feed.pk)
        read_due(seconds=0)
        assert source.requests == []
        with everywhere("thử"):
            Feed.objects.filter(pk=asked.pk).update(leased_until=clock.now() - timedelta(seconds=1), is_paused=True)
        refresh(feed_id=feed.pk)

        assert [path for path, _ in source.requests] == ["/a/"]


def test_claim_takes_one_feed_of_each_host_and_machine() -> None:
    unit = make_authority()
    feeds = [
        make_feed(unit, "https://a.edu.vn/1"),
        make_feed(unit, "https://a.edu.vn/2"),
        make_feed(unit, "https://b.edu.vn/", ip="203.162.1.1"),
        make_feed(unit, "https://c.edu.vn/", ip="203.162.1.1"),
        make_feed(unit, "https://d.edu.vn/", is_paused=True),
        make_feed(unit, "https://e.edu.vn/", next_check_at=clock.now() + timedelta(hours=1)),
        make_feed(unit, "https://f.edu.vn/"),
    ]
    ids = [feed.pk for feed in feeds]

    first = [one.feed.url for one in claim(ids, now=clock.now(), most=10)]
    second = [one.feed.url for one in claim(ids, now=clock.now(), most=10)]

    assert first == ["https://a.edu.vn/1", "https://b.edu.vn/", "https://f.edu.vn/"]
    assert second == []
    assert [one.feed.url for one in claim(ids, now=clock.now() + LEASE, most=1)] == ["https://a.edu.vn/1"]


def test_reserve_gives_the_feed_back_when_its_machine_is_busy() -> None:
    unit = make_authority()
    make_feed(unit, "https://a.edu.vn/", ip="203.162.1.1", leased_until=clock.now() + LEASE)
    feed = make_feed(unit, "https://b.edu.vn/")
    (claimed,) = claim([feed.pk], now=clock.now(), most=1)

    assert reserve(claimed, "203.162.1.1", now=clock.now()) is False
    after = rows()[1]
    assert (after.ip, after.leased_until) == ("203.162.1.1", None)

    (claimed,) = claim([feed.pk], now=clock.now() + 2 * LEASE, most=1)
    assert reserve(claimed, "203.162.1.2", now=clock.now()) is True
    assert rows()[1].leased_until == claimed.feed.leased_until


def test_extended_lease_is_still_ours() -> None:
    feed = make_feed(make_authority(), "https://a.edu.vn/")
    (claimed,) = claim([feed.pk], now=clock.now(), most=1)
    later = clock.now() + timedelta(seconds=60)

    extend([claimed], now=later)

    assert rows()[0].leased_until == later + LEASE == claimed.feed.leased_until


def test_what_cannot_be_stored_is_a_failure_of_that_feed_only(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = storing.store

    def broken(**options: Any) -> Any:
        if options["feed"].url.endswith("/0/"):
            raise RuntimeError("no words for the public")
        return store(**options)

    monkeypatch.setattr(settling, "store", broken)
    with serving() as source:
        settings.FETCH_ALLOW = (source.address,)
        unit = make_authority()
        for number in range(3):
            source.set_items(f"/{number}/", (f"{number}", f"Tin {number}"))
            make_feed(unit, f"{source.base}/{number}/")

        read_due()

    assert [(row.error_code, row.leased_until) for row in rows()] == [("unexpected", None), ("", None), ("", None)]


def test_one_job_is_queued_for_all_that_is_due() -> None:
    unit = make_authority()
    feeds = [make_feed(unit, f"https://a{n}.edu.vn/") for n in range(3)]
    now = clock.now()

    assert sorted(queue_due(now=now)) == [feed.pk for feed in feeds]
    assert queue_due(now=now + timedelta(seconds=5)) == []
    assert len(queue_due(now=now + claiming.REQUEUE + timedelta(seconds=1))) == 3


@pytest.mark.django_db(transaction=True)
def test_readers_of_two_processes_share_the_work(settings: Any) -> None:
    """Threads stand for processes: each claims through a connection of its own."""
    watch = Watch()
    with machines(settings, 2) as sources:
        for source in sources:
            unit = make_unit()
            for number in range(6):
                path = f"/{number}/"
                source.handlers[path] = watch.handler(rss(source.base, (f"{number}", f"Tin {number}")))
                make_feed(unit, source.base + path)
        polls: list[polling.Poll] = []

        def work() -> None:
            try:
                polls.append(read_due(seconds=15))
            finally:
                connection.close()

        # An in-memory SQLite database has one connection only.
        threads = [threading.Thread(target=work) for _ in range(2 if connection.vendor == "postgresql" else 0)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        while len(polls) < len(threads) or sum(poll.read for poll in polls) < 12:
            polls.append(read_due(seconds=5))

    assert sum(poll.read for poll in polls) == 12
    assert set(watch.most.values()) == {1}
    with everywhere("thử"):
        assert Item.objects.count() == 12


def test_attempt_without_anything_is_never_quiet() -> None:
    feed = make_feed(make_authority(), "https://a.edu.vn/")
    (claimed,) = claim([feed.pk], now=clock.now(), most=1)

    assert settling.is_quiet(claimed, Attempt(clock.now())) is False
