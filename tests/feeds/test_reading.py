"""What a reading leaves in the feed's row: intervals, moves, outages, what hubs push."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.feeds.models import Feed, Item, Source
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.services import refresh, take
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere, unit_scope
from tests.factories import make_authority, make_unit
from tests.fakes.source import FakeSource, rss, serving

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def source(settings: Any) -> Iterator[FakeSource]:
    with serving() as fake:
        settings.FETCH_ALLOW = (fake.address,)
        yield fake


@pytest.fixture
def department() -> Unit:
    return make_authority("Sở (mẫu)")


def make_feed(unit: Unit, url: str, **fields: Any) -> Feed:
    base = "/".join(url.split("/")[:3])
    with unit_scope(unit.pk):
        origin, _ = Source.objects.get_or_create(unit=unit, homepage=base + "/", defaults={"name": "Nguồn"})
        return Feed.objects.create(
            unit=unit, source=origin, url=url, channel="tin-tuc", **{"next_check_at": clock.now()} | fields
        )


def read(feed: Feed) -> Feed:
    with unit_scope(feed.unit_id):
        Feed.objects.filter(pk=feed.pk).update(next_check_at=clock.now() - timedelta(seconds=1))
    refresh(feed_id=feed.pk)
    return row(feed)


def row(feed: Feed) -> Feed:
    with unit_scope(feed.unit_id):
        return Feed.objects.get(pk=feed.pk)


def wait(feed: Feed) -> timedelta:
    assert feed.checked_at is not None
    return feed.next_check_at - feed.checked_at


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock stands at noon in Vietnam, without jitter."""
    moment = datetime(2026, 11, 20, 12, tzinfo=clock.VIETNAM)
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr("congtruong.feeds.services.settling._jitter", lambda: 0.0)
    return moment


def test_reading_notes_what_the_next_one_and_people_need(source: FakeSource, department: Unit) -> None:
    source.bodies["/rss/"] = rss(source.base, ("a", "Một"), ("b", "Hai")).replace(
        b"<description>d</description>", b"<description>d & d</description><ttl>90</ttl>"
    )
    source.headers["/rss/"] = {"ETag": '"x"'}

    feed = read(make_feed(department, source.base + "/rss/"))

    assert (feed.status, feed.ip, feed.entries_seen, feed.ttl_seconds) == (200, "127.0.0.1", 2, 5400)
    assert "ampersands" in feed.repairs
    assert (feed.etag, feed.checked_at) == ('"x"', feed.last_success_at)


def test_authority_is_read_again_within_the_hour_whatever_its_server_says(
    noon: datetime, source: FakeSource, department: Unit
) -> None:
    source.set_items("/rss/", ("a", "Một"))
    feed = read(make_feed(department, source.base + "/rss/"))
    assert wait(feed) == timedelta(minutes=10)

    source.headers["/rss/"] = {"Cache-Control": "max-age=1800"}
    assert wait(read(feed)) == timedelta(minutes=30)

    source.headers["/rss/"] = {"Cache-Control": "max-age=999999"}
    assert wait(read(feed)) == timedelta(hours=1)


def test_school_is_read_as_often_as_it_publishes(noon: datetime, source: FakeSource) -> None:
    school = make_unit()
    source.set_items("/rss/", *((f"n{n}", f"Tin {n}") for n in range(21)))
    feed = read(make_feed(school, source.base + "/rss/"))
    assert wait(feed) == timedelta(hours=24)

    assert wait(read(feed)) == timedelta(hours=4)
    with unit_scope(school.pk):
        Item.objects.update(first_seen_at=noon - timedelta(days=8))
    assert wait(read(feed)) == timedelta(hours=24)


def test_interval_set_by_hand_holds(noon: datetime, source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("a", "Một"))
    source.headers["/rss/"] = {"Cache-Control": "max-age=1800"}

    feed = read(make_feed(department, source.base + "/rss/", interval_seconds=5))

    assert wait(feed) == timedelta(seconds=5)


