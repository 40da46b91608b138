from django.db import models


class Asks(models.TextChoices):
    """What an authority demands of the units that something is meant for."""

    READING = "doc", "Xác nhận đã đọc"
    REPLY = "tra_loi", "Trả lời có tham dự hay không"


class Answer(models.TextChoices):
    """A unit's reply to an invitation."""

    NONE = "", "Chưa trả lời"
    YES = "co", "Có tham dự"
    NO = "khong", "Không tham dự"
