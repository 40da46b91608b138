from importlib import import_module

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "congtruong.feeds"
    verbose_name = "Tin từ nguồn ngoài"

    def ready(self) -> None:
        import_module("congtruong.feeds.registry")
