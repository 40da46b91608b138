"""Reading a source over real HTTP until its items stand on the portals."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from congtruong.core import clock
from congtruong.feeds.models import CategoryRoute, Feed, Item, Source
from congtruong.feeds.queries import freshness
from congtruong.feeds.services import queue_due, refresh, withdraw_item
from congtruong.feeds.services.claiming import LEASE, REQUEUE
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_unit, place
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


def make_feed(department: Unit, fake: FakeSource, path: str = "/rss/", channel: Channel = Channel.NOTICE) -> Feed:
    with unit_scope(department.pk):
        origin, _ = Source.objects.get_or_create(
            unit=department, homepage=fake.base + "/", defaults={"name": "Sở (mẫu)"}
        )
        return Feed.objects.create(
            unit=department, source=origin, url=fake.base + path, channel=channel, next_check_at=clock.now()
        )


def read(feed: Feed) -> Feed:
    """Make the feed due and read it."""
    with unit_scope(feed.unit_id):
        Feed.objects.filter(pk=feed.pk).update(next_check_at=clock.now() - timedelta(seconds=1))
    refresh(feed_id=feed.pk)
    with unit_scope(feed.unit_id):
        return Feed.objects.get(pk=feed.pk)


def titles(channel: Channel = Channel.NOTICE) -> list[str]:
    return list(Entry.objects.filter(channel=channel).order_by("title").values_list("title", flat=True))


def test_new_items_stand_on_every_home_page_below_from_one_row_each(
    source: FakeSource, department: Unit, client: Client
) -> None:
    schools = [make_unit(host=f"truong{n}.hcm.edu.vn") for n in range(3)]
    for school in schools:
        place(school, department)
    source.set_items("/rss/", ("news_1", "Lịch thi học sinh giỏi"))

    feed = read(make_feed(department, source))

    assert titles() == ["Lịch thi học sinh giỏi"]
    assert (feed.failures, feed.error_code, feed.leased_until) == (0, "", None)
    for school in schools:
        host = {"host": f"{school.hosts.get().name}.localhost"}
        assert "Lịch thi học sinh giỏi" in client.get("/", headers=host).content.decode()


def test_reading_again_changes_nothing(source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("news_1", "Một"), ("news_2", "Hai"))
    feed = make_feed(department, source)
    first = read(feed)
    source.bodies["/rss/"] += b"<!-- another minute -->"
    before = list(Entry.objects.order_by("pk").values())

    second = read(feed)

    assert list(Entry.objects.order_by("pk").values()) == before
    assert second.last_change_at == first.last_change_at
    assert second.last_success_at is not None
    assert first.last_success_at is not None
    assert second.last_success_at > first.last_success_at


def test_changed_item_is_marked_and_keeps_its_place(source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("news_1", "Họp lúc 8 giờ"))
    feed = make_feed(department, source)
    read(feed)
    before = Entry.objects.get()
    source.set_items("/rss/", ("news_1", "Họp lúc 9 giờ"))

    read(feed)

    after = Entry.objects.get()
    assert (after.pk, after.title, after.published_at) == (before.pk, "Họp lúc 9 giờ", before.published_at)
    assert after.changed_at is not None


def test_item_of_two_feeds_is_one_item_in_two_channels(source: FakeSource, department: Unit) -> None:
    source.set_items("/tin/", ("news_1", "Hội nghị"))
    source.set_items("/moi/", ("news_1", "Hội nghị"))
    read(make_feed(department, source, "/tin/", Channel.NEWS))
    news_row = Entry.objects.get().pk

    read(make_feed(department, source, "/moi/", Channel.INVITATION))

    with unit_scope(department.pk):
        assert Item.objects.count() == 1
    assert (titles(Channel.NEWS), titles(Channel.INVITATION)) == (["Hội nghị"], ["Hội nghị"])
    primary = Entry.objects.get(is_primary=True)
    assert primary.channel == Channel.INVITATION
    assert Entry.objects.get(pk=news_row).content_id == primary.pk


def test_address_from_before_the_second_channel_leads_on(source: FakeSource, department: Unit, client: Client) -> None:
    school = make_unit(host="cu.hcm.edu.vn")
    place(school, department)
    source.set_items("/tin/", ("news_1", "Hội nghị"))
    source.set_items("/moi/", ("news_1", "Hội nghị"))
    read(make_feed(department, source, "/tin/", Channel.NEWS))
    old = f"/nguon/{Entry.objects.get().pk}/hoi-nghi/"

    read(make_feed(department, source, "/moi/", Channel.INVITATION))

    response = client.get(old, headers={"host": "cu.hcm.edu.vn"}, follow=False)
    assert response.status_code == 301
    assert response["Location"] == f"/nguon/{Entry.objects.get(is_primary=True).pk}/hoi-nghi/"


def test_withdrawn_item_is_never_revived(source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("news_1", "Đăng nhầm"))
    feed = make_feed(department, source)
    read(feed)
    with unit_scope(department.pk):
        withdraw_item(item=Item.objects.get(), reason="đăng nhầm", by="thử")
    source.set_items("/rss/", ("news_1", "Đăng nhầm"), ("news_2", "Tin khác"))

    read(feed)

    assert titles() == ["Tin khác"]


def test_removed_from_the_feed_is_not_removed_from_the_portals(source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("news_1", "Cũ"))
    feed = make_feed(department, source)
    read(feed)
    source.set_items("/rss/", ("news_2", "Mới"))

    read(feed)

    assert titles() == ["Cũ", "Mới"]


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, b"", "http_status"),
        (200, b"<!doctype html><html><body>Dang nhap</body></html>", "html_page"),
        (200, b"khong phai xml", "not_feed"),
    ],
)
def test_failing_source_keeps_the_last_good_content_and_backs_off(
    source: FakeSource, department: Unit, status: int, body: bytes, code: str
) -> None:
    source.set_items("/rss/", ("news_1", "Tin tốt"))
    feed = make_feed(department, source)
    read(feed)
    source.bodies["/rss/"], source.statuses["/rss/"] = body, status

    failed = read(feed)
    again = read(feed)

    assert titles() == ["Tin tốt"]
    assert (failed.failures, failed.error_code, again.failures) == (1, code, 2)
    assert failed.error_message.endswith(".")
    assert again.next_check_at - clock.now() > timedelta(seconds=feed.interval_seconds * 2)
    source.statuses["/rss/"] = 200
    source.set_items("/rss/", ("news_1", "Tin tốt"))
    assert read(feed).failures == 0


def test_private_address_is_refused_unless_named(source: FakeSource, department: Unit, settings: Any) -> None:
    settings.FETCH_ALLOW = ()
    source.set_items("/rss/", ("news_1", "Bên trong"))

    feed = read(make_feed(department, source))

    assert feed.failures == 1
    assert not source.requests
    assert titles() == []


def test_category_routes_decide_the_channel_or_leave_out(source: FakeSource, department: Unit) -> None:
    feed = make_feed(department, source, channel=Channel.NEWS)
    with unit_scope(department.pk):
        for category, channel in (("thu moi hop", Channel.INVITATION), ("noi bo", "")):
            CategoryRoute.objects.create(unit=department, source=feed.source, category=category, channel=channel)
    source.bodies["/rss/"] = rss(source.base, ("a", "Mời họp"), category="Thư mời họp")
    read(feed)
    source.bodies["/rss/"] = rss(source.base, ("b", "Nội bộ"), category="Nội bộ")

    read(feed)

    assert (titles(Channel.INVITATION), titles(Channel.NEWS)) == (["Mời họp"], [])


def test_document_symbol_is_read_from_the_title(source: FakeSource, department: Unit) -> None:
    source.set_items("/vb/", ("vb_1", "Công văn số 2326/GDĐT-THCS về cổng thông tin"))

    read(make_feed(department, source, "/vb/", Channel.DOCUMENT))

    assert Entry.objects.get().doc_symbol == "2326/GDĐT-THCS"


def test_feed_is_read_by_one_reader_at_a_time(source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("news_1", "Một"))
    feed = make_feed(department, source)
    with unit_scope(department.pk):
        Feed.objects.filter(pk=feed.pk).update(leased_until=clock.now() + LEASE)

    refresh(feed_id=feed.pk)

    assert not source.requests


def test_feed_that_is_not_due_is_left_alone(source: FakeSource, department: Unit) -> None:
    feed = make_feed(department, source)
    with unit_scope(department.pk):
        Feed.objects.filter(pk=feed.pk).update(next_check_at=clock.now() + timedelta(minutes=5))

    refresh(feed_id=feed.pk)

    assert not source.requests


def test_lost_job_is_queued_again_and_a_waiting_one_is_not(source: FakeSource, department: Unit) -> None:
    feed = make_feed(department, source)
    now = clock.now()

    assert queue_due(now=now) == [feed.pk]
    assert queue_due(now=now + timedelta(seconds=5)) == []
    assert queue_due(now=now + REQUEUE + timedelta(seconds=1)) == [feed.pk]


def test_conditional_request_repeats_what_the_server_gave(source: FakeSource, department: Unit) -> None:
    source.set_items("/rss/", ("news_1", "Một"))
    feed = make_feed(department, source)
    with unit_scope(department.pk):
        Feed.objects.filter(pk=feed.pk).update(etag='"abc"', last_modified="Fri, 20 Nov 2026 01:00:00 GMT")

    read(feed)

    headers = source.requests[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"abc"', "Fri, 20 Nov 2026 01:00:00 GMT")


def test_not_modified_is_a_success_without_work(source: FakeSource, department: Unit) -> None:
    feed = make_feed(department, source)
    source.statuses["/rss/"] = 304

    after = read(feed)

    assert (after.failures, after.last_success_at is not None, titles()) == (0, True, [])


def test_query_count_does_not_grow_with_known_items(
    source: FakeSource, department: Unit, django_assert_max_num_queries: Any
) -> None:
    feed = make_feed(department, source)

    def reading(count: int) -> int:
        source.set_items("/rss/", *((f"n{i}", f"Tin {i}") for i in range(count)))
        read(feed)
        source.bodies["/rss/"] += b"<!-- x -->"
        with django_assert_max_num_queries(30) as captured:
            read(feed)
        return len(captured)

    assert reading(1) == reading(3)


def test_switching_to_links_because_guids_repeat_adds_only_what_is_new(source: FakeSource, department: Unit) -> None:
    known = [(f"n{number}", f"Tin {number}") for number in range(20)]
    source.set_items("/rss/", *known)
    feed = make_feed(department, source)
    read(feed)
    source.bodies["/rss/"] = rss(source.base, *known, ("trung", "Trùng một"), ("trung", "Trùng hai"))

    after = read(feed)

    assert after.trusts_guids is False
    assert sorted(titles()) == sorted([*(title for _, title in known), "Trùng hai", "Trùng một"])


def test_unexpected_error_shows_as_a_failure_and_the_feed_is_read_again(
    source: FakeSource, department: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.set_items("/rss/", ("n1", "Một"))
    feed = make_feed(department, source)

    def broken(**_: object) -> int:
        raise RuntimeError("no words for the public")

    monkeypatch.setattr("congtruong.feeds.services.settling.store", broken)
    failed = read(feed)
    monkeypatch.undo()

    assert (failed.failures, failed.error_code, failed.leased_until) == (1, "unexpected", None)
    assert "no words" not in failed.error_message


def test_feed_that_was_never_read_makes_the_block_stale(source: FakeSource, department: Unit) -> None:
    feed = make_feed(department, source, "/khong-co/")
    assert freshness([department.pk], now=clock.now()).is_stale is False

    read(feed)

    assert freshness([department.pk], now=clock.now()).is_stale is True
