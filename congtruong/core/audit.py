"""The append-only trail of acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from congtruong.core.models import AuditEntry

_acting: ContextVar[int | None] = ContextVar("acting", default=None)


@contextmanager
def acting(person_id: int) -> Iterator[None]:
    """Lines written meanwhile carry this person's id beside the name: names may be shared."""
    token = _acting.set(person_id)
    try:
        yield
    finally:
        _acting.reset(token)


def record(
    action: str, *, unit_id: int | None, subject: str, by: str, by_id: int | None = None, **detail: object
) -> None:
    """Write one line of the trail inside the caller's transaction.

    `action` is `app.object.past_verb`; `by` names a person or the part of the system that acted.
    """
    AuditEntry.objects.create(
        action=action,
        unit_id=unit_id,
        subject=subject[:300],
        actor=by[:200],
        actor_id=_acting.get() if by_id is None else by_id,
        detail=detail,
    )
