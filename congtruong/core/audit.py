"""The append-only trail of acts."""

from congtruong.core.models import AuditEntry


def record(
    action: str, *, unit_id: int | None, subject: str, by: str, by_id: int | None = None, **detail: object
) -> None:
    """Write one line of the trail inside the caller's transaction.

    `action` is `app.object.past_verb`; `by` names a person or the part of the system that acted.
    """
    AuditEntry.objects.create(
        action=action, unit_id=unit_id, subject=subject[:300], actor=by[:200], actor_id=by_id, detail=detail
    )
