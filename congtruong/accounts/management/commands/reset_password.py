"""Give a person a new initial password, printed once; for who cannot be helped by mail or by a colleague."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from congtruong.accounts import phrases
from congtruong.accounts.services import issue_initial_password, remove_second_factors
from congtruong.units.management.usage import SentenceCommand
from congtruong.units.models import User

BY = "congtruong reset-password"


class Command(SentenceCommand):
    help = "Cấp lại mật khẩu ban đầu cho một tài khoản và in ra một lần; các phiên đang mở bị đăng xuất."
    usage = "Cách dùng: congtruong reset-password TÊN_ĐĂNG_NHẬP [--without-factors] [--wet-run]."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument(
            "--without-factors", action="store_true", help="bỏ cả xác thực hai lớp (khi mất điện thoại và mã khôi phục)"
        )
        parser.add_argument("--wet-run", action="store_true", help="ghi thay đổi")

    def handle(self, *_args: Any, username: str, without_factors: bool, wet_run: bool, **_options: Any) -> None:
        user = User.objects.filter(username__iexact=username.strip()).first()
        if user is None:
            self.refuse(phrases.NO_PERSON.format(username=username))
        if not wet_run:
            self.stdout.write(f"Sẽ cấp lại mật khẩu cho {user} ({user.username}) (chạy thử, chưa ghi)")
            return
        with transaction.atomic():
            password = issue_initial_password(user=user, by=BY)
            if without_factors:
                remove_second_factors(user=user, by=BY)
        self.stdout.write(f"Đã cấp lại mật khẩu cho {user} ({user.username})")
        self.stdout.write(f"Mật khẩu ban đầu (dùng được 14 ngày, phải đổi khi đăng nhập): {password}")
