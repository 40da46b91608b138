"""Whether a unit's contact record can be trusted."""

from datetime import datetime, timedelta

from congtruong.units.models import Unit
from congtruong.units.services.register import CONTACT_FIELDS

CHECKED_FOR = timedelta(days=183)
# What every portal must state (NĐ 42/2022, article 8; TT 37/2020, article 10).
_REQUIRED = ("address", "phone", "email", "office_hours", "responsible_name", "responsible_title")


def contact_gaps(unit: Unit) -> list[str]:
    """Names of the required items that are missing."""
    return [CONTACT_FIELDS[name] for name in _REQUIRED if not getattr(unit, name)]


def contact_is_old(unit: Unit, now: datetime) -> bool:
    """Has nobody compared the record with the facts for half a year?"""
    return unit.contact_checked_at is None or unit.contact_checked_at <= now - CHECKED_FOR
