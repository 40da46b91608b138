import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from congtruong.demo.upstream import FEED_PATHS, NAME, start


class Command(BaseCommand):
    help = "Chạy trang web mẫu của Sở với bốn kênh tin cho đến khi dừng."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8765)
        parser.add_argument("--state", type=Path, default=None, help="thư mục chứa các tin thêm trong khi chạy")

    def handle(self, *, port: int, state: Path | None, **options: Any) -> None:
        stopped = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            stopped.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        upstream = start(port=port, state_dir=state or settings.DATA_DIR / "demo-upstream")
        self.stdout.write(f"{NAME}: {upstream.base_url}/")
        for path in FEED_PATHS.values():
            self.stdout.write(f"  {upstream.base_url}{path}")
        self.stdout.flush()
        stopped.wait()
        upstream.close()
        self.stdout.write("Đã dừng.")
