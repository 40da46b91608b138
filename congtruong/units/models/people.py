from django.contrib.auth.models import AbstractUser
from django.db import models

from congtruong.units.enums import Honorific, Role
from congtruong.units.models.unit import Unit
from congtruong.units.scoping import ScopedManager


class User(AbstractUser):
    """A person who signs in. Rights come from memberships; `is_staff` marks operators of the whole system."""

    full_name = models.CharField("họ và tên", max_length=120, blank=True)
    honorific = models.CharField("cách xưng hô", max_length=4, choices=Honorific.choices, blank=True, default="")
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    initial_password_until = models.DateTimeField("mật khẩu ban đầu dùng được đến", null=True, blank=True)

    class Meta:
        verbose_name = "người dùng"

    def __str__(self) -> str:
        name = self.full_name or self.username
        return f"{self.get_honorific_display()} {name}" if self.honorific else name

    @property
    def greeting(self) -> str:
        """`cô Lan` where the profile says how to address the person, else the full name."""
        return f"{self.honorific} {self.full_name.split()[-1]}" if self.honorific and self.full_name else str(self)


class Membership(models.Model):
    """A person holds a role in a unit. Granted only from inside that unit or by an operator."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, verbose_name="người dùng", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField("giao lúc", auto_now_add=True)
    granted_by = models.CharField("người giao", max_length=200)

    objects = ScopedManager()

    class Meta:
        verbose_name = "vai trò tại đơn vị"
        constraints = [models.UniqueConstraint(fields=["unit", "user", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"
