"""What people decide about the sources of their portal."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.feeds import errors
from congtruong.feeds.models import CategoryRoute, Feed, Item, Source
from congtruong.feeds.queries.health import moments_of
from congtruong.feeds.services import refresh, withdraw_item
from congtruong.feeds.services.alerting import expect_next
from congtruong.feeds.services.sources import (
    MOST_FEEDS,
    add_feed,
    add_source,
    change_feed,
    change_source,
    keep_address,
    pause_feed,
    read_now,
    remove_feed,
    remove_source,
    resume_feed,
    set_routes,
    use_new_address,
    web_address,
)
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_authority, make_unit
from tests.fakes.source import FakeSource, rss, serving

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
URL = "https://so.example/rss/tin"


@pytest.fixture
def fake(settings: Any) -> Iterator[FakeSource]:
    with serving() as source:
        settings.FETCH_ALLOW = (source.address,)
        yield source


@pytest.fixture
def unit() -> Iterator[Unit]:
    unit = make_authority("Sở (mẫu)")
    with unit_scope(unit.pk):
        yield unit


def make_source(unit: Unit, homepage: str = "https://so.example/") -> Source:
    return add_source(unit=unit, name="Sở (mẫu)", homepage=homepage, by=BY)


def make_feed(unit: Unit, url: str = URL, **known: Any) -> Feed:
    source = known.pop("source", None) or make_source(unit)
    return add_feed(unit=unit, source=source, url=url, channel=known.pop("channel", "tin-tuc"), by=BY, **known)


def read(feed: Feed) -> None:
    Feed.objects.filter(pk=feed.pk).update(next_check_at=clock.now() - timedelta(seconds=1))
    refresh(feed_id=feed.pk)


def fresh(feed: Feed) -> Feed:
    return Feed.objects.get(pk=feed.pk)


def titles(channel: Channel) -> list[str]:
    return list(Entry.objects.filter(channel=channel).order_by("title").values_list("title", flat=True))


def acts() -> list[str]:
    return list(AuditEntry.objects.filter(action__startswith="feeds.").order_by("pk").values_list("action", flat=True))


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" so.example/rss?id=2 ", "https://so.example/rss?id=2"),
        ("HTTP://So.Example", "http://so.example/"),
        ("https://so.example:8443/a#b", "https://so.example:8443/a"),
        ("https://[2001:db8::1]/rss", "https://[2001:db8::1]/rss"),
    ],
)
def test_web_address_tidies_what_people_type(typed: str, kept: str) -> None:
    assert web_address(typed, most=100) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "rss",
        "ftp://so.example/",
        "javascript:alert(1)",
        "https://a b.example/",
        "https://x@so.example/",
        "https://[",
        "https://so.example:port/",
        "https://so.example/" + "a" * 100,
    ],
)
def test_web_address_refuses_what_is_none(typed: str) -> None:
    with pytest.raises(errors.AddressInvalid):
        web_address(typed, most=100)


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_a_new_feed_is_read_at_once_and_recorded(unit: Unit) -> None:
    feed = make_feed(unit, levels=4)

    assert feed.next_check_at <= clock.now()
    assert (feed.unit_id, feed.channel, feed.levels) == (unit.pk, "tin-tuc", 4)
    assert acts() == ["feeds.source.added", "feeds.feed.added"]


@pytest.mark.parametrize("again", [URL, "http://so.example/rss/tin", "HTTPS://SO.example/rss/tin#x"])
def test_the_same_address_is_refused_naming_its_source(unit: Unit, again: str) -> None:
    feed = make_feed(unit)

    with pytest.raises(errors.FeedTwice) as refused:
        add_feed(unit=unit, source=feed.source, url=again, channel="thong-bao", by=BY)

    assert "“Sở (mẫu)”" in refused.value.message
    assert Feed.objects.count() == 1


def test_another_unit_may_read_the_same_address(unit: Unit) -> None:
    make_feed(unit)
    other = make_unit()

    with unit_scope(other.pk):
        assert make_feed(other).unit_id == other.pk


def test_the_same_home_page_is_refused(unit: Unit) -> None:
    source = make_source(unit)

    with pytest.raises(errors.SourceTwice):
        make_source(unit, "http://so.example")
    assert change_source(unit=unit, source=source, name="Tên mới", homepage=source.homepage, by=BY).name == "Tên mới"


def test_names_and_channels_are_checked(unit: Unit) -> None:
    source = make_source(unit)

    with pytest.raises(errors.NameNeeded):
        add_source(unit=unit, name=" ! ", homepage="https://khac.example/", by=BY)
    with pytest.raises(errors.NoChannel):
        add_feed(unit=unit, source=source, url=URL, channel="gioi-thieu", by=BY)


def test_a_unit_has_a_bounded_number_of_feeds(unit: Unit) -> None:
    source = make_source(unit)
    Feed.objects.bulk_create(
        Feed(unit=unit, source=source, url=f"{URL}{n}", channel="tin-tuc", next_check_at=clock.now())
        for n in range(MOST_FEEDS)
    )

    with pytest.raises(errors.TooManyFeeds):
        add_feed(unit=unit, source=source, url=URL, channel="tin-tuc", by=BY)


def test_only_authorities_speak_to_some_levels(unit: Unit) -> None:
    school = make_unit()

    with unit_scope(school.pk):
        assert make_feed(school, levels=4).levels == 0


def everything(unit: Unit, source: Source, feed: Feed) -> list[Callable[[], object]]:
    return [
        lambda: change_source(unit=unit, source=source, name="X", homepage="https://x.example/", by=BY),
        lambda: remove_source(unit=unit, source=source, keeps_items=False, by=BY),
        lambda: add_feed(unit=unit, source=source, url="https://x.example/", channel="tin-tuc", by=BY),
        lambda: change_feed(unit=unit, feed=feed, url="https://x.example/", channel="tin-tuc", by=BY),
        lambda: pause_feed(unit=unit, feed=feed, by=BY),
        lambda: resume_feed(unit=unit, feed=feed, by=BY),
        lambda: read_now(unit=unit, feed=feed, by=BY),
        lambda: remove_feed(unit=unit, feed=feed, keeps_items=False, by=BY),
        lambda: use_new_address(unit=unit, feed=feed, by=BY),
        lambda: keep_address(unit=unit, feed=feed, by=BY),
        lambda: set_routes(unit=unit, source=source, routes={"a": ""}, by=BY),
    ]


def test_another_units_sources_are_refused_by_every_service(unit: Unit) -> None:
    other = make_unit()
    with unit_scope(other.pk):
        feed = make_feed(other)
        before = list(Feed.objects.values())
    with unit_scope(unit.pk, other.pk):
        for act in everything(unit, feed.source, feed):
            with pytest.raises(errors.AnotherUnit):
                act()
    with unit_scope(other.pk):
        assert list(Feed.objects.values()) == before
        assert CategoryRoute.objects.count() == 0


# --- Changing ---------------------------------------------------------------------------------------------------------


def test_another_address_forgets_what_the_old_one_answered(unit: Unit) -> None:
    feed = make_feed(unit)
    Feed.objects.filter(pk=feed.pk).update(
        etag="x",
        failures=4,
        failing_since=clock.now(),
        alerted_at=clock.now(),
        entries_seen=30,
        leased_until=clock.now() + timedelta(minutes=1),
        next_check_at=clock.now() + timedelta(hours=9),
    )

    changed = change_feed(unit=unit, feed=feed, url="https://so.example/moi", channel="tin-tuc", by=BY)

    state = (changed.etag, changed.failures, changed.failing_since, changed.alerted_at, changed.entries_seen)
    assert state == ("", 0, None, None, 0)
    assert changed.leased_until is None
    assert changed.next_check_at <= clock.now()
    trail = AuditEntry.objects.get(action="feeds.feed.changed")
    assert trail.detail["before"] == {"url": URL}


def test_another_channel_takes_the_items_along(unit: Unit, fake: FakeSource) -> None:
    fake.set_items("/rss/", ("1", "Một"), ("2", "Hai"))
    feed = make_feed(unit, fake.base + "/rss/")
    read(feed)

    change_feed(unit=unit, feed=feed, url=feed.url, channel="thong-bao", by=BY)
    read(feed)

    assert (titles(Channel.NEWS), titles(Channel.NOTICE)) == ([], ["Hai", "Một"])


def test_another_audience_holds_for_what_was_received(unit: Unit, fake: FakeSource) -> None:
    fake.set_items("/rss/", ("1", "Một"))
    feed = make_feed(unit, fake.base + "/rss/")
    read(feed)

    change_feed(unit=unit, feed=feed, url=feed.url, channel=feed.channel, levels=2, by=BY)

    assert set(Entry.objects.values_list("levels", flat=True)) == {2}


def test_nothing_is_recorded_when_nothing_changes(unit: Unit) -> None:
    feed = make_feed(unit)
    before = acts()

    change_feed(unit=unit, feed=feed, url=feed.url, channel=feed.channel, by=BY)
    change_source(unit=unit, source=feed.source, name="Sở (mẫu)", homepage="https://so.example/", by=BY)
    resume_feed(unit=unit, feed=feed, by=BY)

    assert acts() == before


def test_pausing_and_resuming(unit: Unit) -> None:
    feed = make_feed(unit)
    pause_feed(unit=unit, feed=feed, by=BY)
    with pytest.raises(errors.Paused):
        read_now(unit=unit, feed=feed, by=BY)
    Feed.objects.filter(pk=feed.pk).update(failures=5, next_check_at=clock.now() + timedelta(days=1))

    resume_feed(unit=unit, feed=feed, by=BY)

    again = fresh(feed)
    assert (again.is_paused, again.failures) == (False, 0)
    assert again.next_check_at <= clock.now()


def test_reading_now_makes_the_feed_due_but_not_twice_a_minute(unit: Unit) -> None:
    feed = make_feed(unit)
    Feed.objects.filter(pk=feed.pk).update(next_check_at=clock.now() + timedelta(hours=9))

    read_now(unit=unit, feed=feed, by=BY)

    assert fresh(feed).next_check_at <= clock.now()
    Feed.objects.filter(pk=feed.pk).update(checked_at=clock.now())
    with pytest.raises(errors.AskedJustNow):
        read_now(unit=unit, feed=feed, by=BY)


# --- Removing ---------------------------------------------------------------------------------------------------------


def two_feeds(unit: Unit, fake: FakeSource) -> tuple[Feed, Feed]:
    """One item in the first only, one in both, one in the second only."""
    fake.set_items("/mot/", ("1", "Một"), ("12", "Cả hai"))
    fake.set_items("/hai/", ("12", "Cả hai"), ("2", "Hai"))
    one = make_feed(unit, fake.base + "/mot/")
    two = make_feed(unit, fake.base + "/hai/", source=one.source, channel="thong-bao")
    read(one)
    read(two)
    return one, two


def test_items_of_a_removed_feed_may_stay(unit: Unit, fake: FakeSource) -> None:
    one, two = two_feeds(unit, fake)

    assert remove_feed(unit=unit, feed=one, keeps_items=True, by=BY) == 1

    assert (titles(Channel.NEWS), titles(Channel.NOTICE)) == (["Một"], ["Cả hai", "Hai"])
    # What stands in another feed is followed there from now on.
    fake.bodies["/hai/"] = rss(fake.base, ("12", "Cả hai"), ("2", "Hai")).replace(b"C\xe1\xba\xa3 hai</d", b"x</d")
    read(two)
    assert Item.objects.get(title="Cả hai").origin_id == two.pk
    assert Item.objects.get(title="Cả hai").summary == "Tóm tắt x"


def test_items_of_a_removed_feed_may_go_for_good(unit: Unit, fake: FakeSource) -> None:
    one, _ = two_feeds(unit, fake)
    source, url = one.source, one.url

    remove_feed(unit=unit, feed=one, keeps_items=False, by=BY)
    read(add_feed(unit=unit, source=source, url=url, channel="tin-tuc", by=BY))

    assert titles(Channel.NEWS) == ["Cả hai"]
    assert titles(Channel.NOTICE) == ["Cả hai", "Hai"]
    assert Item.objects.get(title="Một").withdrawn_at is not None


@pytest.mark.parametrize(("keeps_items", "shown"), [(True, ["Cả hai", "Hai", "Một"]), (False, [])])
def test_a_removed_source_leaves_its_name_on_what_it_brought(
    unit: Unit, fake: FakeSource, keeps_items: bool, shown: list[str]
) -> None:
    one, _ = two_feeds(unit, fake)
    set_routes(unit=unit, source=one.source, routes={"Tin": "van-ban"}, by=BY)

    assert remove_source(unit=unit, source=one.source, keeps_items=keeps_items, by=BY) == 3

    assert sorted(titles(Channel.NEWS) + titles(Channel.NOTICE)) == shown
    assert (Feed.objects.count(), CategoryRoute.objects.count(), Source.objects.count()) == (0, 0, 1)


def test_a_source_without_items_disappears(unit: Unit) -> None:
    feed = make_feed(unit)

    remove_source(unit=unit, source=feed.source, keeps_items=True, by=BY)

    assert Source.objects.count() == 0


def test_what_a_person_withdrew_stays_withdrawn_when_its_feed_goes(unit: Unit, fake: FakeSource) -> None:
    one, _ = two_feeds(unit, fake)
    withdraw_item(item=Item.objects.get(title="Một"), reason="Sai", by=BY)

    remove_feed(unit=unit, feed=one, keeps_items=True, by=BY)

    assert Item.objects.get(title="Một").withdrawn_reason == "Sai"
    assert titles(Channel.NEWS) == []


# --- Moves ------------------------------------------------------------------------------------------------------------


def moving(unit: Unit) -> Feed:
    feed = make_feed(unit)
    known = {"moving_to": "https://moi.example/rss", "moving_since": clock.now() - timedelta(days=3), "moving_seen": 4}
    Feed.objects.filter(pk=feed.pk).update(entries_seen=30, **known)
    return feed


def test_a_new_address_is_used_when_a_person_says_so(unit: Unit) -> None:
    feed = moving(unit)

    use_new_address(unit=unit, feed=feed, by=BY)

    moved = fresh(feed)
    assert (moved.url, moved.moving_to, moved.entries_seen) == ("https://moi.example/rss", "", 30)
    with pytest.raises(errors.NoMove):
        use_new_address(unit=unit, feed=feed, by=BY)


def test_a_new_address_that_is_read_already_is_refused(unit: Unit) -> None:
    feed = moving(unit)
    make_feed(unit, "https://moi.example/rss", source=feed.source)

    with pytest.raises(errors.FeedTwice):
        use_new_address(unit=unit, feed=feed, by=BY)


# --- Categories -------------------------------------------------------------------------------------------------------


def test_routes_are_kept_without_diacritics_and_followed_at_the_next_reading(unit: Unit, fake: FakeSource) -> None:
    fake.bodies["/rss/"] = rss(fake.base, ("1", "Một"), category="Văn bản  MỚI")
    feed = make_feed(unit, fake.base + "/rss/")
    read(feed)
    assert titles(Channel.NEWS) == ["Một"]

    assert set_routes(unit=unit, source=feed.source, routes={"Văn bản mới": "van-ban", "Khác": None}, by=BY) == 1
    read(feed)

    assert (titles(Channel.NEWS), titles(Channel.DOCUMENT)) == ([], ["Một"])
    assert set_routes(unit=unit, source=feed.source, routes={"van ban moi": "van-ban"}, by=BY) == 0
    assert set_routes(unit=unit, source=feed.source, routes={"van ban moi": None}, by=BY) == 1
    assert CategoryRoute.objects.count() == 0


# --- Rhythm -----------------------------------------------------------------------------------------------------------


def test_expectation_comes_from_the_days_on_which_items_appeared(unit: Unit, fake: FakeSource) -> None:
    days = "".join(
        f"<item><title>Tin {n}</title><link>{fake.base}/{n}</link><pubDate>{n:02d}/11/2026 08:00</pubDate></item>"
        for n in range(2, 21, 2)
    )
    fake.bodies["/rss/"] = f"<rss version='2.0'><channel><title>N</title>{days}</channel></rss>".encode()
    feed = make_feed(unit, fake.base + "/rss/")
    read(feed)

    expect_next(feed=fresh(feed))

    assert len(moments_of(feed)) == 10
    until = fresh(feed).expected_by
    assert until is not None
    assert clock.day_of(until).isoformat() == "2026-11-30"
