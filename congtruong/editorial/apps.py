from importlib import import_module

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "congtruong.editorial"
    verbose_name = "Bài viết và trang"

    def ready(self) -> None:
        import_module("congtruong.editorial.registry")
