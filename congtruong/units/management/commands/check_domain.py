"""Judge a school's host name by the domain rule; works without a database."""

import json
from datetime import date, datetime
from typing import Any

from django.core.management.base import CommandParser

from congtruong.core.clock import today
from congtruong.core.text import squeeze
from congtruong.units.management.usage import SentenceCommand
from congtruong.units.rules.domains import OK, Verdict, check_domain
from congtruong.units.rules.naming import level_code, unit_bases
from congtruong.units.services.reference import domain_data

_PARTS = {"unit": "Tên đơn vị", "city": "Thành phố", "suffix": "Hậu tố"}
_LEVELS = "MN, TH, THCS, THPT, GDTX hoặc nhieu_cap"


class Command(SentenceCommand):
    help = "Kiểm tra tên miền của một đơn vị theo quy định (tên trường, tên thành phố, edu.vn)."
    usage = (
        "Cách dùng: congtruong check-domain TÊN_MIỀN --unit-name TÊN_ĐƠN_VỊ --level CẤP_HỌC "
        "[--on NGÀY] [--json], ví dụ: congtruong check-domain thcshovanlong.hcm.edu.vn "
        '--unit-name "Trường THCS Hồ Văn Long" --level THCS'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("host", nargs="?", default="", help="tên miền cần kiểm tra")
        parser.add_argument("--unit-name", default="", help="tên đầy đủ của đơn vị")
        parser.add_argument("--level", default="", help=f"cấp học: {_LEVELS}")
        parser.add_argument("--on", default="", help="ngày kiểm tra, 2023-10-06 hoặc 06/10/2023; mặc định hôm nay")
        parser.add_argument("--json", action="store_true", dest="as_json", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        host, unit_name, level = options["host"].strip(), squeeze(options["unit_name"]), options["level"].strip()
        on = _read_day(options["on"]) if options["on"] else today()
        if not host:
            self.refuse("Thiếu tên miền cần kiểm tra. " + self.usage)
        if not unit_name:
            self.refuse("Thiếu tên đơn vị. Hãy thêm --unit-name, ví dụ --unit-name “Trường THCS Hồ Văn Long”.")
        if not level:
            self.refuse(f"Thiếu cấp học. Hãy thêm --level với một trong các giá trị {_LEVELS}.")
        if level_code(level) is None:
            self.refuse(f"Không có cấp học “{level}”. Hãy dùng {_LEVELS}.")
        if on is None:
            self.refuse(f"Không đọc được ngày “{options['on']}”. Hãy ghi dạng 2023-10-06 hoặc 06/10/2023.")

        data = domain_data(unit_name=unit_name, starts=[base.text for base in unit_bases(unit_name, level)])
        verdict = check_domain(
            host,
            unit_name=unit_name,
            level=level,
            on=on,
            labels=data.labels,
            suffixes=data.suffixes,
            taken=data.taken,
        )
        self.stdout.write(_as_json(verdict) if options["as_json"] else _as_report(host, unit_name, on, verdict))
        if not verdict.ok:
            raise SystemExit(1)


def _read_day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            # A calendar day has no time zone.
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _as_json(verdict: Verdict) -> str:
    return json.dumps(
        {"ok": verdict.ok, "parts": verdict.parts, "suggestions": list(verdict.suggestions)}, ensure_ascii=False
    )


def _as_report(host: str, unit_name: str, on: date, verdict: Verdict) -> str:
    lines = [f"Tên miền: {host}", f"Đơn vị: {unit_name}", f"Ngày áp dụng: {on:%d/%m/%Y}"]
    for part, reason in verdict.parts.items():
        lines.append(f"- {_PARTS[part]}: {'đúng' if reason == OK else 'chưa đúng. ' + reason}")
    lines.append("Kết luận: " + ("đúng quy định." if verdict.ok else "chưa đúng quy định."))
    if verdict.suggestions:
        lines.append("Gợi ý: " + ", ".join(verdict.suggestions))
    return "\n".join(lines)
