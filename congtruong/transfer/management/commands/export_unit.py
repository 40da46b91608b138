import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from congtruong.core import audit
from congtruong.transfer.services.exporting import write_archive
from congtruong.units.queries import unit_by_host
from congtruong.units.scoping import unit_scope


class Command(BaseCommand):
    help = "Xuất toàn bộ nội dung và tệp của một đơn vị ra một tệp ZIP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="tệp ZIP sẽ ghi")
        parser.add_argument("--host", required=True, help="tên miền của cổng")

    def handle(self, *_args: Any, file: Path, host: str, **_options: Any) -> None:
        found = unit_by_host(host)
        if found is None:
            raise CommandError(f"Không có cổng nào dùng tên miền {host}. Hãy kiểm tra lại tên miền.")
        partial = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            with unit_scope(found.unit_id), partial.open("x+b") as target:
                counts = write_archive(unit=found.unit, target=target)
                audit.record(
                    "transfer.unit.exported",
                    unit_id=found.unit_id,
                    subject=file.name,
                    by="Lệnh export-unit",
                    size=partial.stat().st_size,
                )
            # Whole or not at all.
            partial.replace(file)
        except OSError as problem:
            raise CommandError(f"Không ghi được tệp {file}: {problem.strerror}") from problem
        finally:
            partial.unlink(missing_ok=True)
        self.stdout.write(f"Bài: {counts['posts']}, bản lưu: {counts['revisions']}, tệp: {counts['media']}")
