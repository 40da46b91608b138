from django.db import models


class PictureState(models.TextChoices):
    """What became of a picture that a source shows."""

    WAITING = "cho", "Đang chờ tải"
    KEPT = "co", "Đã lưu"
    REFUSED = "bo", "Không nhận"


class HubState(models.TextChoices):
    """How far a subscription at a hub has come (WebSub, sections 5 and 6)."""

    ASKED = "da_xin", "Đã gửi đăng ký"
    ACTIVE = "dang_nhan", "Đang nhận"
    DENIED = "tu_choi", "Hub từ chối"
    DISTRUSTED = "khong_tin", "Hub bỏ sót tin"
