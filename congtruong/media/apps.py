from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "congtruong.media"
    verbose_name = "Tệp và hình ảnh"
