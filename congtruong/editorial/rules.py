"""Rules on articles and documents; pure."""

from datetime import date

from congtruong.editorial.enums import Validity


def validity(*, on: date, issued_on: date | None, effective_on: date | None, expires_on: date | None) -> Validity:
    """State of a document on a day. Without an effective date a document is in force from its issue."""
    start = effective_on or issued_on
    if start is None:
        return Validity.UNKNOWN
    if on < start:
        return Validity.NOT_YET
    if expires_on is not None and on > expires_on:
        return Validity.ENDED
    return Validity.IN_FORCE
