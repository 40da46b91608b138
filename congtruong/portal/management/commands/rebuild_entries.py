from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from congtruong.portal.services import rebuild_entries
from congtruong.units.models import Unit


class Command(BaseCommand):
    help = "Dựng lại nội dung công khai của các cổng từ dữ liệu gốc; mặc định chỉ chạy thử."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="chỉ dựng lại cổng có tên miền này")
        parser.add_argument("--wet-run", action="store_true", help="ghi thay đổi")

    def handle(self, *_args: Any, host: str | None, wet_run: bool, **_options: Any) -> None:
        units = Unit.objects.order_by("pk")
        if host:
            units = units.filter(hosts__name=host)
            if not units.exists():
                raise CommandError(f"Không có cổng nào dùng tên miền {host}. Hãy kiểm tra lại tên miền.")
        shown = removed = 0
        for unit in units:
            with transaction.atomic():
                more_shown, more_removed = rebuild_entries(unit=unit)
                shown, removed = shown + more_shown, removed + more_removed
                transaction.set_rollback(not wet_run)
        note = "" if wet_run else " (chạy thử, chưa ghi)"
        self.stdout.write(f"Nội dung công khai: {shown}, đã bỏ phần thừa: {removed}{note}")
