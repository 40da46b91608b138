from django.db import models
from django.db.models import F, Q

from congtruong.units.enums import OversightKind
from congtruong.units.models.unit import Unit


class Oversight(models.Model):
    """One edge of the dated authority tree: who oversees a unit, in which chain, from when to when.

    Both dates belong to the span; an open span has no `to_on`. Written by `services.place_unit` only.
    """

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="oversights")
    authority = models.ForeignKey(
        Unit, verbose_name="cơ quan quản lý", on_delete=models.PROTECT, related_name="overseen"
    )
    kind = models.CharField("hình thức", max_length=12, choices=OversightKind.choices)
    from_on = models.DateField("từ ngày")
    to_on = models.DateField("đến ngày", null=True, blank=True)
    reason = models.CharField("căn cứ", max_length=300)

    class Meta:
        verbose_name = "quan hệ quản lý"
        ordering = ["from_on"]
        indexes = [models.Index(fields=["authority", "kind"], name="oversight_authority")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "from_on"], name="oversight_one_start"),
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=Q(to_on__isnull=True), name="oversight_one_open"
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(from_on__lte=F("to_on")), name="oversight_dates_in_order"
            ),
            models.CheckConstraint(condition=~Q(unit=F("authority")), name="oversight_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} ← {self.authority} ({self.get_kind_display()})"


class Reach(models.Model):
    """Derived: an authority stands above a unit, directly or through others, during a span.

    The closure of `Oversight`, kept by `services.rebuild_reach`, so that no page walks the tree.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="reached_by")
    authority = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="reaches")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    is_managing = models.BooleanField(help_text="Reached through managing edges only.")

    class Meta:
        indexes = [models.Index(fields=["authority", "from_on"], name="reach_authority")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "authority", "is_managing", "from_on"], name="reach_once")
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} ⊃ {self.unit_id}"
