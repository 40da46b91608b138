"""Load a list of units from a CSV file; writes only with --wet-run."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.db.utils import OperationalError, ProgrammingError

from congtruong.units.management.usage import SentenceCommand
from congtruong.units.rules.roster import Problem, RosterError, RosterRow, read_roster
from congtruong.units.services.loading import LoadReport, Remark, load_roster
from congtruong.units.services.reference import load_reference

_BY = "Lệnh load-units"


class Command(SentenceCommand):
    help = "Nạp danh sách đơn vị từ tệp CSV; chỉ ghi khi có --wet-run."
    usage = "Cách dùng: congtruong load-units TỆP.csv [--wet-run]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="", help="tệp CSV, UTF-8, có dòng tiêu đề")
        parser.add_argument("--wet-run", action="store_true", help="ghi vào cơ sở dữ liệu")
        parser.add_argument("--by", default=_BY, help="tên người thực hiện, ghi vào nhật ký")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"]:
            self.refuse("Thiếu tệp danh sách. " + self.usage)
        path = Path(options["file"])
        rows, problems = self._read(path)
        is_wet = options["wet_run"]
        # A dry run does the same work and takes it back, so that its report is the one of the real run.
        try:
            with transaction.atomic():
                load_reference(by=options["by"])
                report = load_roster(rows=rows, by=options["by"], source=path.name)
                if not is_wet:
                    transaction.set_rollback(True)
        except (OperationalError, ProgrammingError):
            self.refuse("Cơ sở dữ liệu chưa sẵn sàng. Hãy chạy “congtruong migrate” rồi nạp lại.")
        self._tell(report, problems, is_wet=is_wet)

    def _read(self, path: Path) -> tuple[list[RosterRow], list[Problem]]:
        try:
            return read_roster(path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError:
            self.refuse(f"Tệp {path} không phải UTF-8. Hãy lưu lại dưới dạng “CSV UTF-8”.")
        except RosterError as error:
            self.refuse(error.message)
        except OSError:
            self.refuse(f"Không đọc được tệp {path}. Hãy kiểm tra đường dẫn và quyền đọc.")

    def _tell(self, report: LoadReport, problems: list[Problem], *, is_wet: bool) -> None:
        for problem in problems:
            self.stdout.write(f"Lỗi dòng {problem.line}: {problem.reason_vi}")
        self._list("Lỗi", report.refused)
        self._list("Lưu ý", report.remarks)
        if report.unplaced:
            self.stdout.write("Chưa xác định cơ quan quản lý trực tiếp từ 01/07/2025:")
            for remark in report.unplaced:
                self.stdout.write(f"- {remark.name} (dòng {remark.line}): {remark.text}")
        completed = f", bổ sung {len(report.completed)}" if report.completed else ""
        errors = len(problems) + len(report.refused)
        self.stdout.write(
            f"Đã thêm {len(report.added)} đơn vị{completed}, không đổi {len(report.unchanged)}, lỗi {errors}"
            + ("" if is_wet else " (chạy thử, chưa ghi)")
        )

    def _list(self, title: str, remarks: list[Remark]) -> None:
        for remark in remarks:
            self.stdout.write(f"{title} dòng {remark.line}, {remark.name}: {remark.text}")
