from django.db import models


class Consent(models.TextChoices):
    """Whether the children in a photo, and their parents, agreed to its publication (NĐ 56/2017, article 36)."""

    NOT_NEEDED = "khong-can", "Không có học sinh"
    WAITING = "cho", "Chờ giấy đồng ý"
    GIVEN = "co", "Đã có đồng ý"
    STOPPED = "ngung", "Ngừng đăng theo yêu cầu"


# Silence is no consent: a photo whose papers are awaited is as private as one that parents had taken down.
BLOCKED = frozenset({Consent.WAITING, Consent.STOPPED})

# As `Asset.uploaded_by` of files that the system copied from a source's pages.
COPIED = "Chép từ nguồn tin"
