from django.db import models
from django.db.models import Q

from congtruong.media.enums import BLOCKED, Consent
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class Asset(models.Model):
    """A file or image of one unit. Its address holds an unguessable key and answers only once it is public.

    What a phone delivered is not kept: an image lives on in `original`, re-encoded and without metadata, for its unit
    only, and in the smaller `renditions` that visitors get.
    """

    class Kind(models.TextChoices):
        IMAGE = "anh", "Hình ảnh"
        FILE = "tep", "Tệp"

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    key = models.CharField("khóa", max_length=32, unique=True)
    kind = models.CharField("loại", max_length=5, choices=Kind.choices)
    name = models.CharField("tên tệp", max_length=120)
    content_type = models.CharField("kiểu nội dung", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng (byte)")
    stored_size = models.PositiveBigIntegerField("dung lượng trên đĩa (byte)", null=True)
    sha256 = models.CharField("mã băm", max_length=64)
    width = models.PositiveIntegerField("rộng (px)", null=True)
    height = models.PositiveIntegerField("cao (px)", null=True)
    original = models.JSONField("ảnh gốc", null=True, help_text="{name, width, height, size, type}; không công khai.")
    renditions = models.JSONField("các cỡ ảnh", default=list, help_text="Danh sách {name, width, height, size, type}.")
    alt = models.CharField("mô tả ảnh", max_length=300, blank=True)
    is_decorative = models.BooleanField("ảnh trang trí", default=False)
    caption = models.CharField("chú thích", max_length=300, blank=True)
    consent = models.CharField("đồng ý", max_length=10, choices=Consent.choices, default=Consent.NOT_NEEDED)
    consent_note = models.CharField("ghi chú về giấy đồng ý", max_length=300, blank=True)
    consent_by = models.CharField("người ghi nhận", max_length=200, blank=True)
    consent_at = models.DateTimeField("ghi nhận lúc", null=True)
    scan = models.JSONField("kết quả rà soát dữ liệu cá nhân", null=True)
    is_public = models.BooleanField("công khai", default=False)
    uploaded_by = models.CharField("người tải lên", max_length=200, blank=True)
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "tệp"
        constraints = [
            models.UniqueConstraint(fields=["unit", "sha256", "name"], name="asset_once_per_unit"),
            models.CheckConstraint(
                condition=Q(consent_by="", consent_at__isnull=True) | (~Q(consent_by="") & Q(consent_at__isnull=False)),
                name="asset_consent_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | ~Q(consent__in=sorted(BLOCKED)), name="asset_public_with_consent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        return f"u{self.unit_id}/{self.key}"

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.IMAGE

    @property
    def shows_children(self) -> bool:
        return self.consent != Consent.NOT_NEEDED

    @property
    def is_blocked(self) -> bool:
        """Nobody may publish it now."""
        return self.consent in BLOCKED

    @property
    def lacks_alt(self) -> bool:
        return self.is_image and not self.alt and not self.is_decorative

    @property
    def stored_names(self) -> list[str]:
        """Names of its stored files inside `folder`."""
        if not self.is_image:
            return [self.name]
        made = [self.original, *self.renditions] if self.original else self.renditions
        return [rendition["name"] for rendition in made]


class Usage(models.Model):
    """An object of the unit that shows a file: where it is used, and whether visitors see it there."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, verbose_name="tệp", on_delete=models.RESTRICT, related_name="+")
    kind = models.CharField("loại nội dung", max_length=20)
    object_id = models.BigIntegerField("mã nội dung")
    label = models.CharField("tên nội dung", max_length=200)
    is_live = models.BooleanField("đang hiển thị", default=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = "nơi dùng tệp"
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "object_id", "asset"], name="usage_once_per_object")
        ]

    def __str__(self) -> str:
        return self.label
