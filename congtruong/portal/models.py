from django.db import models

from congtruong.units.models import Unit


class QuickLink(models.Model):
    """One of up to six frequent errands on a home page, chosen by the unit. Public, like the page it stands on."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    label = models.CharField("tên việc", max_length=40)
    icon = models.CharField("biểu tượng", max_length=20)
    path = models.CharField("đường dẫn trên cổng", max_length=200)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "việc thường tìm"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "path"], name="quick_link_once")]

    def __str__(self) -> str:
        return self.label
