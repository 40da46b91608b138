from django.db import models


class State(models.TextChoices):
    """Where the working copy of a post stands on its way to the public (TT 37/2020, article 11).

    What the public sees meanwhile is `Post.live`: a published post that is being changed again is a draft and live.
    """

    DRAFT = "nhap", "Bản nháp"
    SUBMITTED = "cho-duyet", "Chờ duyệt"
    RETURNED = "tra-lai", "Trả lại"
    APPROVED = "da-duyet", "Đã duyệt"
    SCHEDULED = "hen-gio", "Hẹn giờ"
    PUBLISHED = "da-dang", "Đã đăng"
    WITHDRAWN = "da-go", "Đã gỡ"
    EXPIRED = "het-han", "Hết hạn"
    ARCHIVED = "luu-tru", "Lưu trữ"


class RevisionKind(models.TextChoices):
    """Why a version was kept."""

    SAVED = "luu", "Lưu"
    SUBMITTED = "gui", "Gửi duyệt"
    APPROVED = "duyet", "Duyệt"
    PUBLISHED = "dang", "Đăng"
    RESTORED = "khoi-phuc", "Khôi phục"
    KEPT = "giu-lai", "Giữ lại khi người khác tiếp quản"
    IMPORTED = "nhap-vao", "Chuyển từ trang cũ"


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


class RelationKind(models.TextChoices):
    """What a document does to another one (document_metadata.yaml)."""

    REPLACES = "thay-the", "Thay thế"
    AMENDS = "sua-doi", "Sửa đổi, bổ sung"
    ABOLISHES = "bai-bo", "Bãi bỏ"
    BASED_ON = "can-cu", "Căn cứ vào"

    @property
    def passive(self) -> str:
        """The same seen from the other document."""
        return {"thay-the": "Được thay thế bởi", "sua-doi": "Được sửa đổi, bổ sung bởi"}.get(
            self.value, "Bị bãi bỏ bởi" if self == RelationKind.ABOLISHES else "Là căn cứ của"
        )
