from django.db import models

from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class Asset(models.Model):
    """A file or image of one unit. Its address holds an unguessable key and answers only once it is public."""

    class Kind(models.TextChoices):
        IMAGE = "anh", "Hình ảnh"
        FILE = "tep", "Tệp"

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    key = models.CharField("khóa", max_length=32, unique=True)
    kind = models.CharField("loại", max_length=5, choices=Kind.choices)
    name = models.CharField("tên tệp", max_length=120)
    content_type = models.CharField("kiểu nội dung", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng (byte)")
    sha256 = models.CharField("mã băm", max_length=64)
    width = models.PositiveIntegerField("rộng (px)", null=True)
    height = models.PositiveIntegerField("cao (px)", null=True)
    renditions = models.JSONField("các cỡ ảnh", default=list, help_text="Danh sách {name, width, height, size}.")
    alt = models.CharField("mô tả ảnh", max_length=300, blank=True)
    is_public = models.BooleanField("công khai", default=False)
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "tệp"
        constraints = [models.UniqueConstraint(fields=["unit", "sha256", "name"], name="asset_once_per_unit")]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        return f"u{self.unit_id}/{self.key}"
