"""Signing in."""

from datetime import timedelta

from django.contrib.auth import authenticate

from congtruong.console import errors
from congtruong.core import audit, clock
from congtruong.core.models import AuditEntry
from congtruong.units.models import User

FAILED = "console.sign_in.failed"
MOST_FAILURES = 8
WINDOW = timedelta(minutes=15)


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
