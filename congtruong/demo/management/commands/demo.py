import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from congtruong.core.preparing import NotPrepared, prepare
from congtruong.core.serving import PortUnavailable, answers_http, check_port, management, run_serve
from congtruong.core.supervisor import Child
from congtruong.demo.errors import NotADemoDatabase
from congtruong.demo.queries import welcome
from congtruong.demo.services import load_if_changed


class Command(BaseCommand):
    help = "Tạo dữ liệu mẫu của một tỉnh, chạy toàn bộ hệ thống và in các địa chỉ."
    # Checks would read tables that may not exist yet.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PUBLIC_PORT, help="cổng, mặc định %(default)s")
        parser.add_argument("--fresh", action="store_true", help="xóa dữ liệu mẫu cũ và tạo lại")
        parser.add_argument("--smoke", action="store_true", help="tự kiểm tra việc chính rồi dừng")

    def handle(self, *_args: Any, smoke: bool, **_options: Any) -> None:
        port = settings.PUBLIC_PORT
        upstream = int(settings.FETCH_ALLOW[0].rsplit(":", 1)[1])
        try:
            for each in (port, upstream):
                check_port(port=each, command="./dev demo")
            started = time.monotonic()
            self._say("Đang chuẩn bị cơ sở dữ liệu và dữ liệu mẫu…")
            prepare()
            if load_if_changed(upstream=f"http://127.0.0.1:{upstream}"):
                self._say(f"Đã tạo dữ liệu mẫu trong {time.monotonic() - started:.0f} giây.")
            code = run_serve(
                port=port,
                with_prepare=False,
                before=[self._upstream(upstream)],
                on_ready=None if smoke else lambda: self._say(welcome()),
                job=Child("smoke", management("demo_smoke")) if smoke else None,
                command="./dev demo",
            )
        except (PortUnavailable, NotPrepared, NotADemoDatabase) as error:
            raise CommandError(getattr(error, "message", str(error))) from error
        sys.exit(code)

    def _upstream(self, port: int) -> Child:
        state = Path(settings.DATA_DIR) / "so-mau"
        return Child(
            "so-mau",
            management("demo_upstream", "--port", str(port), "--state", str(state)),
            ready=lambda: answers_http(port),
            gate=True,
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
