"""Reading an address once: what a person is told before a source goes live."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from congtruong.feeds.pipeline.discovery import MOST_FEEDS, feeds_named
from congtruong.feeds.services.trying import Trial, home_of, try_address
from tests.fakes.source import FakeSource, rss, serving

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def fake(settings: Any) -> Iterator[FakeSource]:
    with serving() as source:
        settings.FETCH_ALLOW = (source.address,)
        yield source


def tried(fake: FakeSource, body: str | bytes, path: str = "/rss/") -> Trial:
    fake.bodies[path] = body if isinstance(body, bytes) else body.encode()
    return try_address(fake.base + path, now=NOW)


def page(*links: str, more: str = "") -> str:
    return f"<!doctype html><html><head><title>Trang</title>{''.join(links)}</head><body>{more}</body></html>"


def test_a_good_feed_shows_what_it_would_bring(fake: FakeSource) -> None:
    trial = tried(fake, rss(fake.base, ("1", "Một"), ("2", "Hai"), category="Thông báo"))

    assert trial.problem == ""
    assert trial.format_name == "RSS 2.0"
    assert [entry.title for entry in trial.entries] == ["Một", "Hai"]
    assert trial.categories == (("Thông báo", 2),)
    assert trial.newest == datetime(2026, 11, 20, 1, 5, tzinfo=UTC)
    assert [one.split(" nên ")[0] for one in trial.warnings] == ["Địa chỉ bắt đầu bằng http://"]


def test_warnings_say_what_will_not_be_known(fake: FakeSource) -> None:
    items = "".join(
        f"<item><title>Tin {n}</title><guid isPermaLink='false'>a</guid><pubDate>hôm nọ</pubDate></item>"
        for n in range(3)
    )

    said = " ".join(tried(fake, f"<rss version='2.0'><channel>{items}</channel></rss>").warnings)

    assert "3 trong 3 tin không đọc được ngày đăng" in said
    assert "3 tin không có liên kết" in said
    assert "dùng chung một mã" in said


def test_an_old_or_empty_feed_is_told(fake: FakeSource) -> None:
    old = tried(fake, rss(fake.base, ("1", "Một")).replace(b"Nov 2026", b"Nov 2024").replace(b"Fri, ", b""))
    empty = tried(fake, "<rss version='2.0'><channel><title>Trống</title></channel></rss>")

    assert old.warnings[-1].startswith("Tin mới nhất đã cũ hơn sáu tháng")
    assert empty.warnings == ("Kênh chưa có tin nào. Thầy/Cô vẫn dùng được; tin sẽ hiện khi nguồn đăng.",)


def test_repairs_are_told_in_words(fake: FakeSource) -> None:
    trial = tried(fake, b"\n\n" + rss(fake.base, ("1", "A")))

    assert trial.repairs == ("Đã bỏ dòng trống trước khai báo XML.",)


def test_an_ordinary_page_leads_to_the_feeds_it_names(fake: FakeSource) -> None:
    trial = tried(
        fake,
        page(
            '<link rel="alternate" type="application/rss+xml" title="Tin &amp; bài" href="/rss/tin/">',
            "<link rel='Alternate' type='application/atom+xml; charset=utf-8' href='atom.xml'>",
            '<link rel="alternate" type="application/rss+xml" href="/rss/tin/">',
            '<link rel="alternate" type="text/html" href="/en/">',
            '<link rel="stylesheet" type="application/rss+xml" href="/x.css">',
            '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
            '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        ),
        "/trang/",
    )

    assert trial.is_page
    assert [(one.url, one.title) for one in trial.named] == [
        (fake.base + "/rss/tin/", "Tin & bài"),
        (fake.base + "/trang/atom.xml", ""),
    ]


def test_a_page_without_feeds_and_a_login_page_say_so(fake: FakeSource) -> None:
    plain = tried(fake, page(more="Xin chào"))
    login = tried(fake, page(more='<form><input type="password"></form>'))

    assert (plain.code, plain.named, plain.is_page) == ("html_page", (), True)
    assert (login.code, login.is_page) == ("login_page", False)


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://10.0.0.1/rss", "refused_address"), ("http://127.0.0.1:81/", "bad_url"), ("nonsense", "bad_url")],
)
def test_addresses_that_may_not_be_read_are_told(url: str, code: str) -> None:
    trial = try_address(url, now=NOW)

    assert trial.code == code
    assert trial.problem
    assert trial.document is None


def test_a_missing_feed_promises_no_reading_by_itself(fake: FakeSource) -> None:
    fake.statuses["/rss/"] = 429
    assert try_address(fake.base + "/rss/", now=NOW).problem.endswith("Hãy thử lại sau ít phút.")
    assert try_address(fake.base + "/khong/", now=NOW).code == "http_status"


def test_a_permanent_redirect_is_what_would_be_kept(fake: FakeSource) -> None:
    fake.statuses["/cu/"], fake.headers["/cu/"] = 301, {"Location": "/rss/"}
    fake.bodies["/rss/"] = rss(fake.base, ("1", "Một"))

    trial = try_address(fake.base + "/cu/", now=NOW)

    assert trial.url == fake.base + "/rss/"
    assert trial.warnings[0].startswith("Nguồn đã chuyển hẳn")


def test_home_is_what_the_feed_names_on_its_own_host_only(fake: FakeSource) -> None:
    trial = tried(fake, rss(fake.base, ("1", "Một")))

    assert home_of(trial.url, trial.document) == fake.base + "/"
    assert home_of("https://khac.example:8443/rss", trial.document) == "https://khac.example:8443/"


def test_discovery_is_bounded_and_never_raises() -> None:
    many = page(*(f'<link rel=alternate type=application/rss+xml href="/{n}">' for n in range(99)))

    assert len(feeds_named(many.encode(), url="https://x.example/")) == MOST_FEEDS
    for body in (b"", b"\0\xff" * 99, b"<" * 9999, b"<div>" * 60_000, b"<base href='http://['><link rel=alternate>"):
        assert feeds_named(body, url="https://x.example/") == []


def test_discovery_follows_the_base_of_the_page() -> None:
    body = page('<base href="https://khac.example/a/">', '<link rel=alternate type=application/rss+xml href="b">')

    assert [one.url for one in feeds_named(body.encode(), url="https://x.example/")] == ["https://khac.example/a/b"]
