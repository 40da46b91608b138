"""What becomes of things a source says more than once, differently, elsewhere, or by mistake."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.feeds.errors import NoChannel
from congtruong.feeds.models import CategoryRoute, Feed, Item, ItemRevision, Sighting, Source
from congtruong.feeds.pipeline.model import Document, Enclosure
from congtruong.feeds.pipeline.model import Entry as Said
from congtruong.feeds.services import choose_channel, restore_item, store, withdraw_item
from congtruong.feeds.services.attachments import check_due
from congtruong.feeds.services.storing import Stored
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.enums import Kind, OversightKind
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_unit, place
from tests.fakes.source import FakeSource, serving

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DAY = datetime(2026, 11, 20, 1, 5, tzinfo=UTC)
SAID = Said(
    "Họp lúc 8 giờ", summary="s", content="<p>Mời họp.</p>", link="https://so.example.vn/1", guid="n1", published=DAY
)


@pytest.fixture
def department() -> Unit:
    return make_authority("Sở (mẫu)", host="so.hcm.edu.vn")


def feed_of(unit: Unit, path: str = "/rss", channel: Channel = Channel.NOTICE, **fields: Any) -> Feed:
    with unit_scope(unit.pk):
        source, _ = Source.objects.get_or_create(
            unit=unit, homepage=f"https://nguon{unit.pk}.example.vn/", defaults={"name": f"Trang của {unit.name}"}
        )
        url = f"{source.homepage}{path}"
        return Feed.objects.create(
            unit=unit, source=source, url=url, channel=channel, next_check_at=clock.now(), **fields
        )


def read(feed: Feed, *entries: Said) -> Stored:
    with unit_scope(feed.unit_id):
        return store(feed=feed, document=Document("Nguồn", entries=entries), now=clock.now())


def the_item(unit: Unit) -> Item:
    with unit_scope(unit.pk):
        return Item.objects.select_related("unit", "source").get(unit=unit)


def test_store_counts_what_a_reading_brought(department: Unit) -> None:
    feed = feed_of(department)
    picture = replace(
        SAID, guid="n2", link="https://so.example.vn/2", content='<p><img src="https://so.example.vn/a.jpg" alt=""></p>'
    )

    assert read(feed, SAID, picture) == Stored(changed=2, new=2, pictures=1)
    assert read(feed, SAID, picture) == Stored(changed=0, new=0, pictures=0)
    assert read(feed, replace(SAID, title="Họp lúc 9 giờ"), picture) == Stored(changed=1, new=0, pictures=0)
    assert not read(feed, picture)


def test_edit_keeps_the_former_text_and_the_place_in_the_list(department: Unit) -> None:
    feed = feed_of(department)
    later = replace(SAID, guid="n2", link="https://so.example.vn/2", published=DAY + timedelta(hours=2))
    read(feed, SAID, later)
    before = list(Entry.objects.order_by("-published_at").values_list("pk", flat=True))

    read(feed, replace(SAID, title="Họp lúc 9 giờ", published=DAY + timedelta(days=1)), later)
    read(feed, replace(SAID, title="Họp lúc 10 giờ"), later)

    with unit_scope(department.pk):
        said = [(one.number, one.title) for one in ItemRevision.objects.order_by("number")]
    assert said == [(1, "Họp lúc 8 giờ"), (2, "Họp lúc 9 giờ")]
    assert list(Entry.objects.order_by("-published_at").values_list("pk", flat=True)) == before
    changed = Entry.objects.get(title="Họp lúc 10 giờ")
    assert (changed.changed_at is not None, changed.published_at) == (True, DAY)


def test_trivial_edit_is_no_revision(department: Unit) -> None:
    feed = feed_of(department)
    link = '<p><a href="https://so.example.vn/x">x</a> y</p>'
    read(feed, replace(SAID, content=link))

    read(
        feed,
        replace(
            SAID, title="Họp  lúc 8 giờ", content=link.replace('/x"', '/x?utm_source=rss"').replace("> y", ">   y")
        ),
    )

    with unit_scope(department.pk):
        assert ItemRevision.objects.count() == 0
    assert Entry.objects.get().changed_at is None


def test_site_that_moves_to_another_host_publishes_nothing_again(department: Unit, client: Client) -> None:
    feed = feed_of(department)
    said = [
        replace(SAID, guid=f"https://cu.example.vn/{n}", link=f"http://cu.example.vn/{n}", title=f"Tin {n}")
        for n in range(3)
    ]
    read(feed, *said)
    before = set(Entry.objects.values_list("pk", "title", "published_at", "changed_at"))

    moved = [
        replace(one, guid=one.guid.replace("cu.", "moi."), link=one.link.replace("http://cu.", "https://moi."))
        for one in said
    ]
    brought = read(feed, *moved)

    assert brought == Stored(changed=0, new=0, pictures=0)
    assert set(Entry.objects.values_list("pk", "title", "published_at", "changed_at")) == before
    assert set(Entry.objects.values_list("source_url", flat=True)) == {f"https://moi.example.vn/{n}" for n in range(3)}
    assert read(feed, *moved) == Stored(changed=0, new=0, pictures=0)


def test_link_of_several_feeds_is_one_item_in_the_channels_that_routes_say(department: Unit) -> None:
    news, notices = feed_of(department, "/tin", Channel.NEWS), feed_of(department, "/tb")
    with unit_scope(department.pk):
        CategoryRoute.objects.create(
            unit=department, source=news.source, category="thu moi", channel=Channel.INVITATION
        )

    read(news, replace(SAID, categories=("Thư mời",)))
    read(notices, replace(SAID, guid="khac"))

    assert set(Entry.objects.values_list("object_id", "channel")) == {
        (the_item(department).pk, Channel.INVITATION),
        (the_item(department).pk, Channel.NOTICE),
    }


@pytest.mark.parametrize(
    "again",
    [
        SAID,
        replace(SAID, title="Tựa đã đổi", summary="khác"),
        replace(SAID, title="Tựa đã đổi", guid="khac"),
        replace(SAID, guid="khac", link="https://so.example.vn/moi/7"),
    ],
    ids=["the same", "edited", "another guid and title", "another guid and link"],
)
@pytest.mark.parametrize("elsewhere", [False, True], ids=["same feed", "another feed"])
def test_withdrawn_item_never_comes_back_by_itself(department: Unit, again: Said, *, elsewhere: bool) -> None:
    feed, other = feed_of(department), feed_of(department, "/khac", Channel.NEWS)
    read(feed, SAID)
    with unit_scope(department.pk):
        withdraw_item(item=the_item(department), reason="đăng nhầm", by="thử")

    read(other if elsewhere else feed, again)
    # Known by now under its new key: a new title does not help it either.
    read(other if elsewhere else feed, replace(again, title="Lại một tựa khác", summary="x", published=None))

    assert Entry.objects.count() == 0
    assert the_item(department).withdrawn_reason == "đăng nhầm"


def test_withdrawn_item_disappears_everywhere_and_comes_back_by_a_person(department: Unit, client: Client) -> None:
    school = make_unit(host="truong.hcm.edu.vn")
    place(school, department)
    feed = feed_of(department)
    read(feed, SAID)
    with unit_scope(department.pk):
        Feed.objects.filter(pk=feed.pk).update(body_sha256="x", etag='"x"')
    places = [
        ("truong", "/"),
        ("truong", "/thong-bao/"),
        ("truong", "/tim-kiem/?q=hop"),
        ("so", "/rss/thong-bao.xml"),
        ("truong", f"/nguon/{Entry.objects.get().pk}/hop-luc-8-gio/"),
    ]

    def seen() -> list[bool]:
        pages = [client.get(path, headers={"host": f"{host}.hcm.edu.vn"}) for host, path in places]
        return ["lúc 8 giờ" in page.content.decode() for page in pages]

    assert seen() == [True] * 5
    with unit_scope(department.pk):
        withdraw_item(item=the_item(department), reason="đăng nhầm", by="thử")
    assert seen() == [False] * 5
    with unit_scope(department.pk):
        withdraw_item(item=the_item(department), reason="lần hai", by="thử")
        restore_item(item=the_item(department), reason="đúng rồi", by="thử")
    places[-1] = ("truong", f"/nguon/{Entry.objects.get().pk}/hop-luc-8-gio/")
    assert seen() == [True] * 5

    trail = AuditEntry.objects.filter(unit_id=department.pk, action__startswith="feeds.item.").order_by("pk")
    assert [(line.action, line.detail["reason"]) for line in trail] == [
        ("feeds.item.withdrawn", "đăng nhầm"),
        ("feeds.item.restored", "đúng rồi"),
    ]
    with unit_scope(department.pk):
        assert Feed.objects.values_list("body_sha256", "etag").get(pk=feed.pk) == ("", "")


def test_restored_item_follows_its_source_again(department: Unit) -> None:
    feed = feed_of(department)
    read(feed, SAID)
    with unit_scope(department.pk):
        withdraw_item(item=the_item(department), reason="nhầm", by="thử")
    read(feed, replace(SAID, title="Họp lúc 9 giờ"))
    with unit_scope(department.pk):
        restore_item(item=the_item(department), reason="đúng", by="thử")
    assert Entry.objects.get().title == "Họp lúc 8 giờ"

    read(feed, replace(SAID, title="Họp lúc 9 giờ"))

    assert Entry.objects.get().title == "Họp lúc 9 giờ"


def test_chosen_channel_outlives_readings(department: Unit) -> None:
    feed = feed_of(department)
    read(feed, SAID)
    with unit_scope(department.pk):
        choose_channel(item=the_item(department), channel=Channel.INVITATION, by="thử")

    read(feed, replace(SAID, title="Họp lúc 9 giờ"))
    assert list(Entry.objects.values_list("channel", flat=True)) == [Channel.INVITATION]

    with unit_scope(department.pk):
        choose_channel(item=the_item(department), channel=None, by="thử")
    assert list(Entry.objects.values_list("channel", flat=True)) == [Channel.NOTICE]


def test_items_of_a_school_are_its_own(department: Unit) -> None:
    school = make_unit()
    place(school, department)

    read(feed_of(school), SAID)

    assert Entry.objects.values_list("unit", "is_broadcast").get() == (school.pk, False)


TITLE = "Công văn số 2326/GDĐT-THCS về cổng thông tin điện tử"


@pytest.fixture
def ward(department: Unit) -> Unit:
    made = make_authority("UBND phường (mẫu)", kind=Kind.WARD_COMMITTEE, host="phuong.hcm.edu.vn")
    place(made, department, kind=OversightKind.PROFESSIONAL)
    return made


@pytest.fixture
def school(department: Unit, ward: Unit) -> Unit:
    made = make_unit(host="truong.hcm.edu.vn")
    place(made, ward)
    place(made, department, kind=OversightKind.PROFESSIONAL)
    return made


@pytest.mark.parametrize("copy_first", [False, True])
def test_copy_of_a_document_stands_once_below_both(
    department: Unit, ward: Unit, school: Unit, client: Client, *, copy_first: bool
) -> None:
    original = (feed_of(department, channel=Channel.DOCUMENT), replace(SAID, title=TITLE))
    copied = replace(SAID, title=f"{TITLE} của trường học", guid="p1", link="https://phuong.example.vn/9")
    copy = (feed_of(ward, channel=Channel.DOCUMENT), copied)
    for feed, said in (copy, original) if copy_first else (original, copy):
        read(feed, said)

    below = client.get("/van-ban/", headers={"host": "truong.hcm.edu.vn"}).content.decode()
    own = client.get("/van-ban/", headers={"host": "phuong.hcm.edu.vn"}).content.decode()
    shown = Entry.objects.get(unit=department)
    page = client.get(f"/nguon/{shown.pk}/{shown.slug}/", headers={"host": "truong.hcm.edu.vn"}).content.decode()

    assert (below.count("2326/GDĐT-THCS</a>"), own.count("2326/GDĐT-THCS</a>")) == (1, 2)
    assert "Cũng đăng bởi UBND phường (mẫu)" in page
    assert 'href="https://phuong.example.vn/9"' in page
    assert the_item(ward).copy_of_id == the_item(department).pk
    assert AuditEntry.objects.filter(unit_id=ward.pk, action="feeds.item.grouped").count() == 1


@pytest.mark.parametrize(
    "said",
    [
        replace(SAID, title="Quyết định số 2326/GDĐT-THCS về phân công trực Tết Nguyên đán"),
        replace(SAID, title=TITLE, published=DAY - timedelta(days=500)),
        replace(SAID, title="Kế hoạch 45/KH-UBND triển khai Công văn số 2326/GDĐT-THCS về cổng thông tin điện tử"),
    ],
    ids=["another subject", "another year", "its own symbol"],
)
def test_other_document_is_no_copy(department: Unit, ward: Unit, said: Said) -> None:
    read(feed_of(department, channel=Channel.DOCUMENT), replace(SAID, title=TITLE))

    read(feed_of(ward, channel=Channel.DOCUMENT), replace(said, guid="p1"))

    assert the_item(ward).copy_of_id is None
    assert Entry.objects.filter(is_broadcast=True).count() == 2


def test_document_for_some_levels_hides_no_copy_for_all(department: Unit, ward: Unit) -> None:
    read(feed_of(department, channel=Channel.DOCUMENT, levels=8), replace(SAID, title=TITLE))

    read(feed_of(ward, channel=Channel.DOCUMENT), replace(SAID, title=TITLE))

    assert the_item(ward).copy_of_id is None


def test_copies_stay_away_when_the_original_is_withdrawn(department: Unit, ward: Unit) -> None:
    read(feed_of(department, channel=Channel.DOCUMENT), replace(SAID, title=TITLE))
    read(feed_of(ward, channel=Channel.DOCUMENT), replace(SAID, title=TITLE))

    with unit_scope(department.pk):
        withdraw_item(item=the_item(department), reason="ban hành nhầm", by="thử")

    assert list(Entry.objects.values_list("unit", "is_broadcast")) == [(ward.pk, False)]


def test_reading_costs_the_same_however_many_items_are_known(
    department: Unit, django_assert_max_num_queries: Any
) -> None:
    feed = feed_of(department)

    def unchanged(count: int) -> int:
        said = [replace(SAID, guid=f"n{n}", link=f"https://so.example.vn/{n}", title=f"Tin {n}") for n in range(count)]
        read(feed, *said)
        with django_assert_max_num_queries(12) as captured:
            read(feed, *said)
        return len(captured)

    def changed(word: str, count: int) -> int:
        said = [
            replace(SAID, guid=f"n{n}", link=f"https://so.example.vn/{n}", title=f"{word} {n}") for n in range(count)
        ]
        with django_assert_max_num_queries(60) as captured:
            read(feed, *said)
        return len(captured)

    assert unchanged(2) == unchanged(40)
    # Each changed item costs its own row and its public form, the rest is read and kept at once.
    one, five = changed("Sửa", 1), changed("Sửa nữa", 5)
    assert (five - one) / 4 <= 6


@pytest.fixture
def server(settings: Any) -> Iterator[FakeSource]:
    with serving() as fake:
        settings.FETCH_ALLOW = (fake.address,)
        yield fake


def test_files_at_the_source_are_looked_at_three_times(department: Unit, server: FakeSource, client: Client) -> None:
    server.bodies |= {"/a.pdf": b"%PDF-1.4 thu", "/to.pdf": b"%PDF" + b"x" * 40_000}
    named = ("/a.pdf", "/to.pdf", "/mat.pdf")
    files = tuple(Enclosure(f"{server.base}{path}", "application/pdf", 2048) for path in named)
    read(feed_of(department), replace(SAID, enclosures=files))
    now = clock.now()

    looks = [check_due(now=now + timedelta(days=8 * week)) for week in range(5)]

    assert looks == [1, 1, 1, 0, 0]
    states = [(file["state"], file["checks"]) for file in the_item(department).enclosures]
    assert states == [("co", 3), ("co", 3), ("hong", 3)]
    shown = Entry.objects.get()
    page = client.get(f"/nguon/{shown.pk}/{shown.slug}/", headers={"host": "so.hcm.edu.vn"}).content.decode()
    assert page.count("Hiện không mở được.") == 1
    assert page.count("PDF · ") == 2
    assert shown.changed_at is None


def test_server_that_does_not_answer_is_asked_once_in_a_round(department: Unit, server: FakeSource) -> None:
    silent = [f"http://127.0.0.1:9/{n}.pdf" for n in range(5)]
    named = [*silent, f"{server.base}/a.pdf"]
    server.bodies["/a.pdf"] = b"%PDF-1.4"
    read(feed_of(department), replace(SAID, enclosures=tuple(Enclosure(url, "application/pdf", 1) for url in named)))
    now = clock.now()
    with override_settings(FETCH_ALLOW=(server.address, "127.0.0.1:9")):
        check_due(now=now)

    files = the_item(department).enclosures
    assert [file.get("checks", 0) for file in files] == [1, 0, 0, 0, 0, 1]
    # The rest is looked at soon, not in a week.
    due = the_item(department).files_due_at
    assert due is not None
    assert due < now + timedelta(hours=1)


def test_sightings_of_two_feeds_do_not_meet(department: Unit) -> None:
    """A guid means nothing outside its feed: every site of the same CMS counts from one."""
    read(feed_of(department, "/a"), SAID)
    read(feed_of(department, "/b"), replace(SAID, title="Chuyện khác", link="https://so.example.vn/khac"))

    with unit_scope(department.pk):
        assert (Item.objects.count(), Sighting.objects.filter(key="g:n1").count()) == (2, 2)


def test_item_that_no_feed_lists_any_more_needs_a_channel(department: Unit) -> None:
    feed = feed_of(department)
    read(feed, SAID)
    with unit_scope(department.pk):
        choose_channel(item=the_item(department), channel=Channel.NEWS, by="thử")
        Sighting.objects.all().delete()

        with pytest.raises(NoChannel):
            choose_channel(item=the_item(department), channel=None, by="thử")

    assert [entry.channel for entry in Entry.objects.all()] == [Channel.NEWS]
