"""Enter a managing authority; `load-units` finds it by kind, name and ward."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction

from congtruong.core.errors import DomainError
from congtruong.core.text import squeeze
from congtruong.units.enums import AUTHORITY_KINDS, OversightKind
from congtruong.units.management.usage import SentenceCommand
from congtruong.units.models import Oversight, Unit, Ward
from congtruong.units.services import add_host, place_unit, save_unit
from congtruong.units.services.reference import load_reference

_KINDS = sorted(kind.value for kind in AUTHORITY_KINDS)
BY = "congtruong add-authority"


class Command(SentenceCommand):
    help = "Thêm một cơ quan quản lý (Sở, Phòng, phường…) vào danh bạ; mặc định chỉ chạy thử."
    usage = (
        "Cách dùng: congtruong add-authority LOẠI TÊN --host TÊN_MIỀN [--short-name TÊN_NGẮN] [--ward PHƯỜNG] "
        "[--under TÊN_CẤP_TRÊN --from NGÀY --reason CĂN_CỨ] [--closed NGÀY] [--wet-run]; ngày ghi dạng 2025-07-01. "
        f"LOẠI là một trong: {', '.join(_KINDS)}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=_KINDS, help="loại cơ quan")
        parser.add_argument("name", help="tên đầy đủ theo con dấu")
        parser.add_argument("--host", required=True, help="tên miền của cổng")
        parser.add_argument("--short-name", default="", help="tên ngắn")
        parser.add_argument("--ward", default="", help="tên phường, xã mà cơ quan quản lý")
        parser.add_argument("--under", default="", help="tên cơ quan cấp trên về chuyên môn")
        parser.add_argument("--from", dest="from_on", type=date.fromisoformat, help="từ ngày thuộc cấp trên")
        parser.add_argument("--closed", type=date.fromisoformat, help="ngày kết thúc hoạt động")
        parser.add_argument("--reason", default="", help="căn cứ của quan hệ với cấp trên")
        parser.add_argument("--wet-run", action="store_true", help="ghi thay đổi")

    def handle(self, *_args: Any, wet_run: bool, **options: Any) -> None:
        try:
            with transaction.atomic():
                unit = self._add(options)
                transaction.set_rollback(not wet_run)
        except (DomainError, ValidationError) as problem:
            self.refuse(problem.message if isinstance(problem, DomainError) else "; ".join(_sentences(problem)))
        note = "" if wet_run else " (chạy thử, chưa ghi)"
        self.stdout.write(f"Đã thêm {unit.name}{note}")

    def _add(self, options: dict[str, Any]) -> Unit:
        load_reference(by=BY)
        name = squeeze(options["name"])
        if Unit.objects.filter(kind=options["kind"], name=name).exists():
            self.refuse(f"Đã có {name} trong danh bạ.")
        unit = Unit(
            kind=options["kind"],
            name=name,
            short_name=options["short_name"],
            ownership="",
            ward=self._ward(options["ward"]),
            closed_on=options["closed"],
        )
        save_unit(unit=unit, by=BY)
        add_host(unit=unit, name=options["host"], is_canonical=True, by=BY)
        if options["under"]:
            place_unit(
                unit=unit,
                authority=self._above(options["under"]),
                kind=OversightKind.PROFESSIONAL,
                from_on=options["from_on"] or self.refuse("Thiếu --from: ngày bắt đầu thuộc cấp trên."),
                to_on=options["closed"],
                reason=options["reason"] or self.refuse("Thiếu --reason: căn cứ của quan hệ với cấp trên."),
                by=BY,
            )
        return unit

    def _ward(self, name: str) -> Ward | None:
        if not name:
            return None
        ward = Ward.objects.filter(name=squeeze(name), district="").first()
        return ward or self.refuse(f"Không có phường, xã “{name}” trong danh mục. Hãy kiểm tra lại tên.")

    def _above(self, name: str) -> Unit:
        unit = Unit.objects.filter(kind__in=AUTHORITY_KINDS, name=squeeze(name)).first()
        return unit or self.refuse(f"Không có cơ quan “{name}”. Hãy thêm cơ quan đó trước.")


def _sentences(problem: ValidationError) -> list[str]:
    """What is wrong, each sentence behind the name of the column it is about."""
    if not hasattr(problem, "error_dict"):
        return problem.messages
    columns = [*Oversight._meta.concrete_fields, *Unit._meta.concrete_fields]  # noqa: SLF001
    named = {column.name: str(column.verbose_name) for column in columns}
    return [
        f"{named[name]}: {sentence}" if name in named else sentence
        for name, sentences in problem.message_dict.items()
        for sentence in sentences
    ]
