"""The screens about sources: what a person sees of each state, and what he may do."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from congtruong.console.blocks.sources import likely_channel
from congtruong.core import clock
from congtruong.feeds.enums import HubState
from congtruong.feeds.models import CategoryRoute, Feed, HubSubscription, Source
from congtruong.feeds.services import refresh
from congtruong.feeds.services.sources import set_routes
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_authority, make_unit, place
from tests.fakes.source import FakeSource, rss, serving

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HOST = "so.hcm.edu.vn"
AT = "/quan-tri/nguon-tin/"
DAY = timedelta(days=1)


@pytest.fixture
def unit() -> Unit:
    return make_authority("Sở (mẫu)", host=HOST)


@pytest.fixture
def fake(settings: Any) -> Iterator[FakeSource]:
    with serving() as source:
        settings.FETCH_ALLOW = (source.address,)
        yield source


def signed_in(unit: Unit, role: Role = Role.EDITOR, host: str = HOST) -> Client:
    user = User.objects.create_user(f"{role.value}{unit.pk}", full_name="Người phụ trách")
    grant_role(unit=unit, user=user, role=role, by=BY)
    client = Client(headers={"host": host})
    client.force_login(user)
    return client


def make_feed(unit: Unit, name: str = "Trang Sở", path: str = "rss", **state: Any) -> Feed:
    with unit_scope(unit.pk):
        source, _ = Source.objects.get_or_create(unit=unit, name=name, homepage=f"https://{len(name)}.example/")
        known = {"channel": "tin-tuc", "next_check_at": clock.now() + DAY, "last_success_at": clock.now()}
        return Feed.objects.create(unit=unit, source=source, url=f"{source.homepage}{path}", **(known | state))


def fresh(feed: Feed) -> Feed:
    with unit_scope(feed.unit_id):
        return Feed.objects.get(pk=feed.pk)


def words(answer: Any) -> str:
    """What a reader gets, without the markup."""
    body = answer.content.decode().partition('id="main"')[2] or answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_list_is_empty_with_one_way_on(unit: Unit) -> None:
    answer = signed_in(unit).get(AT)

    assert "Chưa có nguồn tin nào" in words(answer)
    assert f'href="{AT}them/"' in answer.content.decode()


def test_list_says_how_each_feed_is_doing(unit: Unit) -> None:
    now = clock.now()
    make_feed(unit, path="a")
    make_feed(unit, path="b", failures=3, failing_since=now - DAY, error_code="timeout", error_message="Máy chủ chậm.")
    make_feed(unit, path="c", is_paused=True)
    make_feed(unit, path="d", expected_by=now - DAY)

    said = words(signed_in(unit).get(AT))

    for sentence in ("Đang tốt", "Lỗi 3 lần liên tiếp", "Máy chủ chậm.", "Tạm dừng", "Im lặng bất thường"):
        assert sentence in said
    assert "2 kênh cần Thầy/Cô xem" in said


def test_list_costs_the_same_for_one_feed_and_for_three(unit: Unit) -> None:
    client = signed_in(unit)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(AT).status_code == 200
        return len(queries)

    make_feed(unit)
    client.get(AT)
    before = cost()
    make_feed(unit, "Trang Phòng")
    make_feed(unit, "Trang Phòng", "b")

    assert cost() == before


def test_list_counts_items_by_week(unit: Unit, fake: FakeSource) -> None:
    now = clock.now()
    days = "".join(
        f"<item><title>Tin {n}</title><link>{fake.base}/{n}</link>"
        f"<pubDate>{(now - n * DAY).isoformat()}</pubDate></item>"
        for n in (1, 2, 8, 50)
    )
    fake.bodies["/rss/"] = f"<rss version='2.0'><channel>{days}</channel></rss>".encode()
    feed = make_feed(unit)
    with unit_scope(unit.pk):
        Feed.objects.filter(pk=feed.pk).update(url=fake.base + "/rss/", next_check_at=now)
    refresh(feed_id=feed.pk)

    body = signed_in(unit).get(AT).content.decode()

    assert "Số tin mỗi tuần trong 8 tuần qua, từ cũ đến mới: 1, 0, 0, 0, 0, 0, 1, 2." in body
    assert "2 tin trong 7 ngày qua" in body


def test_other_units_sources_are_nowhere(unit: Unit) -> None:
    other = make_unit()
    feed = make_feed(other, "Trang lạ")
    client = signed_in(unit)

    assert "Trang lạ" not in client.get(AT).content.decode()
    paths = [f"{feed.source_id}/", f"{feed.source_id}/bo/", f"kenh/{feed.pk}/sua/", f"kenh/{feed.pk}/bo/"]
    posts = [f"{feed.source_id}/the-loai/", *(f"kenh/{feed.pk}/{act}/" for act in ("doc-ngay", "tam-dung", "doc-tiep"))]
    posts += [f"kenh/{feed.pk}/{act}/" for act in ("dia-chi-moi", "giu-dia-chi", "doc-thu")]
    assert {client.get(AT + path).status_code for path in (*paths, f"kenh/{feed.pk}/")} == {404}
    assert {client.post(AT + path).status_code for path in (*paths, *posts)} == {404}
    assert not fresh(feed).is_paused


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SUPERVISOR])
def test_screens_are_for_who_looks_after_sources(unit: Unit, role: Role) -> None:
    feed = make_feed(unit)
    client = signed_in(unit, role)

    assert client.get(AT).status_code == 404
    assert client.post(f"{AT}kenh/{feed.pk}/tam-dung/").status_code == 404
    assert not fresh(feed).is_paused


# --- Below ------------------------------------------------------------------------------------------------------------


def test_authority_sees_failing_feeds_of_units_below(unit: Unit) -> None:
    school = make_unit("Trường dưới", host="truong.hcm.edu.vn")
    place(school, unit)
    state: dict[str, Any] = {
        "failures": 9,
        "failing_since": clock.now() - 4 * DAY,
        "error_message": "Chứng thư đã hết hạn.",
    }
    make_feed(school, "Trang trường", **state)

    said = words(signed_in(unit, Role.SUPERVISOR).get(AT + "truc-thuoc/"))

    assert "Trường dưới" in said
    assert "Chứng thư đã hết hạn." in said
    assert signed_in(school, host="truong.hcm.edu.vn").get(AT + "truc-thuoc/").status_code == 404


def test_authority_is_told_when_nothing_fails_below(unit: Unit) -> None:
    assert "Không có nguồn nào lỗi lâu" in words(signed_in(unit).get(AT + "truc-thuoc/"))


# --- Trying and using -------------------------------------------------------------------------------------------------


def test_an_address_is_tried_then_used(unit: Unit, fake: FakeSource) -> None:
    fake.bodies["/rss/"] = rss(fake.base, ("1", "Lịch thi"), ("2", "Quảng cáo"), category="Rao vặt")
    client = signed_in(unit)

    answer = client.post(AT + "them/", {"url": fake.base + "/rss/"})

    said = words(answer)
    assert answer.status_code == 200
    for part in ("Lịch thi", "20/11/2026 08:05", "127.0.0.1", "không có ảnh", "Rao vặt", "RSS 2.0", "utf-8"):
        assert part in said
    with unit_scope(unit.pk):
        assert not Source.objects.exists()

    given = {"url": fake.base + "/rss/", "channel": "thong-bao", "source": "moi", "levels": ["2", "4"]}
    given |= {"name": "Trang Sở", "homepage": fake.base + "/", "the_loai": ["Rao vặt"], "kenh": ["bo-qua"]}
    used = client.post(AT + "dung/", given)

    with unit_scope(unit.pk):
        feed = Feed.objects.get()
        assert (feed.source.name, feed.channel, feed.levels) == ("Trang Sở", "thong-bao", 6)
        assert list(CategoryRoute.objects.values_list("category", "channel")) == [("rao vat", "")]
    assert used.headers["Location"].endswith(f"{AT}kenh/{feed.pk}/")


def test_a_page_offers_the_feeds_it_names(unit: Unit, fake: FakeSource) -> None:
    link = '<link rel="alternate" type="application/rss+xml" title="Tin tức" href="/rss/">'
    fake.bodies["/"] = f"<!doctype html><html><head>{link}</head><body>Chào</body></html>".encode()

    answer = signed_in(unit).post(AT + "them/", {"url": fake.base})

    assert answer.status_code == 200
    assert "Tìm thấy 1 kênh RSS" in words(answer)
    assert f'name="url" value="{fake.base}/rss/"' in answer.content.decode()


def test_a_page_without_feeds_says_where_to_look(unit: Unit, fake: FakeSource) -> None:
    fake.bodies["/"] = b"<!doctype html><html><head></head><body>Ch\xc3\xa0o</body></html>"

    answer = signed_in(unit).post(AT + "them/", {"url": fake.base})

    assert answer.status_code == 422
    assert "không giới thiệu kênh RSS nào" in words(answer)
    assert "hãy tìm chữ “RSS”" in words(answer)


@pytest.mark.parametrize(
    ("title", "url", "channel"),
    [
        ("Văn bản - Sở (mẫu)", "https://so.example/rss", "van-ban"),
        ("Sở (mẫu)", "https://so.example/rss/thong-bao/", "thong-bao"),
        ("Tin tức, thông báo", "https://so.example/rss", ""),
        ("", "https://so.example/rss", ""),
    ],
)
def test_channel_that_a_feed_names_is_suggested(title: str, url: str, channel: str) -> None:
    assert likely_channel(title, url) == channel


def test_an_address_that_cannot_be_read_says_why_and_stays(unit: Unit, fake: FakeSource) -> None:
    answer = signed_in(unit).post(AT + "them/", {"url": fake.base + "/khong-co/"})

    assert answer.status_code == 422
    assert "Không có kênh tin tại địa chỉ này" in words(answer)
    assert f'value="{fake.base}/khong-co/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "Cần nhập địa chỉ."), ("khong phai", "Cần nhập địa chỉ công khai")]
)
def test_what_is_no_address_is_not_fetched(unit: Unit, typed: str, sentence: str) -> None:
    answer = signed_in(unit).post(AT + "them/", {"url": typed})

    assert answer.status_code == 422
    assert sentence in words(answer)


def test_an_address_that_is_read_already_leads_to_its_feed(unit: Unit) -> None:
    feed = make_feed(unit)

    answer = signed_in(unit).post(AT + "them/", {"url": feed.url.replace("https", "http")})

    assert answer.status_code == 422
    assert "đã có ở nguồn “Trang Sở”" in words(answer)
    assert f'href="{AT}kenh/{feed.pk}/"' in answer.content.decode()


def test_what_was_typed_stays_when_the_source_is_refused(unit: Unit) -> None:
    make_feed(unit)
    given = {"url": "https://moi.example/rss", "channel": "van-ban", "source": "moi", "name": "Trang mới"}
    given |= {"homepage": "https://8.example/", "the_loai": "Quảng cáo", "kenh": "bo-qua"}

    answer = signed_in(unit).post(AT + "dung/", given)

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Trang này đã có ở nguồn “Trang Sở”" in words(answer)
    for kept in ('value="https://moi.example/rss"', 'value="van-ban"', 'value="Trang mới"', 'value="Quảng cáo"'):
        assert kept in body
    assert re.search(r'value="van-ban"[^>]* checked', body)
    assert '<option value="bo-qua" selected>' in body
    with unit_scope(unit.pk):
        assert (Source.objects.count(), Feed.objects.count()) == (1, 1)


def test_another_units_source_cannot_be_chosen(unit: Unit) -> None:
    other = make_feed(make_unit(), "Trang lạ")
    given = {"url": "https://moi.example/rss", "channel": "van-ban", "source": str(other.source_id)}

    answer = signed_in(unit).post(AT + "dung/", given)

    assert answer.status_code == 422
    assert "Trang lạ" not in answer.content.decode()
    with unit_scope(unit.pk):
        assert not Feed.objects.exists()


# --- One feed ---------------------------------------------------------------------------------------------------------


def test_feed_page_tells_why_it_is_read_when(unit: Unit) -> None:
    feed = make_feed(unit, trusts_guids=False, repairs=["tcvn3"], status=200, ip="203.0.113.9", interval_seconds=3600)
    with unit_scope(unit.pk):
        HubSubscription.objects.create(
            unit=unit,
            feed=feed,
            hub_url="https://hub.example/",
            topic_url=feed.url,
            token="t",
            secret="bi-mat-cua-hub",
            state=HubState.ACTIVE,
            leased_until=clock.now() + DAY,
        )

    answer = signed_in(unit).get(f"{AT}kenh/{feed.pk}/")
    said = words(answer)

    for part in ("Đọc lại sau 1 giờ, vì nguồn tự báo ngay khi có tin", "hệ thống đã tự đổi", "TCVN3", "203.0.113.9"):
        assert part in said
    assert "bi-mat-cua-hub" not in answer.content.decode()


def test_a_school_reads_as_often_as_it_publishes() -> None:
    school = make_unit(host="truong.hcm.edu.vn")
    feed = make_feed(school)

    said = words(signed_in(school, host="truong.hcm.edu.vn").get(f"{AT}kenh/{feed.pk}/"))

    assert "Đọc lại sau 24 giờ, vì tuần qua nguồn không đăng tin nào." in said


def test_acts_of_a_feed(unit: Unit) -> None:
    feed = make_feed(unit)
    client = signed_in(unit, Role.TECHNICIAN)
    at = f"{AT}kenh/{feed.pk}/"

    assert "Đã xếp vào lượt đọc" in words(client.post(at + "doc-ngay/", follow=True))
    assert fresh(feed).next_check_at <= clock.now()
    assert "Đã tạm dừng" in words(client.post(at + "tam-dung/", follow=True))
    assert fresh(feed).is_paused
    assert "đang tạm dừng" in words(client.post(at + "doc-ngay/", follow=True))
    client.post(at + "doc-tiep/")
    assert not fresh(feed).is_paused
    assert {client.get(at + act).status_code for act in ("doc-ngay/", "tam-dung/", "doc-tiep/", "doc-thu/")} == {405}


def test_changing_a_feed_keeps_what_was_typed(unit: Unit) -> None:
    feed = make_feed(unit)
    client = signed_in(unit)
    at = f"{AT}kenh/{feed.pk}/sua/"

    refused = client.post(at, {"url": "khong phai", "channel": "van-ban"})
    saved = client.post(at, {"url": "https://8.example/moi", "channel": "van-ban", "levels": "8"})

    assert refused.status_code == 422
    assert 'value="khong phai"' in refused.content.decode()
    assert saved.status_code == 302
    after = fresh(feed)
    assert (after.url, after.channel, after.levels) == ("https://8.example/moi", "van-ban", 8)


def test_a_move_to_another_owner_asks_a_person(unit: Unit) -> None:
    since = clock.now() - 3 * DAY
    feed = make_feed(unit, moving_to="https://moi.example/rss", moving_since=since, moving_seen=3)
    client, at = signed_in(unit), f"{AT}kenh/{feed.pk}/"

    assert "Đã chuyển địa chỉ" in words(client.get(at))
    assert "Dùng địa chỉ mới" not in words(client.post(at + "giu-dia-chi/", follow=True))
    assert fresh(feed).url == feed.url
    client.post(at + "dia-chi-moi/")
    assert fresh(feed).url == "https://moi.example/rss"


def test_trying_a_feed_again_offers_its_categories(unit: Unit, fake: FakeSource) -> None:
    fake.bodies["/rss/"] = rss(fake.base, ("1", "Lịch thi"), category="Văn bản")
    feed = make_feed(unit)
    with unit_scope(unit.pk):
        Feed.objects.filter(pk=feed.pk).update(url=fake.base + "/rss/")
        set_routes(unit=unit, source=feed.source, routes={"Văn bản": "van-ban"}, by=BY)
    client = signed_in(unit)

    answer = client.post(f"{AT}kenh/{feed.pk}/doc-thu/")

    assert "Lịch thi" in words(answer)
    assert '<option value="van-ban" selected>' in answer.content.decode()
    client.post(f"{AT}{feed.source_id}/the-loai/", {"the_loai": ["Văn bản"], "kenh": [""]})
    with unit_scope(unit.pk):
        assert not CategoryRoute.objects.exists()


# --- Removing ---------------------------------------------------------------------------------------------------------


def test_removing_asks_what_becomes_of_the_items(unit: Unit) -> None:
    feed = make_feed(unit)
    client = signed_in(unit)
    at = f"{AT}kenh/{feed.pk}/bo/"

    undecided = client.post(at)
    assert undecided.status_code == 422
    assert "Cần chọn giữ lại hay gỡ" in words(undecided)
    client.post(at, {"items": "giu"})
    assert "không còn kênh nào" in words(client.get(f"{AT}{feed.source_id}/"))
    client.post(f"{AT}{feed.source_id}/bo/", {"items": "go"})
    with unit_scope(unit.pk):
        assert not Source.objects.exists()


def test_renaming_a_source(unit: Unit) -> None:
    feed = make_feed(unit)
    client, at = signed_in(unit), f"{AT}{feed.source_id}/"

    assert client.post(at, {"name": "", "homepage": "https://8.example/"}).status_code == 422
    assert client.post(at, {"name": "Trang mới", "homepage": "https://8.example/"}).status_code == 302
    assert "Trang mới" in words(client.get(AT))
