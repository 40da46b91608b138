from django.db import models
from django.db.models import Q


class Ward(models.Model):
    """A commune-level area as it stood between two dates."""

    name = models.CharField("tên", max_length=120)
    district = models.CharField("quận, huyện", max_length=120, blank=True, help_text="Chỉ có đến 30/06/2025.")
    province = models.CharField("tỉnh, thành phố", max_length=120)
    gso_code = models.CharField("mã GSO", max_length=10, blank=True)
    from_on = models.DateField("từ ngày", null=True, blank=True)
    to_on = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "phường, xã"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["province", "district", "name"], name="ward_once"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(from_on__lte=models.F("to_on")),
                name="ward_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.district}" if self.district else self.name


class WardSuccession(models.Model):
    """An old ward went into a new one, whole or in part."""

    old = models.ForeignKey(Ward, verbose_name="phường cũ", on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(Ward, verbose_name="phường mới", on_delete=models.PROTECT, related_name="origins")
    is_whole = models.BooleanField("toàn bộ")

    class Meta:
        verbose_name = "chuyển địa giới"
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="ward_succession_once")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
