"""Make an account, with a role in a unit or as operator; the initial password is printed once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction

from congtruong.accounts import phrases
from congtruong.accounts.services import create_account, make_operator
from congtruong.core.errors import DomainError
from congtruong.units.enums import Honorific, Role
from congtruong.units.management.usage import SentenceCommand
from congtruong.units.queries import unit_by_host
from congtruong.units.services import grant_role

BY = "congtruong add-account"


class Command(SentenceCommand):
    help = "Tạo tài khoản kèm vai trò tại một đơn vị, in mật khẩu ban đầu một lần; mặc định chỉ chạy thử."
    usage = (
        "Cách dùng: congtruong add-account TÊN_ĐĂNG_NHẬP --name HỌ_TÊN (--unit TÊN_MIỀN --role VAI_TRÒ | --operator) "
        "[--honorific cô|thầy|anh|chị] [--email THƯ] [--wet-run]. "
        f"VAI_TRÒ là một trong: {', '.join(Role.values)}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--name", required=True, help="họ và tên")
        parser.add_argument("--honorific", default="", choices=Honorific.values, help="cách xưng hô")
        parser.add_argument("--email", default="", help="thư điện tử")
        place = parser.add_mutually_exclusive_group(required=True)
        place.add_argument("--unit", default="", help="tên miền của đơn vị")
        place.add_argument("--operator", action="store_true", help="người vận hành toàn hệ thống")
        parser.add_argument("--role", default="", help="vai trò tại đơn vị")
        parser.add_argument("--wet-run", action="store_true", help="ghi thay đổi")

    def handle(self, *_args: Any, wet_run: bool, **options: Any) -> None:
        try:
            with transaction.atomic():
                password = self._add(options)
                transaction.set_rollback(not wet_run)
        except (DomainError, ValidationError) as problem:
            self.refuse(problem.message if isinstance(problem, DomainError) else "; ".join(problem.messages))
        if not wet_run:
            self.stdout.write(f"Đã tạo tài khoản {options['username']} (chạy thử, chưa ghi)")
            return
        self.stdout.write(f"Đã tạo tài khoản {options['username']}")
        self.stdout.write(f"Mật khẩu ban đầu (dùng được 14 ngày, phải đổi khi đăng nhập): {password}")

    def _add(self, options: dict[str, Any]) -> str:
        user, password = create_account(
            username=options["username"],
            full_name=options["name"],
            honorific=options["honorific"],
            email=options["email"],
            by=BY,
        )
        if options["operator"]:
            make_operator(user=user, by=BY)
            return password
        host = unit_by_host(options["unit"].strip().lower())
        if host is None:
            self.refuse(phrases.NO_UNIT.format(host=options["unit"]))
        if options["role"] not in Role.values:
            self.refuse(phrases.NO_ROLE.format(role=options["role"], roles=", ".join(Role.values)))
        grant_role(unit=host.unit, user=user, role=Role(options["role"]), by=BY)
        return password
