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
MOST_FAILURES = 8
WINDOW = timedelta(minutes=15)
# Resolution 1685/NQ-UBTVQH15: wards manage units from this day.
WARDS_FROM = date(2025, 7, 1)


def check_credentials(*, login: str, password: str, address: str) -> User:
    """The person behind a user name or e-mail address and password.

    Raises `WrongCredentials`, or `TooManyAttempts` after eight failures for this name or this address in 15 minutes;
    the failures are counted in the audit trail, so that all processes and machines count together.
    """
    name = login.strip().lower()
    if _failures(name) >= MOST_FAILURES or _failures(address) >= MOST_FAILURES * 5:
        raise errors.TooManyAttempts
    known = User.objects.filter(email__iexact=name).first() if "@" in name else None
    person = authenticate(username=known.username if known else name, password=password)
    if not isinstance(person, User):
        for subject in (name, address):
            audit.record(FAILED, unit_id=None, subject=subject, by="khách")
        raise errors.WrongCredentials
    audit.record("console.sign_in.succeeded", unit_id=None, subject=name, by=str(person), by_id=person.pk)
    return person


def _failures(subject: str) -> int:
    return AuditEntry.objects.filter(action=FAILED, subject=subject[:300], at__gte=clock.now() - WINDOW).count()


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
