"""A feed source on 127.0.0.1 whose answers a test sets: a real server, real bytes."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape


@dataclass
class FakeSource:
    base: str = ""
    bodies: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    handlers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """`host:port`, as the setting that allows private addresses names it."""
        return self.base.split("//")[1]

    def set_items(self, path: str, *items: tuple[str, str]) -> None:
        """Serve an RSS feed of (guid, title); each item links to its own page."""
        self.bodies[path] = rss(self.base, *items)


def rss(base: str, *items: tuple[str, str], category: str = "") -> bytes:
    rows = "".join(
        f"<item><title>{escape(title)}</title><link>{base}/tin/{guid}.html</link>"
        f'<guid isPermaLink="false">{guid}</guid><description>Tóm tắt {escape(title)}</description>'
        f"<pubDate>Fri, 20 Nov 2026 08:05:00 +0700</pubDate>"
        + (f"<category>{escape(category)}</category>" if category else "")
        + "</item>"
        for guid, title in items
    )
    channel = f"<channel><title>Nguồn</title><link>{base}/</link><description>d</description>{rows}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'.encode()


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Readers that leave early are what some tests are about."""


@contextmanager
def serving(host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> Iterator[FakeSource]:
    """A source on a loopback address; over TLS when a context is given."""
    source = FakeSource()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            source.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            if self.path in source.handlers:
                source.handlers[self.path](self)
                return
            body = source.bodies.get(self.path, b"")
            self.send_response(source.statuses.get(self.path, 200 if body else 404))
            for name, value in source.headers.get(self.path, {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class names it so
            pass

    server = _QuietServer((host, 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    source.base = f"{'https' if context else 'http'}://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield source
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
