from django.db import models


class Health(models.TextChoices):
    """State of a feed, in words for an officer."""

    NEW = "moi", "Chưa đọc lần nào"
    GOOD = "tot", "Hoạt động tốt"
    FAILING = "loi", "Đang lỗi"
