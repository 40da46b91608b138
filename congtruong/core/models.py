from typing import Any, NoReturn

from django.db import models

_KEPT = "An audit entry is neither changed nor deleted."


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise TypeError(_KEPT)


class Kept(models.QuerySet["AuditEntry"]):
    """Entries to read and to add to."""

    update = _refuse
    bulk_update = _refuse
    delete = _refuse


class AuditEntry(models.Model):
    """Who did what to which object of which unit. Only ever added; holds text and ids, no foreign keys."""

    at = models.DateTimeField("thời điểm", auto_now_add=True)
    action = models.CharField("hành động", max_length=80)
    unit_id = models.BigIntegerField("đơn vị", null=True)
    actor_id = models.BigIntegerField("mã người thực hiện", null=True)
    actor = models.CharField("người thực hiện", max_length=200)
    subject = models.CharField("đối tượng", max_length=300)
    detail = models.JSONField("chi tiết", default=dict)

    objects = Kept.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "-at"], name="audit_unit_at"),
            models.Index(fields=["action", "subject", "-at"], name="audit_action_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(_KEPT)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(_KEPT)
