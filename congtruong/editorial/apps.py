from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "congtruong.editorial"
    verbose_name = "Bài viết và trang"
