from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from congtruong.core.errors import DomainError
from congtruong.transfer.pipeline.archive import Archive
from congtruong.transfer.pipeline.bundle import Bundle
from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.services.restoring import restore_unit
from congtruong.units.queries import unit_by_host
from congtruong.units.scoping import unit_scope


class Command(BaseCommand):
    help = "Nhập gói dữ liệu đã xuất vào một đơn vị chưa có nội dung; mặc định chỉ kiểm tra gói."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="tệp ZIP đã xuất bằng export-unit")
        parser.add_argument("--host", required=True, help="tên miền của cổng nhận dữ liệu")
        parser.add_argument("--wet-run", action="store_true", help="ghi thay đổi")

    def handle(self, *_args: Any, file: Path, host: str, wet_run: bool, **_options: Any) -> None:
        found = unit_by_host(host)
        if found is None:
            raise CommandError(f"Không có cổng nào dùng tên miền {host}. Hãy kiểm tra lại tên miền.")
        try:
            with Archive(file) as archive, unit_scope(found.unit_id):
                bundle = Bundle(archive)
                counts = dict(bundle.manifest["counts"])
                if wet_run:
                    counts = restore_unit(unit=found.unit, bundle=bundle, by="Lệnh import-unit")
        except (SourceError, DomainError) as problem:
            raise CommandError(problem.message) from problem
        note = "" if wet_run else " (chạy thử, chưa ghi)"
        told = (counts.get(name, 0) for name in ("posts", "revisions", "media"))
        self.stdout.write("Bài: {}, bản lưu: {}, tệp: {}".format(*told) + note)
