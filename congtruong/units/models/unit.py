from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from congtruong.core import clock
from congtruong.units.enums import Crest, Kind, Level, Ownership, Theme
from congtruong.units.models.areas import Ward


class Unit(models.Model):
    """A tenant: an education unit or an authority, each with its own portal.

    Contact data stands here once and is shown in the page, the footer, the directory and structured data.
    """

    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    levels = models.PositiveSmallIntegerField("cấp học", default=0, help_text="Tổng các bit của cấp học.")
    ownership = models.CharField(
        "loại hình", max_length=20, choices=Ownership.choices, default=Ownership.PUBLIC, blank=True
    )
    name = models.CharField("tên đầy đủ (theo con dấu)", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=120, blank=True)
    search_name = models.CharField(max_length=400, editable=False)
    tagline = models.CharField("lời giới thiệu ngắn", max_length=300, blank=True)

    moet_code = models.CharField("mã trường (Bộ GD&ĐT)", max_length=20, null=True, blank=True, unique=True)
    budget_code = models.CharField(
        "mã đơn vị quan hệ ngân sách",
        max_length=7,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^[1-378]\d{6}$", "Mã có 7 chữ số, bắt đầu bằng 1, 2, 3, 7 hoặc 8.")],
    )
    tax_code = models.CharField(
        "mã số thuế",
        max_length=14,
        blank=True,
        validators=[RegexValidator(r"^(\d{10}(-?\d{3})?|\d{12})$", "Mã số thuế có 10, 13 hoặc 12 chữ số.")],
    )

    address = models.CharField("địa chỉ", max_length=200, blank=True)
    old_ward = models.ForeignKey(
        Ward, verbose_name="phường cũ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ward = models.ForeignKey(
        Ward, verbose_name="phường", null=True, blank=True, on_delete=models.PROTECT, related_name="units"
    )
    phone = models.CharField("điện thoại cố định", max_length=30, blank=True)
    hotline = models.CharField("đường dây nóng", max_length=30, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    office_hours = models.CharField("giờ làm việc", max_length=120, blank=True)
    responsible_name = models.CharField("người chịu trách nhiệm nội dung", max_length=120, blank=True)
    responsible_title = models.CharField("chức vụ", max_length=120, blank=True)
    directions = models.TextField("đường đến", blank=True)
    contact_checked_at = models.DateTimeField("thông tin liên hệ kiểm tra lúc", null=True, blank=True)

    school_year = models.PositiveSmallIntegerField("năm học đã bắt đầu", null=True, blank=True)
    theme = models.CharField("màu giao diện", max_length=10, choices=Theme.choices, default=Theme.SEA)
    crest = models.CharField("huy hiệu", max_length=20, choices=Crest.choices, blank=True, default=Crest.NONE)
    founded_on = models.DateField("thành lập", null=True, blank=True)
    closed_on = models.DateField("chấm dứt hoạt động", null=True, blank=True)
    updated_at = models.DateTimeField("cập nhật lúc", auto_now=True)

    class Meta:
        verbose_name = "đơn vị"
        ordering = ["name"]
        indexes = [models.Index(fields=["kind", "name"], name="unit_kind_name")]
        constraints = [
            # Namesakes exist where the ward is not known; within a ward a name stands once.
            models.UniqueConstraint(
                fields=["name", "old_ward"],
                condition=Q(closed_on__isnull=True, old_ward__isnull=False),
                name="unit_once_in_ward",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_authority(self) -> bool:
        return Kind(self.kind).is_authority

    @property
    def level_set(self) -> Level:
        return Level(self.levels)

    @property
    def writing_year(self) -> int:
        """The school year of what is written now: the one the unit began, unless the calendar says a later one."""
        return max(self.school_year or 0, clock.school_year(clock.today()))

    @property
    def display_short(self) -> str:
        return self.short_name or self.name

    @property
    def full_address(self) -> str:
        """Street, ward and city on one line; only what is known."""
        parts = [self.address]
        if self.ward is not None:
            parts += [f"phường {self.ward.name}", self.ward.province]
        elif self.old_ward is not None:
            parts += [f"phường {self.old_ward.name} (cũ)", self.old_ward.district, self.old_ward.province]
        line = ", ".join(part for part in parts if part)
        return line[:1].upper() + line[1:]

    @property
    def responsible_person(self) -> str:
        return ", ".join(part for part in (self.responsible_name, self.responsible_title) if part)
