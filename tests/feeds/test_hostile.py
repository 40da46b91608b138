"""Sources that do harm: each has its state and its sentence, and the portals keep the last good content."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.core.http import Limits
from congtruong.feeds.models import Feed, Source
from congtruong.feeds.services import attempting, read_due, refresh
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority
from tests.fakes.source import FakeSource, rss, serving

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TLS = Path(__file__).resolve().parents[1] / "data" / "feeds" / "tls"
GOOD = [(f"n{number}", f"Tin tốt {number}") for number in range(30)]
PATH = "/rss/"
Handler = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    short = Limits(connect_seconds=5, total_seconds=1, most_bytes=2**20, most_redirects=3)
    monkeypatch.setattr(attempting, "LIMITS", short)
    monkeypatch.setattr(attempting, "SLOW_LIMITS", short)


@pytest.fixture
def source(settings: Any) -> Iterator[FakeSource]:
    with serving() as fake:
        settings.FETCH_ALLOW = (fake.address,)
        yield fake


@pytest.fixture
def department() -> Unit:
    return make_authority("Sở (mẫu)")


def make_feed(department: Unit, fake: FakeSource, path: str = PATH) -> Feed:
    with unit_scope(department.pk):
        origin, _ = Source.objects.get_or_create(unit=department, homepage=fake.base + "/", defaults={"name": "Sở"})
        return Feed.objects.create(
            unit=department, source=origin, url=fake.base + path, channel="thong-bao", next_check_at=clock.now()
        )


def read(feed: Feed) -> Feed:
    with unit_scope(feed.unit_id):
        Feed.objects.filter(pk=feed.pk).update(next_check_at=clock.now() - timedelta(seconds=1))
    refresh(feed_id=feed.pk)
    with unit_scope(feed.unit_id):
        return Feed.objects.get(pk=feed.pk)


def drip(piece: bytes, head: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n") -> Handler:
    """Bytes without end, one piece every moment."""

    def handle(request: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            request.wfile.write(head)
            for _ in range(200):
                request.wfile.write(piece)
                time.sleep(0.05)

    return handle


def flood(request: BaseHTTPRequestHandler) -> None:
    """Ten gigabytes, as fast as they are taken."""
    with suppress(OSError):
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
        for _ in range(10_000):
            request.wfile.write(b"0" * 2**20)


def no_http(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(bytes(range(256)))


def announced_flood(request: BaseHTTPRequestHandler) -> None:
    with suppress(OSError):
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n<rss>")


def says(body: bytes, status: int = 200) -> Handler:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return handle


def circle(request: BaseHTTPRequestHandler) -> None:
    request.send_response(302)
    request.send_header("Location", "/rss/?lai=1" if request.path == PATH else PATH)
    request.send_header("Content-Length", "0")
    request.end_headers()


LOGIN = b"<!doctype html><title>Dang nhap</title><form><input name=u><input type='password' name=p></form>"
HOSTILE: list[tuple[str, Handler, str]] = [
    ("timeout", drip(b" "), "Máy chủ 127.0.0.1 không trả lời kịp."),
    ("timeout", drip(b"X-A: b\r\n", b"HTTP/1.1 200 OK\r\n"), "Máy chủ 127.0.0.1 không trả lời kịp."),
    ("not_feed", says(bytes(range(256)) * 50), "Nội dung tại địa chỉ này không phải"),
    ("network", no_http, "Kết nối tới 127.0.0.1 bị ngắt."),
    ("too_large", flood, "Nội dung ở 127.0.0.1 vượt quá 1 MB"),
    ("too_large", announced_flood, "Nội dung ở 127.0.0.1 vượt quá 1 MB"),
    ("redirect_circle", circle, "Địa chỉ chuyển hướng vòng quanh."),
    ("login_page", says(LOGIN), "Địa chỉ này trả về trang đăng nhập thay cho kênh tin."),
    ("html_page", says(b"<!doctype html><html><body>Trang chu</body></html>"), "Địa chỉ này là một trang web"),
    ("emptied", says(rss("http://so.vn")), "Kênh tin trước đây có tin, nay không còn tin nào."),
    ("empty", says(b""), "Kênh tin không có nội dung."),
    ("gone", says(b"", 410), "Trang nguồn báo kênh tin đã ngừng hẳn."),
    ("asked_to_wait", says(b"", 503), "Trang nguồn đang quá tải"),
]


@pytest.mark.parametrize(
    ("code", "handler", "sentence"), HOSTILE, ids=[f"{number}-{code}" for number, (code, _, _) in enumerate(HOSTILE)]
)
def test_hostile_source_has_its_state_and_the_portals_keep_the_good_content(
    source: FakeSource, department: Unit, code: str, handler: Handler, sentence: str
) -> None:
    source.set_items(PATH, *GOOD)
    good = read(make_feed(department, source))
    before = list(Entry.objects.order_by("pk").values())
    source.handlers[PATH] = source.handlers[PATH + "?lai=1"] = handler

    failing = read(good)

    assert (failing.error_code, failing.failures) == (code, 1)
    assert failing.error_message.startswith(sentence)
    assert failing.error_message.endswith(".")
    assert failing.failing_since is not None
    assert (failing.etag, failing.body_sha256, failing.entries_seen) == (good.etag, good.body_sha256, 30)
    assert failing.leased_until is None
    assert list(Entry.objects.order_by("pk").values()) == before
    source.handlers.clear()
    healthy = read(failing)
    assert (healthy.error_code, healthy.failures, healthy.failing_since) == ("", 0, None)


@pytest.mark.parametrize(
    ("host", "trusted", "code"),
    [("127.0.0.1", True, "tls_name"), ("127.0.0.1", False, "tls_issuer")],
)
def test_certificate_that_is_not_the_sources_own_is_a_state(
    department: Unit, settings: Any, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool, code: str
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    with serving(host, context) as source:
        settings.FETCH_ALLOW = (source.address,)
        source.set_items(PATH, *GOOD)

        failing = read(make_feed(department, source))

    assert (failing.error_code, source.requests) == (code, [])
    assert failing.error_message.startswith(f"Chứng thư bảo mật HTTPS của {host} ")


def test_hostile_sources_do_not_hold_up_the_others(settings: Any, department: Unit) -> None:
    with serving("127.0.0.2") as slow, serving("127.0.0.3") as broken, serving() as healthy:
        settings.FETCH_ALLOW = (slow.address, broken.address, healthy.address)
        slow.handlers[PATH] = drip(b" ")
        broken.handlers[PATH] = flood
        feeds = [make_feed(department, slow), make_feed(department, broken)]
        for number in range(5):
            healthy.set_items(f"/{number}/", (f"n{number}", f"Tin {number}"))
            feeds.append(make_feed(department, healthy, f"/{number}/"))

        poll = read_due()

        with unit_scope(department.pk):
            rows = Feed.objects.order_by("checked_at").values_list("pk", "error_code")
            order = [code for _, code in rows]
    assert (poll.read, poll.changed, poll.failed) == (7, 5, 2)
    assert order[-1] == "timeout"
    assert sorted(order) == ["", "", "", "", "", "timeout", "too_large"]
    assert Entry.objects.count() == 5
