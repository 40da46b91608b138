from django.db import models
from django.db.models import Q

from congtruong.delivery.enums import Answer, Asks
from congtruong.publication.enums import EntryKind
from congtruong.units.models import Unit
from congtruong.units.scoping import ScopedManager


class Request(models.Model):
    """What an authority demands of every unit that something it published is meant for; says nothing of any of them."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=EntryKind.choices)
    object_id = models.BigIntegerField()
    asks = models.CharField("yêu cầu", max_length=8, choices=Asks.choices)
    due_at = models.DateTimeField("hạn", null=True, blank=True)
    asked_at = models.DateTimeField("yêu cầu lúc", help_text="Xác nhận trước lúc này không còn tính.")
    asked_by = models.CharField("người yêu cầu", max_length=200)

    class Meta:
        verbose_name = "yêu cầu xác nhận"
        indexes = [models.Index(fields=["kind", "object_id"], name="request_of_entry")]
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "object_id"], name="request_once")]

    def __str__(self) -> str:
        return self.get_asks_display()


class Receipt(models.Model):
    """What one unit did with something from above. Written in its own scope, also read in that of the owner.

    The owner is the authority that published it: a unit that moves leaves its receipts with the one it had.
    """

    unit = models.ForeignKey(Unit, verbose_name="đơn vị nhận", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Unit, verbose_name="nơi gửi", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=EntryKind.choices)
    object_id = models.BigIntegerField()
    seen_at = models.DateTimeField("xem lần đầu lúc", null=True, blank=True)
    seen_by = models.CharField("người xem", max_length=200, blank=True)
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)
    confirmed_by = models.CharField("người xác nhận", max_length=200, blank=True)
    answer = models.CharField("trả lời", max_length=5, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    answered_by = models.CharField("người trả lời", max_length=200, blank=True)
    people = models.PositiveSmallIntegerField("số người tham dự", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    objects = ScopedManager()
    of_owner = ScopedManager("owner")

    class Meta:
        verbose_name = "xác nhận của đơn vị"
        indexes = [models.Index(fields=["owner", "kind", "object_id"], name="receipt_of_entry")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "object_id"], name="receipt_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="receipt_confirmed_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="", answered_by="")
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(answered_by="")),
                name="receipt_answered_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.kind} {self.object_id}"
