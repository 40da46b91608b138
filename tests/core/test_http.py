import gzip
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.core.http import Fetched, FetchError, Limits, OtherAddress, Posted, fetch, post
from congtruong.core.http.addresses import is_public
from congtruong.core.http.client import fresh_seconds, retry_after
from congtruong.core.http.target import next_url, target_of

pytestmark = pytest.mark.integration

TLS = Path(__file__).resolve().parents[1] / "data" / "feeds" / "tls"
RESOLVER = socket.getaddrinfo
Handler = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A server on 127.0.0.1: `routes` answer, `seen` holds path and headers of each request."""

    port: int
    routes: dict[str, Handler] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def read(self, path: str, **options: Any) -> Fetched:
        return fetch(f"http://{self.place}{path}", allow=[self.place], **options)


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Handler:
    """Reply with a Content-Length; header names are given with underscores."""

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return handle


def raw(*pieces: bytes, pause: float = 0) -> Handler:
    """Write bytes as they are, with pauses, until the other side has gone."""

    def handle(request: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            for piece in pieces:
                request.wfile.write(piece)
                time.sleep(pause)

    return handle


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave early are what these tests are about."""


def serve(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    here = Site(0)

    class Requests(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            here.routes[self.path](self)

        def do_POST(self) -> None:
            here.sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.do_GET()

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the name of the base class
            pass

    server = QuietServer(("127.0.0.1", 0), Requests)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve()


@pytest.fixture
def secure_site() -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    yield from serve(context)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Names and, for each look-up in turn, the addresses they have; the last answer stays."""
    known: dict[str, list[list[str]]] = {}

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        if host not in known:
            return list(RESOLVER(host, port, **options))
        answers = known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [one for address in addresses for one in RESOLVER(address, port, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(FetchError) as caught:
        call()
    return caught.value.code


def test_fetch_returns_the_body_and_what_the_next_request_needs(site: Site) -> None:
    site.routes["/rss?kt=tt"] = answer(
        200,
        b"Tin",
        Content_Type="text/xml; charset=utf-8",
        ETag='"a1"',
        Last_Modified="Fri, 06 Oct 2023 01:05:00 GMT",
        Cache_Control="public, max-age=600",
    )

    assert site.read("/rss?kt=tt") == Fetched(
        url=f"http://{site.place}/rss?kt=tt",
        status=200,
        body=b"Tin",
        content_type="text/xml; charset=utf-8",
        etag='"a1"',
        last_modified="Fri, 06 Oct 2023 01:05:00 GMT",
        fresh_seconds=600,
        ip="127.0.0.1",
    )


def test_fetch_says_who_asks_and_what_it_has(site: Site, settings: Any) -> None:
    settings.FETCH_CONTACT = "https://congtruong.example.vn/lien-he"
    site.routes["/rss"] = answer(304, ETag='"a1"')

    fetched = site.read("/rss", etag='"a1"', last_modified="Fri, 06 Oct 2023 01:05:00 GMT", accept="text/html")

    assert (fetched.status, fetched.body, fetched.etag) == (304, b"", '"a1"')
    assert site.seen[0][1] == {
        "host": site.place,
        "user-agent": "CongTruong/0.1 (+https://congtruong.example.vn/lien-he)",
        "accept": "text/html",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
        "if-none-match": '"a1"',
        "if-modified-since": "Fri, 06 Oct 2023 01:05:00 GMT",
    }


def test_fetch_does_not_keep_unusable_validators(site: Site) -> None:
    site.routes["/rss"] = answer(200, b"x", ETag=f'"{"a" * 600}"', Last_Modified="h\xf4m qua")

    fetched = site.read("/rss")

    assert (fetched.etag, fetched.last_modified) == ("", "")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda body: zlib.compress(body)[2:-4]])
def test_fetch_unpacks_the_body(site: Site, pack: Callable[[bytes], bytes]) -> None:
    name = "gzip" if pack is gzip.compress else "deflate"
    site.routes["/rss"] = answer(200, pack(b"Tin " * 50_000), Content_Encoding=name)

    assert site.read("/rss").body == b"Tin " * 50_000


def test_fetch_reads_chunks(site: Site) -> None:
    site.routes["/rss"] = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nTin\r\n2\r\n 1\r\n0\r\n\r\n")

    assert site.read("/rss").body == b"Tin 1"


@pytest.mark.parametrize(
    "handler",
    [
        answer(200, gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip"),
        answer(200, b"0" * 2_000_000),
        raw(b"HTTP/1.0 200 OK\r\n\r\n", b"0" * 2_000_000),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"10000\r\n" + b"0" * 65_536 + b"\r\n"] * 20),
    ],
    ids=["bomb", "announced", "unannounced", "chunked"],
)
def test_fetch_stops_at_the_size_limit(site: Site, handler: Handler) -> None:
    site.routes["/rss"] = handler

    with pytest.raises(FetchError) as caught:
        site.read("/rss", limits=Limits(most_bytes=2**20))

    assert (caught.value.code, caught.value.permanent) == ("too_large", True)
    assert "1 MB" in caught.value.message


def test_fetch_takes_a_body_of_exactly_the_limit(site: Site) -> None:
    site.routes["/rss"] = answer(200, b"0" * 1_000)

    assert len(site.read("/rss", limits=Limits(most_bytes=1_000)).body) == 1_000


@pytest.mark.parametrize(
    ("body", "encoding"), [(b"x", "br"), (b"x", "gzip, gzip"), (b"x", "zstd"), (b"\x1f\x8b but no gzip", "gzip")]
)
def test_fetch_refuses_encodings_it_did_not_ask_for(site: Site, body: bytes, encoding: str) -> None:
    site.routes["/rss"] = answer(200, body, Content_Encoding=encoding)

    assert code_of(lambda: site.read("/rss")) == "encoding"


@pytest.mark.parametrize(
    "handler",
    [
        raw(b"HTTP/1.0 200 OK\r\n\r\n", *[b"x"] * 200, pause=0.05),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *[b"x"] * 90, pause=0.05),
        raw(b"HTTP/1.0 200 OK\r\n", *[b"X-A: b\r\n"] * 200, pause=0.05),
        raw(*[b"H"] * 200, pause=0.05),
        raw(b"", pause=3),
    ],
    ids=["body", "announced-body", "headers", "status", "silence"],
)
def test_fetch_does_not_wait_for_a_dripping_server(site: Site, handler: Handler) -> None:
    site.routes["/rss"] = handler

    assert code_of(lambda: site.read("/rss", limits=Limits(total_seconds=0.4))) == "timeout"


def test_fetch_reports_a_broken_connection(site: Site) -> None:
    site.routes["/rss"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nxx")

    assert code_of(lambda: site.read("/rss")) == "network"


def test_fetch_reports_a_closed_port() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"

        assert code_of(lambda: fetch(f"http://{place}/", allow=[place])) == "network"


def test_fetch_refuses_too_many_headers(site: Site) -> None:
    site.routes["/rss"] = raw(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 500, b"\r\n")

    assert code_of(lambda: site.read("/rss")) == "network"


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(401, True), (403, True), (404, True), (410, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_fetch_tells_lasting_failures_from_passing_ones(site: Site, status: int, permanent: bool) -> None:
    site.routes["/rss"] = answer(status, b"x", Retry_After="120")

    with pytest.raises(FetchError) as caught:
        site.read("/rss")

    error = caught.value
    assert (error.code, error.status, error.permanent, error.retry_after) == ("http_status", status, permanent, 120)


@pytest.mark.parametrize(
    ("first", "second", "is_permanent"), [(301, 308, True), (301, 302, False), (307, 301, False), (303, 303, False)]
)
def test_fetch_follows_redirects_and_knows_lasting_ones(
    site: Site, first: int, second: int, is_permanent: bool
) -> None:
    site.routes["/a"] = answer(first, Location="/b?x=1")
    site.routes["/b?x=1"] = answer(second, Location=f"http://{site.place}/c")
    site.routes["/c"] = answer(200, b"Tin")

    fetched = site.read("/a")

    assert (fetched.url, fetched.body) == (f"http://{site.place}/c", b"Tin")
    assert fetched.permanent_url == (fetched.url if is_permanent else "")


def test_fetch_follows_redirects_to_names_in_vietnamese(site: Site) -> None:
    site.routes["/a"] = raw("HTTP/1.1 302 Found\r\nLocation: /tin-tức\r\nContent-Length: 0\r\n\r\n".encode())
    site.routes["/tin-t%E1%BB%A9c"] = answer(200, b"Tin")

    assert site.read("/a").body == b"Tin"


def test_fetch_stops_in_a_circle(site: Site) -> None:
    site.routes["/a"] = answer(302, Location="/b")
    site.routes["/b"] = answer(302, Location="/a")

    assert code_of(lambda: site.read("/a")) == "redirect_circle"
    assert [path for path, _ in site.seen] == ["/a", "/b"]


def test_fetch_stops_after_five_redirects(site: Site) -> None:
    for step in range(7):
        site.routes[f"/{step}"] = answer(302, Location=f"/{step + 1}")
    site.routes["/7"] = answer(200, b"Tin")

    assert code_of(lambda: site.read("/0")) == "redirect_circle"
    assert len(site.seen) == 6
    assert site.read("/2").body == b"Tin"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "refused_address"),
        ("http://[::1]/", "refused_address"),
        ("http://127.0.0.1/", "refused_address"),
        ("http://127.0.0.1:22/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("gopher://127.0.0.1/", "bad_url"),
        ("http://a:b@so.example.vn/", "bad_url"),
    ],
)
def test_fetch_checks_every_hop(site: Site, location: str, code: str) -> None:
    site.routes["/a"] = answer(302, Location=location)

    assert code_of(lambda: site.read("/a")) == code


def test_fetch_takes_a_redirect_without_a_place_for_an_error(site: Site) -> None:
    site.routes["/a"] = answer(302)

    assert code_of(lambda: site.read("/a")) == "http_status"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0"),  # noqa: S104 - refused
        *("10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.88.99.1"),
        *("198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::]", "[::1]", "[fe80::1]", "[fc00::1]"),
        *("[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[::8.8.8.8]", "[64:ff9b::7f00:1]"),
        *("[64:ff9b::a00:1]", "[64:ff9b:1::808:808]", "[2002:7f00:1::]", "[2002:808:808::]", "[2001:db8::1]"),
        *("[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[fec0::1]", "[100::1]", "[3fff::1]", "[5f00::1]"),
    ],
)
def test_fetch_refuses_addresses_that_are_not_public(host: str, names: dict[str, list[list[str]]]) -> None:
    assert code_of(lambda: fetch(f"http://{host}/")) == "refused_address"


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "203.162.4.190", "2001:4860:4860::8888", "2400:cb00::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_is_public_accepts_public_hosts(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["8.8.8.8", "::1"], ["::ffff:127.0.0.1"]])
def test_fetch_refuses_a_name_with_any_private_address(addresses: list[str], names: dict[str, list[list[str]]]) -> None:
    names["so.example.vn"] = [addresses]

    with pytest.raises(FetchError) as caught:
        fetch("https://so.example.vn/rss")

    assert (caught.value.code, caught.value.permanent) == ("refused_address", True)
    assert caught.value.message.startswith("Máy chủ so.example.vn ")


def test_fetch_connects_to_the_address_it_checked(site: Site, names: dict[str, list[list[str]]]) -> None:
    names["so.example.vn"] = [["127.0.0.1"], ["10.255.255.1"]]
    site.routes["/rss"] = answer(200, b"Tin")
    place = f"so.example.vn:{site.port}"

    fetched = fetch(f"http://{place}/rss", allow=[place])

    assert (fetched.body, fetched.ip, site.seen[0][1]["host"]) == (b"Tin", "127.0.0.1", place)


def test_fetch_tries_the_next_address(site: Site, names: dict[str, list[list[str]]]) -> None:
    names["so.example.vn"] = [["127.0.0.2", "127.0.0.1"]]
    site.routes["/rss"] = answer(200, b"Tin")
    place = f"so.example.vn:{site.port}"

    assert fetch(f"http://{place}/rss", allow=[place]).ip == "127.0.0.1"


def test_fetch_lifts_the_rules_for_listed_places_only(site: Site) -> None:
    assert code_of(lambda: fetch(f"http://{site.place}/", allow=["127.0.0.1:1"])) == "bad_url"
    assert code_of(lambda: fetch("http://127.0.0.1/", allow=[site.place])) == "refused_address"


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")])
def test_fetch_reports_a_name_that_is_not_found(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*arguments: Any, **options: Any) -> Any:
        raise failure

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    assert code_of(lambda: fetch("https://khong-co.example.vn/")) == "dns"


@pytest.mark.parametrize(
    "url",
    [
        *("", "so.example.vn/rss", "ftp://so.example.vn/", "file:///etc/passwd", "http://", "http:///rss"),
        *("http://ai@so.example.vn/", "http://ai:mat@so.example.vn/", "http://so.example.vn@127.0.0.1/"),
        *("http://so.example.vn:8080/", "http://so.example.vn:0/", "http://so.example.vn:99999/", "http://[::1"),
        *("http://so.example.vn\\@127.0.0.1/", "http://so.example.vn/\r\nX: y", "http://so.exa mple.vn/"),
        *(
            "http://b\u00fc..vn/",
            "http://[fe80::1%25eth0]/",
            "http://so.example.vn/" + "a" * 2_000,
            f"http://{'a.' * 130}vn/",
        ),
    ],
)
def test_fetch_refuses_malformed_urls(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(url)

    assert (caught.value.code, caught.value.permanent) == ("bad_url", True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://SO.Example.VN:80", "http://so.example.vn/"),
        (
            "https://so.example.vn/tin tức?q=học kỳ#x",
            "https://so.example.vn/tin%20t%E1%BB%A9c?q=h%E1%BB%8Dc%20k%E1%BB%B3",
        ),
        ("https://so.example.vn/a%20b?x=%2F", "https://so.example.vn/a%20b?x=%2F"),
        ("https://Bücher.vn/", "https://xn--bcher-kva.vn/"),
        ("http://[2001:4860::8888]/", "http://[2001:4860::8888]/"),
        ("http://so.example.vn:443/", "http://so.example.vn:443/"),
    ],
)
def test_target_of_writes_urls_in_ascii(url: str, expected: str) -> None:
    assert target_of(url).url == expected


def test_next_url_takes_latin1_headers_for_utf8() -> None:
    assert next_url("http://so.example.vn/a", "tin-tức".encode().decode("latin-1")) == "http://so.example.vn/tin-tức"
    assert code_of(lambda: next_url("http://so.example.vn/a", "http://[")) == "bad_url"


def test_fetch_ignores_proxies_of_the_environment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.routes["/rss"] = answer(200, b"Tin")

    assert site.read("/rss").body == b"Tin"


def test_fetch_checks_the_certificate_for_the_name(
    secure_site: Site, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    names["so.example.vn"] = names["khac.example.vn"] = [["127.0.0.1"]]
    secure_site.routes["/rss"] = answer(200, b"Tin")
    good, other = (f"{name}.example.vn:{secure_site.port}" for name in ("so", "khac"))

    assert fetch(f"https://{good}/rss", allow=[good]).body == b"Tin"
    assert code_of(lambda: fetch(f"https://{other}/rss", allow=[other])) == "tls_name"


def test_fetch_refuses_an_unknown_authority(secure_site: Site, names: dict[str, list[list[str]]]) -> None:
    names["so.example.vn"] = [["127.0.0.1"]]
    place = f"so.example.vn:{secure_site.port}"

    assert code_of(lambda: fetch(f"https://{place}/rss", allow=[place])) == "tls_issuer"


def test_fetch_does_not_wait_for_a_silent_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"

        code = code_of(lambda: fetch(f"https://{place}/", allow=[place], limits=Limits(total_seconds=0.4)))

    assert code == "timeout"


def test_fetch_leaves_no_open_files_or_threads(site: Site) -> None:
    site.routes["/rss"] = answer(200, b"Tin")
    site.routes["/loi"] = answer(500)
    site.read("/rss")
    before = len(os.listdir("/proc/self/fd"))

    for _ in range(5):
        site.read("/rss")
        code_of(lambda: site.read("/loi"))

    ours = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert ours == []
    # The server's own threads may still hold the last connections.
    assert len(os.listdir("/proc/self/fd")) <= before + 4


def test_fetch_reports_a_name_without_addresses(names: dict[str, list[list[str]]]) -> None:
    names["so.example.vn"] = [[]]

    assert code_of(lambda: fetch("https://so.example.vn/")) == "dns"


def test_fetch_does_not_start_after_its_time(site: Site) -> None:
    site.routes["/rss"] = answer(200, b"Tin")

    assert code_of(lambda: site.read("/rss", limits=Limits(total_seconds=0))) == "timeout"
    assert code_of(lambda: site.read("/rss", limits=Limits(connect_seconds=0))) == "timeout"
    assert site.seen == []


@pytest.mark.parametrize("address", ["fe80::1%eth0", "so.example.vn", ""])
def test_is_public_refuses_what_is_no_plain_address(address: str) -> None:
    assert not is_public(address)


def test_retry_after_reads_seconds_and_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    later = format_datetime(now + timedelta(minutes=2))

    values = ["120", later, format_datetime(now - timedelta(days=1)), "9" * 30, "soon", "-5", "", "²"]

    assert [retry_after({"retry-after": value}) for value in values] == [120, 120, 0, 604_800, None, None, None, None]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'private, MAX-AGE="60"'}, 60),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"expires": "Fri, 06 Oct 2023 01:10:00 GMT", "date": "Fri, 06 Oct 2023 01:05:00 GMT"}, 300),
        ({"expires": "Mon, 26 Jul 1997 05:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
    ],
)
def test_fresh_seconds_follows_cache_headers(headers: dict[str, str], expected: int) -> None:
    assert fresh_seconds(headers) == expected


def test_fetch_sends_nothing_to_another_machine_than_the_reserved_one(site: Site) -> None:
    site.routes["/rss"] = answer(200, b"Tin")

    for via in ("", "127.0.0.9"):
        with pytest.raises(OtherAddress) as caught:
            site.read("/rss", via=via)
        assert caught.value.ip == "127.0.0.1"

    assert site.seen == []
    assert site.read("/rss", via="127.0.0.1").body == b"Tin"


def test_fetch_takes_the_reserved_machine_first(site: Site, names: dict[str, list[list[str]]]) -> None:
    names["so.example.vn"] = [["127.0.0.2", "127.0.0.1"]]
    site.routes["/rss"] = answer(200, b"Tin")
    place = f"so.example.vn:{site.port}"

    assert fetch(f"http://{place}/rss", allow=[place], via="127.0.0.1").ip == "127.0.0.1"
    # The other one stands in for a machine that does not answer.
    assert fetch(f"http://{place}/rss", allow=[place], via="127.0.0.2").ip == "127.0.0.1"


def test_post_sends_a_form_or_bytes(site: Site, settings: Any) -> None:
    settings.FETCH_CONTACT = ""
    site.routes["/hub"] = answer(202, "nhận".encode(), Content_Type="text/plain")
    url = f"http://{site.place}/hub"

    first = post(url, form={"hub.mode": "subscribe", "hub.topic": "https://so.vn/?a=1&b=tin tức"}, allow=[site.place])
    post(url, body=b"<rss/>", content_type="text/xml", headers={"X-Hub-Signature": "sha256=1"}, allow=[site.place])

    assert first == Posted(url, 202, "nhận".encode(), "text/plain")
    assert site.sent == [
        b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fso.vn%2F%3Fa%3D1%26b%3Dtin+t%E1%BB%A9c",
        b"<rss/>",
    ]
    form, raw_bytes = (headers for _, headers in site.seen)
    assert form["content-type"] == "application/x-www-form-urlencoded"
    assert (raw_bytes["content-type"], raw_bytes["x-hub-signature"]) == ("text/xml", "sha256=1")
    assert raw_bytes["user-agent"] == "CongTruong/0.1"


@pytest.mark.parametrize(("status", "sent"), [(307, 2), (308, 2), (301, 1), (302, 1), (303, 1)])
def test_post_follows_only_redirects_that_keep_the_body(site: Site, status: int, sent: int) -> None:
    site.routes["/a"] = answer(status, Location="/b")
    site.routes["/b"] = answer(200)

    def send() -> Posted:
        return post(f"http://{site.place}/a", body=b"x", allow=[site.place])

    if sent == 1:
        assert code_of(send) == "http_status"
    else:
        assert send().url == f"http://{site.place}/b"
    assert site.sent == [b"x"] * sent


@pytest.mark.parametrize(
    ("location", "code"),
    [("http://127.0.0.1/", "refused_address"), ("http://[::1]:22/", "bad_url"), ("/a", "redirect_circle")],
)
def test_post_checks_every_hop(site: Site, location: str, code: str) -> None:
    site.routes["/a"] = answer(307, Location=location)

    assert code_of(lambda: post(f"http://{site.place}/a", body=b"x", allow=[site.place])) == code


def test_post_refuses_private_addresses_and_long_answers(site: Site) -> None:
    site.routes["/hub"] = answer(200, b"x" * 100_000)

    assert code_of(lambda: post("http://127.0.0.1/hub", body=b"x")) == "refused_address"
    assert code_of(lambda: post(f"http://{site.place}/hub", body=b"x", allow=[site.place])) == "too_large"


def test_post_reports_a_refusal(site: Site) -> None:
    site.routes["/hub"] = answer(410)

    with pytest.raises(FetchError) as caught:
        post(f"http://{site.place}/hub", form={}, allow=[site.place])

    assert (caught.value.code, caught.value.status) == ("http_status", 410)
