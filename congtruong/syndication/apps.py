from importlib import import_module

from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    name = "congtruong.syndication"
    verbose_name = "Kênh tin cho nơi khác"

    def ready(self) -> None:
        import_module("congtruong.syndication.registry")
