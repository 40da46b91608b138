from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "congtruong.feeds"
    verbose_name = "Tin từ nguồn ngoài"
