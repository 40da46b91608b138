from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "congtruong.publication"
    verbose_name = "Nội dung đã đăng"
