from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "congtruong.units"
    verbose_name = "Đơn vị"
