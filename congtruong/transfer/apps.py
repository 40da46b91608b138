from importlib import import_module

from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "congtruong.transfer"
    verbose_name = "Chuyển dữ liệu"

    def ready(self) -> None:
        """Make the jobs of this app known by their names."""
        import_module("congtruong.transfer.tasks")
