from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "congtruong.core"
    verbose_name = "Nền"

    def ready(self) -> None:
        # Services enqueue jobs by name: every process must know all of them.
        autodiscover_modules("tasks")
