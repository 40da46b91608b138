from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "congtruong.core"
    verbose_name = "Nền"
