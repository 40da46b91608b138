"""Signing in, and the operator's work on the register."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth import authenticate
from django.db import transaction

from congtruong.console import errors
from congtruong.core import audit, clock
from congtruong.core.models import AuditEntry
from congtruong.units.enums import OversightKind
from congtruong.units.models import Unit, User
from congtruong.units.services import place_unit

FAILED = "console.sign_in.failed"
SUCCEEDED = "console.sign_in.succeeded"
MOST_FAILURES = 8
WINDOW = timedelta(minutes=15)
# Resolution 1685/NQ-UBTVQH15: wards manage units from this day.
WARDS_FROM = date(2025, 7, 1)


def check_credentials(*, login: str, password: str, address: str) -> User:
    """The person behind a user name or e-mail address and password.

    Raises `WrongCredentials`, or `TooManyAttempts` after eight failures for this name from this address in 15 minutes,
    so that a stranger elsewhere cannot lock a person out; many more from everywhere for one name, or for many names
    from one address, are held back too. Failures before the last success do not count. They are counted in the audit
    trail, so that all processes and machines count together.
    """
    name = login.strip().lower()[:150]
    pair = f"{name} @ {address}"
    limits = {pair: MOST_FAILURES, name: MOST_FAILURES * 25, f"@ {address}": MOST_FAILURES * 25}
    if any(_failures(subject) >= most for subject, most in limits.items()):
        raise errors.TooManyAttempts
    known = User.objects.filter(email__iexact=name).first() if "@" in name else None
    person = authenticate(username=known.username if known else name, password=password)
    if not isinstance(person, User):
        for subject in limits:
            audit.record(FAILED, unit_id=None, subject=subject, by="khách")
        raise errors.WrongCredentials
    audit.record(SUCCEEDED, unit_id=None, subject=pair, by=str(person), by_id=person.pk)
    return person


def _failures(subject: str) -> int:
    since = clock.now() - WINDOW
    recent = AuditEntry.objects.filter(subject=subject[:300], at__gte=since)
    success = recent.filter(action=SUCCEEDED).order_by("-at").values_list("at", flat=True).first()
    return recent.filter(action=FAILED, at__gte=success or since).count()


@transaction.atomic
def place_under_ward(*, units: Sequence[Unit], authority: Unit, by: str) -> None:
    """Record the ward that manages these units; all of them or, on any `DomainError`, none."""
    for unit in units:
        place_unit(
            unit=unit,
            authority=authority,
            kind=OversightKind.MANAGING,
            from_on=WARDS_FROM,
            reason="Người vận hành xác định theo địa chỉ của đơn vị",
            by=by,
        )
