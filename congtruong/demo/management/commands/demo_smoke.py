import http.client
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from congtruong.demo.queries import active_portals
from congtruong.demo.upstream import add_item

_PATIENCE = 90.0


class Command(BaseCommand):
    help = "Đăng một tin ở Sở mẫu và đợi đến khi tin có trên trang chủ của mọi cổng (hệ thống phải đang chạy)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        portals = active_portals()
        mark = uuid.uuid4().hex[:8]
        title = f"Tin kiểm tra {mark}: mọi cổng đều thấy"
        broken = [name for name, host in portals if title in _home(host) or "</html>" not in _home(host)]
        if broken:
            self._fail(f"{len(broken)} cổng không mở được, ví dụ {broken[0]}.")

        started = time.monotonic()
        add_item(Path(settings.DATA_DIR) / "so-mau", "thong-bao", title, "Nội dung kiểm tra.")
        waiting = portals
        while waiting and time.monotonic() - started < _PATIENCE:
            waiting = [(name, host) for name, host in waiting if title not in _home(host)]
            if waiting:
                time.sleep(0.2)
        if waiting:
            self._fail(f"Sau {_PATIENCE:.0f} giây còn {len(waiting)} cổng chưa có tin, ví dụ {waiting[0][0]}.")
        seconds = time.monotonic() - started
        self.stdout.write(f"Đạt: tin của Sở có trên trang chủ của {len(portals)} cổng sau {seconds:.1f} giây.")

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
