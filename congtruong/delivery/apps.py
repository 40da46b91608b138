from importlib import import_module

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "congtruong.delivery"
    verbose_name = "Gửi đến đơn vị"

    def ready(self) -> None:
        import_module("congtruong.delivery.services.asking")
        import_module("congtruong.delivery.registry")
