from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "congtruong.portal"

    def ready(self) -> None:
        import_module("congtruong.portal.registry")
