from django.db import models


class JobKind(models.TextChoices):
    SITE_IN = "nhap-trang", "Chuyển bài từ trang cũ"
    OUT = "xuat", "Xuất toàn bộ dữ liệu"


class JobState(models.TextChoices):
    """READING → REVIEW → RUNNING → DONE; an export goes from RUNNING to DONE."""

    READING = "dang-doc", "Đang đọc"
    REVIEW = "cho-xem", "Chờ xem lại"
    RUNNING = "dang-chay", "Đang thực hiện"
    DONE = "xong", "Đã xong"
    FAILED = "hong", "Đã dừng"
    EXPIRED = "het-han", "Đã hết hạn"


class Outcome(models.TextChoices):
    """What became of a record of the former site."""

    PUBLISHED = "da-dang", "Đã đăng"
    DRAFT = "ban-nhap", "Bản nháp"
    SKIPPED = "bo-qua", "Không chuyển"
    FAILED = "loi", "Chưa chuyển được"
