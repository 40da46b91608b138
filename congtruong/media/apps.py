from importlib import import_module

from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "congtruong.media"
    verbose_name = "Tệp và hình ảnh"

    def ready(self) -> None:
        import_module("congtruong.media.registry")
