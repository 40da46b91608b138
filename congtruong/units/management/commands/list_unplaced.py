from typing import Any

from django.core.management.base import BaseCommand

from congtruong.core import clock
from congtruong.units.queries import unplaced_units


class Command(BaseCommand):
    help = "Liệt kê các đơn vị chưa xác định cơ quan quản lý trực tiếp vào hôm nay."

    def handle(self, *_args: Any, **_options: Any) -> None:
        units = list(unplaced_units(clock.today()))
        for unit in units:
            old = f"phường cũ {unit.old_ward.name}" if unit.old_ward else "chưa rõ phường cũ"
            self.stdout.write(f"{unit.name} ({old})")
        self.stdout.write(f"Tổng cộng: {len(units)} đơn vị.")
