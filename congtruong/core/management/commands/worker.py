from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import autodiscover_modules

from congtruong.core.working import work


class Command(BaseCommand):
    help = "Làm các công việc trong hàng đợi cho đến khi nhận tín hiệu dừng."

    def handle(self, *_args: Any, **_options: Any) -> None:
        autodiscover_modules("tasks")
        work()