def test_source_that_ended_is_asked_once_a_day_and_never_switched_off(
    noon: datetime, source: FakeSource, department: Unit
) -> None:
    feed = make_feed(department, source.base + "/rss/")
    source.statuses["/rss/"] = 410

    for failures in (1, 2, 3):
        feed = read(feed)

        assert (feed.error_code, feed.failures, feed.is_paused) == ("gone", failures, False)
        assert wait(feed) == timedelta(hours=24)


@pytest.mark.parametrize(("status", "headers", "minutes"), [(429, {"Retry-After": "1200"}, 20), (503, {}, 10)])
def test_overloaded_host_is_left_alone_by_all_its_feeds(
    noon: datetime, source: FakeSource, department: Unit, status: int, headers: dict[str, str], minutes: int
) -> None:
    school = make_unit()
    sibling = make_feed(school, source.base + "/truong/", next_check_at=noon)
    foreign = make_feed(school, "https://khac.edu.vn/rss/", next_check_at=noon)
    source.statuses["/rss/"], source.headers["/rss/"] = status, headers

    feed = read(make_feed(department, source.base + "/rss/", ip="127.0.0.1"))

    assert (feed.error_code, wait(feed)) == ("asked_to_wait", timedelta(minutes=20))
    assert row(sibling).next_check_at == noon + timedelta(minutes=minutes)
    assert row(foreign).next_check_at == noon


def redirect(source: FakeSource, to: str) -> None:
    source.statuses["/cu/"], source.headers["/cu/"] = 301, {"Location": to}


