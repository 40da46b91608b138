"""The demo site's HTTP server, on 127.0.0.1 only."""

import html
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from congtruong.core import clock
from congtruong.demo.upstream import feeds
from congtruong.demo.upstream.store import (
    FEED_PATHS,
    NAME,
    PHOTOS,
    Published,
    down_channels,
    keep_base_url,
    of_channel,
    published,
)

_log = logging.getLogger(__name__)
_HTML = "text/html; charset=utf-8"
# The dates that this CMS sends with every feed, whatever changed.
_LONG_AGO = "Mon, 26 Jul 1997 05:00:00 GMT"


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    content_type: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Upstream:
    """A running demo site."""

    base_url: str
    _server: ThreadingHTTPServer
    _thread: threading.Thread

    def close(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def start(*, port: int, state_dir: Path) -> Upstream:
    """Serve in a thread until closed. Port 0 takes a free one; `state_dir` is made when missing."""

    class Handler(_Handler):
        directory = state_dir

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    Handler.base = base
    keep_base_url(state_dir, base)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="demo-upstream", daemon=True)
    thread.start()
    return Upstream(base, server, thread)


class _Handler(BaseHTTPRequestHandler):
    directory: Path
    base: str

    def do_GET(self) -> None:
        """Answer one request; the state directory is read anew each time."""
        reply = _answer(self.path, self.headers.get("If-Modified-Since", ""), self.directory, self.base)
        self.send_response(reply.status)
        for name, value in (
            ("Content-Type", reply.content_type),
            *reply.headers,
            ("Content-Length", str(len(reply.body))),
        ):
            if reply.status != 304 or name == "Last-Modified":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the name of the base class
        _log.debug(format, *arguments)


def _answer(path: str, if_modified_since: str, state_dir: Path, base: str) -> _Reply:
    if path == "/suc-khoe":
        return _Reply(200, "text/plain; charset=utf-8", b"ok")
    if path == "/":
        return _Reply(200, _HTML, _front(base).encode())
    channel = next((name for name, feed in FEED_PATHS.items() if feed == path), None)
    if channel in down_channels(state_dir):
        # Not 503: that would ask to leave the whole server alone for a while.
        return _Reply(500, _HTML, _layout("Lỗi", "<p>Chương trình của trang này bị lỗi.</p>").encode())
    if channel is not None:
        return _feed(channel, of_channel(state_dir, channel), if_modified_since, base)
    for item in published(state_dir):
        if item.path == path:
            return _Reply(200, _HTML, _page(item).encode())
        if item.photo and path == f"/uploads/{item.photo}":
            return _Reply(200, "image/webp", (PHOTOS / item.photo).read_bytes())
    return _Reply(404, _HTML, _layout("Không tìm thấy trang", "<p>Trang này không có trên cổng mẫu.</p>").encode())


def _feed(channel: str, items: list[Published], if_modified_since: str, base: str) -> _Reply:
    if channel in {"tin-tuc", "thong-bao"}:
        habits = {"Last-Modified": _LONG_AGO, "Expires": _LONG_AGO, "Cache-Control": "no-cache, must-revalidate"}
        return _reply(feeds.nukeviet(channel, items, base), habits)
    if channel == "van-ban":
        return _reply(feeds.documents(items, base), {"Cache-Control": "private"})
    newest = max(item.instant for item in items).replace(microsecond=0)
    modified = {"Last-Modified": format_datetime(newest.astimezone(UTC), usegmt=True)}
    try:
        unchanged = bool(if_modified_since) and newest <= parsedate_to_datetime(if_modified_since)
    except (ValueError, TypeError):
        unchanged = False
    if unchanged:
        return _Reply(304, "", headers=tuple(modified.items()))
    return _reply(feeds.invitations(items, base), modified)


def _reply(text: str, headers: Mapping[str, str]) -> _Reply:
    return _Reply(200, "text/xml; charset=utf-8", text.encode(), tuple(headers.items()))


def _front(base: str) -> str:
    rows = "".join(
        f'<li><a href="{html.escape(path)}">{base}{html.escape(path)}</a></li>' for path in FEED_PATHS.values()
    )
    feeds = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{channel}" href="{html.escape(path)}">'
        for channel, path in FEED_PATHS.items()
    )
    return _layout(
        NAME, f"<p>Trang mẫu để chạy thử, không phải cơ quan thật. Các kênh RSS:</p><ul>{rows}</ul>", head=feeds
    )


def _page(item: Published) -> str:
    paragraphs = "".join(f"<p>{html.escape(one)}</p>" for one in (item.summary, *item.body))
    symbol = f"<p>Số/Ký hiệu: {html.escape(item.symbol)}</p>" if item.symbol else ""
    date = f"{item.instant.astimezone(clock.VIETNAM):%d/%m/%Y %H:%M}"
    return _layout(item.title, f"<p>Đăng lúc {date}</p>{symbol}{paragraphs}")


def _layout(title: str, body: str, head: str = "") -> str:
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)} - {NAME}</title>{head}</head><body><header><p>{NAME}</p></header>"
        f"<main><h1>{html.escape(title)}</h1>{body}</main></body></html>"
    )
