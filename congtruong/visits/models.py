from django.db import models

from congtruong.publication.enums import Channel
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class VisitCount(models.Model):
    """How often a page of a unit was read on a day. Nothing about who read it is known or kept.

    Of months that are long past, the first day holds the sum of the month (`services.keeping`).
    """

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    day = models.DateField("ngày")
    path = models.CharField("trang", max_length=300)
    channel = models.CharField("chuyên mục", max_length=10, choices=Channel.choices, blank=True)
    count = models.PositiveIntegerField("lượt xem")

    objects = ScopedManager()

    class Meta:
        verbose_name = "lượt xem"
        constraints = [models.UniqueConstraint(fields=["unit", "day", "path"], name="visit_count_once")]
        # Read across all units when old days are summed.
        indexes = [models.Index(fields=["day"], name="visit_count_day")]

    def __str__(self) -> str:
        return f"{self.path}: {self.count}"