def test_permanent_move_is_believed_after_three_answers_over_two_days(
    source: FakeSource, department: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.set_items("/moi/", ("a", "Một"))
    redirect(source, "/moi/")
    feed = make_feed(department, source.base + "/cu/")
    begun = clock.now()
    found = []
    for hours in (0, 20, 40, 49):
        moment = begun + timedelta(hours=hours, seconds=5)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        feed = read(feed)
        found.append((feed.url.rsplit("/", 2)[1], feed.moving_to.removeprefix(source.base), feed.moving_seen))

    assert found == [("cu", "/moi/", 1), ("cu", "/moi/", 2), ("cu", "/moi/", 3), ("moi", "", 0)]
    line = AuditEntry.objects.get(action="feeds.feed.moved")
    assert (line.unit_id, line.subject, line.detail["before"]) == (
        department.pk,
        source.base + "/moi/",
        source.base + "/cu/",
    )
    assert Entry.objects.count() == 1


def test_move_to_somebody_else_waits_for_a_person(source: FakeSource, department: Unit, settings: Any) -> None:
    with serving("127.0.0.2") as other:
        settings.FETCH_ALLOW = (source.address, other.address)
        other.set_items("/moi/", ("a", "Một"))
        redirect(source, other.base + "/moi/")
        long_ago = clock.now() - timedelta(days=5)
        feed = make_feed(
            department,
            source.base + "/cu/",
            moving_to=other.base + "/moi/",
            moving_since=long_ago,
            moving_seen=20,
        )

        after = read(feed)

    assert (after.url, after.moving_to, after.moving_seen) == (feed.url, other.base + "/moi/", 21)
    assert not AuditEntry.objects.filter(action="feeds.feed.moved").exists()


def test_direct_answer_ends_a_move(source: FakeSource, department: Unit) -> None:
    source.set_items("/cu/", ("a", "Một"))

    feed = read(
        make_feed(department, source.base + "/cu/", moving_to="http://x.vn/", moving_since=clock.now(), moving_seen=2)
    )

    assert (feed.moving_to, feed.moving_since, feed.moving_seen) == ("", None, 0)


def test_failures_are_not_counted_while_our_own_line_is_down(department: Unit, settings: Any) -> None:
    settings.FETCH_ALLOW = tuple(f"127.0.0.{n}:1" for n in range(1, 9))
    feeds = [make_feed(department, f"http://127.0.0.{n}:1/rss/", ip=f"127.0.0.{n}") for n in range(1, 7)]
    with serving("127.0.0.8") as healthy:
        settings.FETCH_ALLOW = (*settings.FETCH_ALLOW, healthy.address)
        healthy.set_items("/rss/", ("a", "Một"))
        good = read(make_feed(department, healthy.base + "/rss/"))

    for feed in feeds:
        read(feed)

    assert [(one.error_code, one.failures) for one in map(row, feeds)] == [("own_network", 0)] * 6
    assert row(good).error_code == ""

    # Hosts that are down for good would look like our line for ever.
    with unit_scope(department.pk):
        Feed.objects.filter(error_code="own_network").update(failing_since=clock.now() - timedelta(hours=3))
    again = [read(row(feed)) for feed in feeds]
    assert [(one.error_code, one.failures) for one in again] == [("network", 1)] * 6


def test_one_broken_host_is_not_our_line(department: Unit, settings: Any) -> None:
    settings.FETCH_ALLOW = ("127.0.0.1:1",)
    feeds = [make_feed(department, f"http://127.0.0.1:1/{n}/") for n in range(6)]

    states = [(one.error_code, one.failures) for one in map(read, feeds)]

    assert states == [("network", 1)] * 6


def test_reading_whose_lease_was_lost_is_dropped(
    source: FakeSource, department: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.set_items("/rss/", ("a", "Cũ"))
    feed = make_feed(department, source.base + "/rss/")
    later = clock.now() + timedelta(hours=1)

    def taken_over(request: Any) -> None:
        with everywhere("thử"):
            Feed.objects.filter(pk=feed.pk).update(leased_until=later)

    fetch = __import__("congtruong.core.http", fromlist=["fetch"]).fetch

    def slow(*arguments: Any, **options: Any) -> Any:
        reply = fetch(*arguments, **options)
        taken_over(None)
        return reply

    monkeypatch.setattr("congtruong.core.http.fetch", slow)
    after = read(feed)

    assert (after.leased_until, after.last_success_at) == (later, None)
    assert Entry.objects.count() == 0


def test_take_shows_what_a_hub_pushed_and_leaves_the_next_reading_as_it_was(
    source: FakeSource, department: Unit
) -> None:
    source.set_items("/rss/", ("a", "Một"))
    source.headers["/rss/"] = {"ETag": '"x"'}
    before = read(make_feed(department, source.base + "/rss/"))

    stored = take(feed=before, body=rss(source.base, ("b", "Hai")), content_type="text/xml", now=clock.now())
    again = take(feed=before, body=rss(source.base, ("b", "Hai")), content_type="text/xml", now=clock.now())

    after = row(before)
    assert (stored.new, stored.changed, again.new, again.changed) == (1, 1, 0, 0)
    assert sorted(Entry.objects.values_list("title", flat=True)) == ["Hai", "Một"]
    assert (after.etag, after.body_sha256, after.entries_seen) == (before.etag, before.body_sha256, 1)
    assert after.next_check_at == before.next_check_at


def test_a_delivery_that_came_late_does_not_stay(source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("a", "Bản hai"))
    source.headers["/rss/"] = {"ETag": '"x"'}
    feed = read(make_feed(department, source.base + "/rss/"))
    take(feed=feed, body=rss(source.base, ("a", "Bản một")), content_type="text/xml", now=clock.now())

    read(row(feed))

    assert list(Entry.objects.values_list("title", flat=True)) == ["Bản hai"]


def test_take_of_an_empty_or_broken_push_changes_nothing(source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("a", "Một"))
    feed = read(make_feed(department, source.base + "/rss/"))

    assert take(feed=feed, body=rss(source.base), content_type="text/xml", now=clock.now()).changed == 0
    with pytest.raises(ParseError):
        take(feed=feed, body=b"x", content_type="text/xml", now=clock.now())

    assert Entry.objects.count() == 1
