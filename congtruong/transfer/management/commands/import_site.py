from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.transfer.phrases import FORMATS, LEFT_OUT, NOTES, SUMMARY
from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.pipeline.model import OldPost, Tally
from congtruong.transfer.pipeline.order import parents_first
from congtruong.transfer.pipeline.site import Source, hosts_of, open_path
from congtruong.transfer.services import import_site, review_site
from congtruong.transfer.services.files import fetch_file
from congtruong.units.models import Unit
from congtruong.units.queries import unit_by_host
from congtruong.units.scoping import unit_scope

BY = "Lệnh import-site"


class Command(BaseCommand):
    help = "Chuyển bài từ trang cũ (WordPress, RSS, thư mục hoặc ZIP trang web) vào một cổng; mặc định chỉ xem trước."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="tệp xuất của WordPress, tệp RSS, thư mục hoặc tệp ZIP")
        parser.add_argument("--host", required=True, help="tên miền của cổng nhận bài")
        parser.add_argument("--wet-run", action="store_true", help="ghi thay đổi")
        parser.add_argument("--publish", action="store_true", help="đăng ngay theo ngày cũ; nếu không thì giữ bản nháp")
        parser.add_argument("--fetch", action="store_true", help="tải ảnh và tệp còn thiếu từ trang cũ")

    def handle(self, *_args: Any, source: Path, host: str, wet_run: bool, **options: Any) -> None:
        found = unit_by_host(host)
        if found is None:
            raise CommandError(f"Không có cổng nào dùng tên miền {host}. Hãy kiểm tra lại tên miền.")
        try:
            with unit_scope(found.unit_id):
                self._run(found.unit, open_path(source), wet_run=wet_run, **options)
        except (SourceError, DomainError) as problem:
            raise CommandError(problem.message) from problem

    def _run(self, unit: Unit, source: Source, *, wet_run: bool, publish: bool, fetch: bool, **_options: Any) -> None:
        tally = Tally()
        records: list[OldPost] = list(parents_first(source.posts(now=clock.now(), tally=tally)))
        report = review_site(
            unit=unit,
            records=records,
            files=source.files,
            source_format=source.format,
            left_out=tally.left_out,
            has_web=fetch,
        )
        self._tell(report)
        if not wet_run:
            self.stdout.write(f"Sẽ chuyển: {len(records) - report['totals']['known']} bài (chạy thử, chưa ghi)")
            return
        counts = import_site(
            unit=unit,
            records=records,
            files=source.files,
            by=BY,
            publish=publish,
            hosts=hosts_of(records),
            fetch=fetch_file if fetch else None,
        )
        self.stdout.write(
            SUMMARY.format(
                published=counts.published,
                drafts=counts.drafts,
                known=counts.known,
                skipped=counts.skipped + counts.failed,
            )
        )

    def _tell(self, report: dict[str, Any]) -> None:
        totals = report["totals"]
        self.stdout.write(f"Nguồn: {FORMATS[report['format']]}. Bài viết: {totals['posts']}, trang: {totals['pages']}")
        for heading in report["categories"]:
            self.stdout.write(f"  {heading['name']}: {heading['count']} bài → {heading['channel']}")
        for row in report["rows"]:
            for name, detail in row["notes"]:
                self.stdout.write(f"  {row['title'][:60]}: {NOTES[name].format(detail=detail)}")
        for name, count in report["left_out"].items():
            self.stdout.write(f"  Bỏ qua {count}: {LEFT_OUT[name]}")
