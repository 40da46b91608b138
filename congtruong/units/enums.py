from enum import IntFlag

from django.db import models


class Kind(models.TextChoices):
    """What an organisation is. Schools and centres have pupils; authorities have units below them."""

    PRESCHOOL = "mam_non", "Trường mầm non"
    PRIMARY = "tieu_hoc", "Trường tiểu học"
    LOWER_SECONDARY = "thcs", "Trường trung học cơ sở"
    MULTI_LEVEL = "nhieu_cap", "Trường nhiều cấp học"
    CENTRE = "trung_tam", "Trung tâm"
    MINISTRY = "bo", "Bộ"
    DEPARTMENT = "so", "Sở Giáo dục và Đào tạo"
    DISTRICT_OFFICE = "phong_gddt", "Phòng Giáo dục và Đào tạo"
    WARD_COMMITTEE = "ubnd_phuong", "Ủy ban nhân dân phường, xã"
    CULTURE_OFFICE = "phong_vhxh", "Phòng Văn hóa – Xã hội"
    CLUSTER = "cum", "Cụm trường"

    @property
    def is_authority(self) -> bool:
        return self in AUTHORITY_KINDS


AUTHORITY_KINDS = frozenset(
    {
        Kind.MINISTRY,
        Kind.DEPARTMENT,
        Kind.DISTRICT_OFFICE,
        Kind.WARD_COMMITTEE,
        Kind.CULTURE_OFFICE,
        Kind.CLUSTER,
    }
)


class Level(IntFlag):
    """School levels as a set; a multi-level school has several."""

    PRESCHOOL = 1
    PRIMARY = 2
    LOWER_SECONDARY = 4
    UPPER_SECONDARY = 8
    CONTINUING = 16

    @property
    def label(self) -> str:
        return ", ".join(name for level, name in LEVEL_NAMES.items() if level in self)


LEVEL_NAMES = {
    Level.PRESCHOOL: "Mầm non",
    Level.PRIMARY: "Tiểu học",
    Level.LOWER_SECONDARY: "Trung học cơ sở",
    Level.UPPER_SECONDARY: "Trung học phổ thông",
    Level.CONTINUING: "Giáo dục thường xuyên",
}
# As they stand in addresses.
LEVEL_WORDS = {
    "mam-non": Level.PRESCHOOL,
    "tieu-hoc": Level.PRIMARY,
    "thcs": Level.LOWER_SECONDARY,
    "thpt": Level.UPPER_SECONDARY,
    "gdtx": Level.CONTINUING,
}


class Ownership(models.TextChoices):
    PUBLIC = "cong_lap", "Công lập"
    PRIVATE = "ngoai_cong_lap", "Ngoài công lập"


class OversightKind(models.TextChoices):
    """The two chains above a unit (two-tier government since 1 July 2025)."""

    MANAGING = "quan_ly", "Quản lý trực tiếp"
    PROFESSIONAL = "chuyen_mon", "Quản lý chuyên môn"


class Role(models.TextChoices):
    """Duties of the editorial board (TT 37/2020, article 11) and of an authority's officers."""

    CONTRIBUTOR = "bien_tap_vien", "Biên tập viên"
    EDITOR = "duyet", "Biên tập, duyệt bài"
    HEAD = "truong_ban", "Trưởng ban biên tập"
    TECHNICIAN = "ky_thuat", "Phụ trách kỹ thuật"
    SUPERVISOR = "giam_sat", "Cán bộ giám sát"
    CONTRACT_OFFICER = "hop_dong", "Cán bộ hợp đồng"


class Crest(models.TextChoices):
    """Crests shipped with the product; a unit without one shows the neutral mark."""

    NONE = "", "Chưa có"
    FLOWER = "hieu-phoa", "Hoa"
    KITE = "hieu-dieu", "Cánh diều"
    STAR = "hieu-sao", "Ngôi sao"
    WARD = "hieu-phuong", "Bông lăng"
    DEPARTMENT = "hieu-so", "Sở"


class Theme(models.TextChoices):
    """Palettes of static/css/tokens.css that a unit may choose."""

    FLAMBOYANT = "phuong", "Phượng đỏ"
    LEAF = "la", "Xanh lá"
    SEA = "bien", "Xanh biển"
    VIOLET = "tim", "Tím bằng lăng"
    SUN = "nang", "Nắng"


class Honorific(models.TextChoices):
    """How staff pages address a person."""

    NONE = "", "Không ghi"
    MISS = "cô", "Cô"
    TEACHER = "thầy", "Thầy"
    BROTHER = "anh", "Anh"
    SISTER = "chị", "Chị"
