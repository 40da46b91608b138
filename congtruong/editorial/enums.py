from django.db import models


class State(models.TextChoices):
    DRAFT = "nhap", "Bản nháp"
    PUBLISHED = "da-dang", "Đã đăng"
    WITHDRAWN = "da-go", "Đã gỡ"


class SigningAuthority(models.TextChoices):
    """In whose name a document is signed (NĐ 30/2020, article 13)."""

    DIRECT = "", "Trực tiếp"
    ON_BEHALF = "TM.", "Thay mặt (TM.)"
    ACTING = "Q.", "Quyền (Q.)"
    DEPUTY = "KT.", "Ký thay (KT.)"
    BY_ORDER = "TL.", "Thừa lệnh (TL.)"
    DELEGATED = "TUQ.", "Thừa ủy quyền (TUQ.)"


class Urgency(models.TextChoices):
    NORMAL = "Thường", "Thường"
    URGENT = "Khẩn", "Khẩn"
    VERY_URGENT = "Thượng khẩn", "Thượng khẩn"
    EXPRESS = "Hỏa tốc", "Hỏa tốc"


class Validity(models.TextChoices):
    """State of a document on a day (document_metadata.yaml, tinh_trang)."""

    NOT_YET = "chua", "Chưa có hiệu lực"
    IN_FORCE = "con", "Còn hiệu lực"
    ENDED = "het", "Hết hiệu lực"
    UNKNOWN = "khong-ro", "Không xác định"
