from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import autodiscover_modules

from congtruong.core.schedule import run_until_stopped


class Command(BaseCommand):
    help = "Chạy các việc định kỳ cho đến khi nhận tín hiệu dừng."

    def handle(self, *_args: Any, **_options: Any) -> None:
        autodiscover_modules("tasks")
        run_until_stopped()
