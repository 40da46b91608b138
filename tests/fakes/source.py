"""A feed source on 127.0.0.1 whose answers a test sets: a real server, real bytes."""

import threading
from collections.abc import Iterator
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
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """`host:port`, as the setting that allows private addresses names it."""
        return self.base.removeprefix("http://")

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


@contextmanager
def serving() -> Iterator[FakeSource]:
    source = FakeSource()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            source.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            body = source.bodies.get(self.path, b"")
            self.send_response(source.statuses.get(self.path, 200 if body else 404))
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    source.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield source
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
