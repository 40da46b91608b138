from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "congtruong.visits"
    verbose_name = "Lượt xem"
