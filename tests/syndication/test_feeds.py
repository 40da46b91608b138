"""Outgoing feeds: what stands in them, in three forms, and who gets what when nothing changed."""

import json
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from congtruong.core import clock
from congtruong.editorial.services import withdraw_post
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.model import Document, Enclosure
from congtruong.feeds.pipeline.parse import parse
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.services import Published, Register, publish
from congtruong.syndication.services import take_changes
from congtruong.units.enums import Kind, Level
from congtruong.units.models import HostName, Unit
from congtruong.units.scoping import unit_scope
from congtruong.units.services import add_host
from tests.factories import (
    BY,
    make_authority,
    make_document,
    make_file,
    make_image,
    make_page,
    make_post,
    make_unit,
    place,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = "hoaphuong.hcm.edu.vn"
BASE = f"http://{HOST}.localhost"
NOON = datetime(2026, 9, 7, 5, tzinfo=UTC)
READ_AT = datetime(2026, 11, 24, tzinfo=UTC)
FORMATS = ("xml", "atom", "json")
TYPES = {
    "xml": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng & bạn (mẫu)", host=HOST, tagline="Học <vui>")


def get(client: Client, path: str, host: str = HOST, **headers: str) -> Any:
    return client.get(path, headers={"host": f"{host}.localhost", **headers})


def read(response: Any, url: str = BASE) -> Document:
    """What our own reader makes of a feed; it repairs nothing in ours."""
    assert response.status_code == 200
    document = parse(decode(response.content, response["Content-Type"]), url=url, now=READ_AT)
    assert document.repairs == ()
    assert [entry.repairs for entry in document.entries if entry.repairs] == []
    return document


def titles(client: Client, path: str, host: str = HOST) -> list[str]:
    return [entry.title for entry in read(get(client, path, host)).entries]


def broadcast(unit: Unit, title: str, *, levels: int = 0, channel: Channel = Channel.NOTICE, **fields: Any) -> Entry:
    """Something from a feed of an authority, public on the portals below it."""
    told: dict[str, Any] = {"object_id": Entry.objects.count() + 1, "published_at": NOON, "is_broadcast": True} | fields
    with unit_scope(unit.pk):
        return publish(
            content=Published(
                unit_id=unit.pk,
                kind=EntryKind.ITEM,
                channels=(channel,),
                title=title,
                levels=levels,
                body=f"<p>{title}</p>",
                **told,
            )
        )


def change(unit: Unit, **fields: Any) -> None:
    """Change every entry of a unit behind the back of the services."""
    with unit_scope(unit.pk):
        assert Entry.objects.filter(unit=unit).update(**fields)


# --- Contents ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", FORMATS)
def test_feed_says_what_the_page_says_in_every_form(client: Client, school: Unit, ending: str) -> None:
    attached, second = make_file(school, "mau-don.pdf"), make_file(school, "hai.pdf")
    make_post(
        school,
        "Khai giảng <vui> & “đẹp”",
        slug="khai-giang",
        at=NOON,
        author="Lê Thị C",
        summary="Tóm tắt & hơn <5 tuổi>",
        body='<p>Mời <a href="/lien-he/">liên hệ</a>.</p>',
        files=[(attached, "Mẫu đơn"), (second, "")],
    )
    entry = Entry.objects.get()

    response = get(client, f"/rss/tin-tuc.{ending}")
    document = read(response)

    assert response["Content-Type"] == TYPES[ending]
    assert (document.title, document.link) == ("Tin tức – Trường Hoa Phượng & bạn (mẫu)", f"{BASE}/tin-tuc/")
    assert (document.hub, document.topic) == (f"{BASE}/websub/", f"{BASE}/rss/tin-tuc.{ending}")
    assert document.language == "vi"
    (item,) = document.entries
    assert (item.title, item.summary) == ("Khai giảng <vui> & “đẹp”", "Tóm tắt & hơn <5 tuổi>")
    assert item.link == f"{BASE}/tin-tuc/khai-giang/"
    assert item.guid == f"tag:congtruong.test,2026:post:{entry.object_id}"
    assert (item.published, item.author, item.categories) == (NOON, "Lê Thị C", ("Tin tức",))
    assert f'<a href="{BASE}/lien-he/" rel="noopener">liên hệ</a>' in item.content
    first = Enclosure(f"{BASE}/tep/{attached.key}/mau-don.pdf", "application/pdf", 12)
    other = Enclosure(f"{BASE}/tep/{second.key}/hai.pdf", "application/pdf", 12)
    assert item.enclosures == ((first,) if ending == "xml" else (first, other))
    assert f'<a href="{other.url}" rel="noopener">hai.pdf</a>' in item.content


@pytest.mark.parametrize("ending", ["xml", "atom"])
def test_feedparser_finds_nothing_wrong(client: Client, school: Unit, ending: str) -> None:
    make_post(school, "Một & hai", at=NOON, summary="]]> <b>", body="<p>]]&gt; &amp;lt;</p>")
    make_document(school, "Kế hoạch", symbol="12/KH-THCS")

    found = feedparser.parse(get(client, f"/rss/tat-ca.{ending}").content)

    assert (found["bozo"], found["version"]) == (False, {"xml": "rss20", "atom": "atom10"}[ending])
    assert sorted(entry["title"] for entry in found["entries"]) == ["Kế hoạch", "Một & hai"]
    assert {link["rel"]: link["href"] for link in found["feed"]["links"]} == {
        "alternate": f"{BASE}/",
        "self": f"{BASE}/rss/tat-ca.{ending}",
        "hub": f"{BASE}/websub/",
    }


def test_json_feed_keeps_the_rules_of_version_1_1(client: Client, school: Unit) -> None:
    image = make_image(school, alt="Sân trường")
    make_post(school, "Có ảnh", at=NOON, cover=image)

    made = json.loads(get(client, "/rss/tin-tuc.json").content)

    assert made["version"] == "https://jsonfeed.org/version/1.1"
    assert made["hubs"] == [{"type": "WebSub", "url": f"{BASE}/websub/"}]
    assert {name for name in made if not isinstance(made[name], (str, list))} == set()
    (item,) = made["items"]
    assert isinstance(item["id"], str)
    assert datetime.fromisoformat(item["date_published"]) == NOON
    assert item["authors"] == [{"name": school.name}]
    assert item["image"] == f"{BASE}/tep/{image.key}/40.webp"
    assert set(item) <= {
        *("id", "url", "title", "content_html", "content_text", "summary", "image", "date_published", "date_modified"),
        *("authors", "tags", "language", "attachments"),
    }
    assert get(client, item["image"].removeprefix(BASE)).status_code == 200


def test_text_is_sanitised_composed_and_free_of_what_xml_forbids(client: Client, school: Unit) -> None:
    decomposed = unicodedata.normalize("NFD", "Tiếng Việt")
    with unit_scope(school.pk):
        publish(
            content=Published(
                unit_id=school.pk,
                kind=EntryKind.ITEM,
                object_id=7,
                channels=(Channel.NEWS,),
                title=f"{decomposed} \x01\x0b tựa",
                summary="a\ufffe\x00b" if connection.vendor == "sqlite" else "a\ufffeb",
                body='<p onclick="x()">\x02chữ<script>alert(1)</script><img src="/tep/k/a.png" srcset="/x 1w" alt="">'
                '<img src="data:image/png;base64,xx"><a href="javascript:x">y</a></p>',
                author="\x07Ai",
                published_at=NOON,
            )
        )

    for ending in FORMATS:
        response = get(client, f"/rss/tin-tuc.{ending}")
        text = response.content.decode()
        (item,) = read(response).entries
        assert (item.title, item.summary, item.author) == ("Tiếng Việt tựa", "ab", "Ai")
        assert text == unicodedata.normalize("NFC", text)
        assert [
            each for each in ("<script", "alert(1)", "onclick", "javascript", "data:image", "srcset") if each in text
        ] == []
        assert f"{BASE}/tep/k/a.png" in text


def test_invitations_and_documents_tell_what_stands_beside_their_text(client: Client, school: Unit) -> None:
    starts = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    make_post(school, "Thư mời", channel=Channel.INVITATION, starts_at=starts, place="Hội trường <A>")
    make_document(school, "Kế hoạch", symbol="12/KH-THCS", issuer="Trường & tổ")

    (invitation,) = read(get(client, "/rss/thu-moi.atom")).entries
    (document,) = read(get(client, "/rss/van-ban.atom")).entries

    assert invitation.content.startswith(
        "<ul><li>Thời gian: 08:30, 20/11/2026</li><li>Địa điểm: Hội trường &lt;A&gt;</li></ul>"
    )
    assert document.content.startswith(
        "<ul><li>Số, ký hiệu: 12/KH-THCS</li><li>Cơ quan ban hành: Trường &amp; tổ</li>"
        "<li>Ngày ban hành: 07/09/2026</li></ul>"
    )


def test_feed_stays_below_what_readers_take(client: Client, school: Unit) -> None:
    long = "<p>" + "dài " * 60_000 + "</p>"
    for number in range(12):
        with unit_scope(school.pk):
            publish(
                content=Published(
                    unit_id=school.pk,
                    kind=EntryKind.ITEM,
                    object_id=number,
                    channels=(Channel.NEWS,),
                    title=f"Tin {number}",
                    summary="Tóm tắt",
                    body=long,
                    published_at=NOON + timedelta(minutes=number),
                )
            )

    made = json.loads(get(client, "/rss/tin-tuc.json").content)

    assert ["content_html" in item for item in made["items"]] == [True] * 8 + [False] * 4
    assert made["items"][11]["content_text"] == "Tóm tắt"


# --- Which entries ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", FORMATS)
def test_feed_of_a_channel_holds_that_channel_and_that_of_all_holds_all(
    client: Client, school: Unit, ending: str
) -> None:
    for day, channel in enumerate((Channel.NEWS, Channel.NOTICE, Channel.INVITATION)):
        make_post(school, channel.label, channel=channel, at=NOON + timedelta(days=day))
    make_document(school, "Văn bản")
    make_page(school, "Trang giới thiệu")
    make_post(school, "Nháp", publish=False)

    for channel in (Channel.NEWS, Channel.NOTICE, Channel.INVITATION, Channel.DOCUMENT):
        assert titles(client, f"/rss/{channel}.{ending}") == [channel.label]
    assert set(titles(client, f"/rss/tat-ca.{ending}")) == {"Tin tức", "Thông báo", "Thư mời", "Văn bản"}
    assert get(client, f"/rss/gioi-thieu.{ending}").status_code == 404
    assert get(client, "/rss/tin-tuc.html").status_code == 404


def test_own_feed_holds_own_entries_only_newest_first_and_at_most_thirty(client: Client, school: Unit) -> None:
    department = make_authority()
    place(school, department)
    make_post(department, "Từ Sở")
    make_post(make_unit(), "Nơi khác")
    for number in range(33):
        make_post(school, f"Tin {number}", at=NOON + timedelta(minutes=number))

    assert titles(client, "/rss/tin-tuc.xml") == [f"Tin {number}" for number in range(32, 2, -1)]


@pytest.mark.parametrize("ending", FORMATS)
def test_empty_feed_is_valid(client: Client, school: Unit, ending: str) -> None:
    assert read(get(client, f"/rss/tat-ca.{ending}")).entries == ()


def test_entry_in_two_channels_has_one_id_and_its_text_in_both(client: Client, school: Unit) -> None:
    with unit_scope(school.pk):
        publish(
            content=Published(
                unit_id=school.pk,
                kind=EntryKind.ITEM,
                object_id=5,
                channels=(Channel.DOCUMENT, Channel.NEWS),
                title="Hai nơi",
                body="<p>chữ</p>",
                published_at=NOON,
                register=Register(symbol="1/SGD"),
            )
        )

    feeds = [read(get(client, f"/rss/{name}.json")).entries for name in ("tin-tuc", "van-ban", "tat-ca")]

    assert [[(entry.guid, "<p>chữ</p>" in entry.content) for entry in entries] for entries in feeds] == [
        [("tag:congtruong.test,2026:item:5", True)]
    ] * 3


@pytest.fixture
def province() -> tuple[Unit, Unit]:
    """A department above a ward's committee."""
    department, ward = (
        make_authority("Sở (mẫu)", host="so.hcm.edu.vn"),
        make_authority("UBND phường (mẫu)", kind=Kind.WARD_COMMITTEE, host="phuong.hcm.edu.vn"),
    )
    place(ward, department)
    return department, ward


def test_level_feed_is_what_a_school_of_that_level_sees(client: Client, province: tuple[Unit, Unit]) -> None:
    department, ward = province
    broadcast(department, "Sở, mọi cấp", published_at=NOON)
    broadcast(department, "Sở, tiểu học", levels=int(Level.PRIMARY), published_at=NOON + timedelta(hours=1))
    broadcast(
        ward, "Phường, hai cấp", levels=int(Level.PRIMARY | Level.LOWER_SECONDARY), published_at=NOON + timedelta(2)
    )
    broadcast(ward, "Phường, tin", channel=Channel.NEWS, published_at=NOON + timedelta(3))
    broadcast(ward, "Chỉ trên cổng phường", is_broadcast=False)
    broadcast(make_authority("Sở khác (mẫu)"), "Nơi khác")

    asked = {
        (level, channel): titles(client, f"/kenh/{level}/{channel}.atom", "phuong.hcm.edu.vn")
        for level, channel in (
            ("tieu-hoc", "thong-bao"),
            ("thcs", "thong-bao"),
            ("mam-non", "tat-ca"),
            ("tat-ca", "tat-ca"),
        )
    }

    assert asked == {
        ("tieu-hoc", "thong-bao"): ["Phường, hai cấp", "Sở, tiểu học", "Sở, mọi cấp"],
        ("thcs", "thong-bao"): ["Phường, hai cấp", "Sở, mọi cấp"],
        ("mam-non", "tat-ca"): ["Phường, tin", "Sở, mọi cấp"],
        ("tat-ca", "tat-ca"): ["Phường, tin", "Phường, hai cấp", "Sở, tiểu học", "Sở, mọi cấp"],
    }
    assert titles(client, "/kenh/thcs/thong-bao.xml", "so.hcm.edu.vn") == ["Sở, mọi cấp"]


def test_level_feed_holds_what_is_meant_for_everybody_below(client: Client, province: tuple[Unit, Unit]) -> None:
    department, ward = province
    school = make_unit()
    place(school, ward)
    broadcast(department, "Cho phường", targets=(ward.pk,))
    broadcast(department, "Cho một trường", targets=(school.pk,))

    assert titles(client, "/kenh/tat-ca/tat-ca.xml", "phuong.hcm.edu.vn") == ["Cho phường"]
    assert titles(client, "/kenh/tat-ca/tat-ca.xml", "so.hcm.edu.vn") == []


def test_level_feed_leads_to_the_owners_portal_and_names_it(client: Client, province: tuple[Unit, Unit]) -> None:
    department, _ = province
    make_post(department, "Bài của Sở", channel=Channel.NOTICE, slug="bai", at=NOON, body='<p><a href="/x/">x</a></p>')
    change(department, is_broadcast=True)
    read_item = broadcast(
        department, "Tin đọc từ nguồn", source_name="Trang cũ của Sở", published_at=NOON - timedelta(1)
    )

    first, second = read(get(client, "/kenh/thpt/thong-bao.json", "phuong.hcm.edu.vn")).entries

    assert (first.link, first.author) == ("http://so.hcm.edu.vn.localhost/thong-bao/bai/", "Sở (mẫu)")
    assert '<a href="http://so.hcm.edu.vn.localhost/x/"' in first.content
    assert second.link == f"http://so.hcm.edu.vn.localhost/nguon/{read_item.pk}/{read_item.slug}/"
    assert second.author == "Trang cũ của Sở"
    assert get(client, second.link.removeprefix("http://so.hcm.edu.vn.localhost"), "so.hcm.edu.vn").status_code == 200


def test_owner_without_a_portal_is_read_on_this_one(client: Client, province: tuple[Unit, Unit]) -> None:
    department, _ = province
    item = broadcast(department, "Từ Sở")
    HostName.objects.filter(unit=department).delete()

    (entry,) = read(get(client, "/kenh/tat-ca/tat-ca.atom", "phuong.hcm.edu.vn")).entries

    assert entry.link == f"http://phuong.hcm.edu.vn.localhost/nguon/{item.pk}/{item.slug}/"
    assert get(client, f"/nguon/{item.pk}/{item.slug}/", "phuong.hcm.edu.vn").status_code == 200


def test_level_feed_ends_when_the_authority_above_does(client: Client) -> None:
    former, ward = make_authority(), make_authority(host="phuong.hcm.edu.vn")
    place(ward, former, to_on=date(2026, 9, 7))
    broadcast(former, "Khi còn quản lý", published_at=NOON)
    broadcast(former, "Sau đó", published_at=NOON + timedelta(days=1))

    assert titles(client, "/kenh/tat-ca/tat-ca.xml", "phuong.hcm.edu.vn") == ["Khi còn quản lý"]


def test_schools_have_no_level_feeds(client: Client, school: Unit) -> None:
    assert get(client, "/kenh/thcs/tin-tuc.xml").status_code == 404
    assert get(client, "/kenh/khong-co/tin-tuc.xml").status_code == 404


# --- Identity and versions --------------------------------------------------------------------------------------------


def test_id_outlives_edits_and_another_host_name(client: Client, school: Unit) -> None:
    make_post(school, "Tên cũ", at=NOON)
    (before,) = read(get(client, "/rss/tin-tuc.xml")).entries
    change(school, title="Tên mới", slug="ten-moi", path="/tin-tuc/ten-moi/", changed_at=NOON + timedelta(1))
    add_host(unit=school, name="moi.hcm.edu.vn", is_canonical=True, by=BY)

    ids = {read(get(client, f"/rss/tat-ca.{ending}", "moi.hcm.edu.vn")).entries[0].guid for ending in FORMATS}

    assert ids == {before.guid}


@pytest.mark.parametrize("ending", FORMATS)
def test_change_shows_as_updated(client: Client, school: Unit, ending: str) -> None:
    make_post(school, "Bài", at=NOON)
    change(school, changed_at=NOON + timedelta(days=1))

    (entry,) = read(get(client, f"/rss/tin-tuc.{ending}")).entries

    assert (entry.published, entry.updated) == (NOON, NOON + timedelta(days=1))


@pytest.mark.parametrize("ending", FORMATS)
def test_reader_who_has_the_feed_gets_nothing_anew(client: Client, school: Unit, ending: str) -> None:
    make_post(school, "Bài", at=NOON)
    Unit.objects.update(updated_at=clock.now() - timedelta(hours=1))
    path = f"/rss/tin-tuc.{ending}"
    first = get(client, path)

    by_tag = get(client, path, **{"if-none-match": first["ETag"]})
    by_weak_tag = get(client, path, **{"if-none-match": f"W/{first['ETag']}"})
    by_date = get(client, path, **{"if-modified-since": first["Last-Modified"]})
    head = client.head(path, headers={"host": f"{HOST}.localhost"})

    for answer in (by_tag, by_weak_tag, by_date):
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", first["ETag"])
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert first["Cache-Control"] == "public, max-age=60"
    assert first["Link"] == f'<{BASE}/websub/>; rel="hub", <{BASE}{path}>; rel="self"'
    assert (first.cookies, "Vary" in first.headers and "Cookie" in first["Vary"]) == ({}, False)
    assert client.post(path, headers={"host": f"{HOST}.localhost"}).status_code == 405


def _edit_body(school: Unit) -> None:
    change(school, body="<p>Đã sửa</p>")


def _rename(school: Unit) -> None:
    Unit.objects.filter(pk=school.pk).update(name="Tên khác")


def _add(school: Unit) -> None:
    make_post(school, "Bài nữa", at=NOON - timedelta(days=1))


def _withdraw(school: Unit) -> None:
    with unit_scope(school.pk):
        Entry.objects.filter(title="Bài hai").delete()


@pytest.mark.parametrize("act", [_edit_body, _rename, _add, _withdraw])
def test_any_change_of_the_contents_makes_another_version(client: Client, school: Unit, act: Any) -> None:
    make_post(school, "Bài một", at=NOON)
    make_post(school, "Bài hai", at=NOON - timedelta(hours=1))
    first = get(client, "/rss/tin-tuc.xml")

    act(school)
    answer = get(client, "/rss/tin-tuc.xml", **{"if-none-match": first["ETag"]})

    assert (answer.status_code, answer["ETag"] != first["ETag"]) == (200, True)


def test_withdrawal_moves_the_date_of_the_feed(client: Client, school: Unit) -> None:
    """Those who compare dates only would never see that something older went."""
    long_ago = clock.now() - timedelta(days=2)
    older = make_post(school, "Đăng nhầm", at=long_ago - timedelta(days=1))
    make_post(school, "Bài", at=long_ago)
    Unit.objects.update(updated_at=long_ago)
    take_changes(now=long_ago)
    first = get(client, "/rss/tin-tuc.xml")

    with unit_scope(school.pk):
        withdraw_post(post=older, reason="nhầm", by=BY)
    take_changes(now=clock.now() - timedelta(seconds=10))
    answer = get(client, "/rss/tin-tuc.xml", **{"if-modified-since": first["Last-Modified"]})

    assert answer.status_code == 200
    assert "Đăng nhầm" not in answer.content.decode()


def test_changes_within_one_second_have_dates_of_their_own(client: Client, school: Unit) -> None:
    now = clock.now()
    dates = []
    for number in range(3):
        make_post(school, f"Tin {number}", at=NOON)
        take_changes(now=now)
        dates.append(get(client, "/rss/tin-tuc.xml")["Last-Modified"])

    assert len(set(dates)) == 3


def test_queries_do_not_grow(client: Client, province: tuple[Unit, Unit]) -> None:
    department, ward = province
    counts = []
    for number in (1, 3):
        for _ in range(number):
            broadcast(department, "Từ Sở")
            broadcast(ward, "Từ phường", channel=Channel.NEWS)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert get(client, "/kenh/tat-ca/tat-ca.atom", "phuong.hcm.edu.vn").status_code == 200
        counts.append(len([q for q in queries if "set_config" not in q["sql"]]))

    assert counts == [7, 7]
