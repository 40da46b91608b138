from django.db import models
from django.db.models import Q

from congtruong.units.enums import Role
from congtruong.units.models.people import User
from congtruong.units.models.unit import Unit
from congtruong.units.scoping import ScopedManager


class Invitation(models.Model):
    """A secret address at which a person who has an account takes up a duty. Only a hash of the secret is kept."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    name = models.CharField("mời ai", max_length=120)
    digest = models.CharField("mã băm", max_length=64)
    made_at = models.DateTimeField("mời lúc", auto_now_add=True)
    made_by = models.CharField("người mời", max_length=200)
    # Asked again when the invitation is taken up: he must still have the right to give this duty.
    maker = models.ForeignKey(User, verbose_name="tài khoản mời", on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField("hết hạn lúc")
    used_by = models.CharField("người nhận", max_length=200, blank=True)
    used_at = models.DateTimeField("nhận lúc", null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "lời mời"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "digest"], name="invitation_digest_once"),
            models.CheckConstraint(
                condition=Q(used_by="", used_at__isnull=True) | (~Q(used_by="") & Q(used_at__isnull=False)),
                name="invitation_used_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_role_display()}"
