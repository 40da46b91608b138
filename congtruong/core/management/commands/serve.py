import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand

from congtruong.core.preparing import NotPrepared
from congtruong.core.serving import DEFAULT_BIND, DEFAULT_PORT, SERVING, PortUnavailable, run_serve


class Command(BaseCommand):
    help = "Chạy máy chủ web, hàng đợi công việc và bộ hẹn giờ cho đến khi nhấn Ctrl-C."
    # Checks would read tables that may not exist yet.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="cổng, mặc định %(default)s")
        parser.add_argument("--bind", default=DEFAULT_BIND, help="địa chỉ, mặc định %(default)s")
        parser.add_argument("--no-prepare", action="store_true", help="không cập nhật cơ sở dữ liệu và tệp tĩnh")

    def handle(self, *_args: Any, port: int, bind: str, no_prepare: bool, **_options: Any) -> None:
        say = partial(self._say, SERVING.format(bind=bind, port=port))
        try:
            code = run_serve(port=port, bind=bind, with_prepare=not no_prepare, on_ready=say)
        except (PortUnavailable, NotPrepared) as error:
            self.stderr.write(str(error))
            sys.exit(1)
        except KeyboardInterrupt:
            # Ctrl-C while preparing, which is repeated at the next start.
            sys.exit(130)
        sys.exit(code)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
