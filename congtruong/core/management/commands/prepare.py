import sys
from typing import Any

from django.core.management.base import BaseCommand

from congtruong.core.preparing import NotPrepared, prepare


class Command(BaseCommand):
    help = "Cập nhật cơ sở dữ liệu và tệp tĩnh theo phiên bản hiện tại; chạy lại nhiều lần không sao."
    # Checks would read tables that may not exist yet.
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            prepare()
        except NotPrepared as error:
            self.stderr.write(str(error))
            sys.exit(1)
