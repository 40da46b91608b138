"""Time as the product understands it: instants in UTC, days and school years in Việt Nam."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# Monday first, as `date.weekday` counts.
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def now() -> datetime:
    """The present instant, aware."""
    return timezone.now()


def day_of(instant: datetime) -> date:
    """The calendar day of an aware instant in Việt Nam."""
    return instant.astimezone(VIETNAM).date()


def end_of(day: date) -> datetime:
    """The first instant after a day in Việt Nam."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=VIETNAM)


def today() -> date:
    return day_of(now())


def school_year(day: date) -> int:
    """First calendar year of the school year a day belongs to; a year starts in August."""
    return day.year if day.month >= 8 else day.year - 1


def school_year_label(first: int) -> str:
    """`2026 – 2027`, with the spaces and the en dash of the house style."""
    return f"{first} – {first + 1}"
