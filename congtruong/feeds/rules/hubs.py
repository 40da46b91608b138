"""WebSub as a subscriber: leases, renewals, trust and signatures; pure."""

import hashlib
import hmac
from datetime import datetime, timedelta

# We ask for ten days; a hub may give less, or more than anybody should promise.
ASKED_LEASE = timedelta(days=10)
_LONGEST = timedelta(days=30)
_USUAL = timedelta(days=1)
_RENEW_AT = 0.8
_SOONEST = timedelta(minutes=5)
# A verification later than that answers nothing we asked.
_ANSWERED_WITHIN = timedelta(days=1)
_FIRST_DELAY, _LONGEST_DELAY = timedelta(hours=1), timedelta(hours=24)
# Items a hub may fail to tell us before it is not believed any more, whatever it promises anew.
_MOST_MISSED = 10
_METHODS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


def lease_of(text: str) -> timedelta:
    """The lease a hub grants in a verification; a day when it names none that can be read."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or int(text[:12]) == 0:
        return _USUAL
    return min(timedelta(seconds=int(text[:12])), _LONGEST)


def renew_at(*, now: datetime, lease: timedelta) -> datetime:
    """When to ask for the next lease."""
    return now + max(lease * _RENEW_AT, _SOONEST)


def ask_again_in(failures: int) -> timedelta:
    """How long to wait for a confirmation before asking once more."""
    return min(_FIRST_DELAY * (1 << min(failures, 10)), _LONGEST_DELAY)


def was_asked(asked_at: datetime | None, now: datetime) -> bool:
    """Does a verification arriving now answer what we asked?"""
    return asked_at is not None and timedelta(0) <= now - asked_at <= _ANSWERED_WITHIN


def is_forgiven(missed: int) -> bool:
    """May a hub that renews a lease be believed again?"""
    return missed < _MOST_MISSED


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Is `method=hexdigest` of X-Hub-Signature made with our secret? SHA-1 and older are not believed."""
    name, _, claimed = signature.strip().partition("=")
    method = _METHODS.get(name.lower())
    if method is None or not claimed.isascii():
        return False
    expected = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(expected, claimed.strip().lower())
