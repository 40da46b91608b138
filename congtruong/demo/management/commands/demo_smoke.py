import http.client
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from congtruong.demo.queries import active_portals, item_at, newest_title, state_of_feed
from congtruong.demo.upstream import FEED_PATHS, add_item, correct_item, set_down
from congtruong.feeds.services import withdraw_item
from congtruong.units.scoping import unit_scope

_PATIENCE = 90.0
_DOWN = "van-ban"
_BY = "tự kiểm tra"


class Command(BaseCommand):
    help = (
        "Đăng, sửa rồi gỡ một tin của Sở mẫu trong khi một kênh hỏng; mỗi bước đợi đến khi mọi cổng đều theo kịp "
        "(hệ thống phải đang chạy)."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.portals = active_portals()
        state = Path(settings.DATA_DIR) / "so-mau"
        mark = uuid.uuid4().hex[:8]
        first, corrected = f"Tin kiểm tra {mark}: mọi cổng đều thấy", f"Đã đính chính {mark}: mọi cổng đều thấy"
        broken = [name for name, host in self.portals if mark in _home(host) or "</html>" not in _home(host)]
        if broken:
            self._fail(f"{len(broken)} cổng không mở được, ví dụ {broken[0]}.")

        started = time.monotonic()
        link = add_item(state, "thong-bao", first, "Nội dung kiểm tra.")
        self._all("có tin", started, lambda page: first in page)

        # From here on one of the four feeds is out of order, and what it brought before must stay.
        kept = newest_title(FEED_PATHS[_DOWN])
        self.keeping = {host for _, host in self.portals if kept in _home(host)}
        set_down(state, _DOWN, is_down=True)
        started = time.monotonic()
        correct_item(state, link, corrected, "Nội dung đã sửa.")
        self._all("có bản đính chính", started, lambda page: corrected in page and first not in page, kept)

        started = time.monotonic()
        item = item_at(link)
        with unit_scope(item.unit_id):
            withdraw_item(item=item, reason="kiểm tra việc gỡ tin", by=_BY)
        self._all("không còn tin đã gỡ", started, lambda page: mark not in page, kept)

        code = self._error_of_feed(FEED_PATHS[_DOWN])
        set_down(state, _DOWN, is_down=False)
        if not (code and kept and self.keeping):
            self._fail(f"Kênh {_DOWN} đang hỏng mà hệ thống không ghi nhận, hoặc kênh chưa có tin nào.")
        self.stdout.write(
            f"Đạt: kênh {_DOWN} hỏng suốt lúc đó (mã {code}); {len(self.keeping)} cổng vẫn giữ nội dung cũ."
        )

    def _error_of_feed(self, path: str) -> str:
        """What the feed that is down shows; it may be a few seconds until it is read again."""
        started = time.monotonic()
        while not (code := state_of_feed(path)) and time.monotonic() - started < _PATIENCE:
            time.sleep(0.2)
        return code

    def _all(self, what: str, started: float, is_right: Callable[[str], bool], kept: str = "") -> None:
        """Wait until the home page of every portal is right, and still shows `kept` where it did before."""
        waiting = self.portals
        while waiting and time.monotonic() - started < _PATIENCE:
            waiting = [(name, host) for name, host in waiting if not self._is_right(host, is_right, kept)]
            if waiting:
                time.sleep(0.2)
        if waiting:
            self._fail(f"Sau {_PATIENCE:.0f} giây còn {len(waiting)} cổng chưa {what}, ví dụ {waiting[0][0]}.")
        seconds = time.monotonic() - started
        self.stdout.write(f"Đạt: trang chủ của {len(self.portals)} cổng {what} sau {seconds:.1f} giây.")

    def _is_right(self, host: str, is_right: Callable[[str], bool], kept: str) -> bool:
        page = _home(host)
        return "</html>" in page and is_right(page) and (kept in page or host not in self.keeping)

    def _fail(self, reason: str) -> None:
        self.stdout.write(f"Không đạt: {reason}")
        sys.exit(1)


def _home(host: str) -> str:
    """The home page of a portal as a visitor gets it, over HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.PUBLIC_PORT, timeout=20)
    try:
        connection.request("GET", "/", headers={"Host": f"{host}{settings.PREVIEW_SUFFIX}:{settings.PUBLIC_PORT}"})
        reply = connection.getresponse()
        return reply.read().decode("utf-8") if reply.status == 200 else ""
    finally:
        connection.close()
