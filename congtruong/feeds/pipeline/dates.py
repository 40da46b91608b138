"""Dates as Vietnamese portals write them, read strictly: what is not understood completely is unknown.

Day before month, Việt Nam time where no zone is named. A wrong date is worse than none: items would be sorted by it.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from congtruong.core.text import fold, squeeze

VIETNAM_OFFSET = timedelta(hours=7)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_MOST_CHARACTERS = 100

_MONTHS = {
    name: at
    for at, name in enumerate(
        (
            *("january", "february", "march", "april", "may", "june"),
            *("july", "august", "september", "october", "november", "december"),
        ),
        start=1,
    )
}
_MONTH_NAMES = _MONTHS | {name[:3]: at for name, at in _MONTHS.items()} | {"sept": 9}
_NUMBER_WORDS = {
    name: at
    for at, name in enumerate(
        ("mot|gieng", "hai", "ba", "tu|bon", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai|chap"), 1
    )
    for name in name.split("|")
}
_MONTH_WORD = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_MONTH_NAME = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))

_WEEKDAY = re.compile(
    r"^(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|t[2-7]|chu nhat|cn"
    r"|(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?)\b[ ,.]*(?:ngay )?"
)
_TIME = re.compile(
    r"(?:^|(?<=[ ,t]))(?P<hour>\d{1,2})(?::| ?(?:h|gio) ?)(?P<minute>\d{2})(?: ?(?:phut|p)\b)?"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>am|pm|a\.m\.|p\.m\.|sa|ch|sang|chieu|toi)(?![a-z]))?"
)
_ZONE = re.compile(
    r",? ?\(?(?:(?P<name>gmt|utc|ut|z|ict|[ecmp][sd]t|gio viet nam|se asia standard time)\b)? ?"
    r"(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?\)?(?: ?\([a-z ]{1,40}\))?"
)
_ZONE_HOURS = {
    **dict.fromkeys(("gmt", "utc", "ut", "z"), 0),
    **dict.fromkeys(("ict", "gio viet nam", "se asia standard time"), 7),
    # RFC 822 names these, and no others.
    **dict(
        zip(("edt", "est", "cdt", "cst", "mdt", "mst", "pdt", "pst"), (-4, -5, -5, -6, -6, -7, -7, -8), strict=True)
    ),
}
_EPOCH = re.compile(r"\d{9,10}|\d{13}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?(z)?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})")
_DAY_NAME = re.compile(rf"(?P<day>\d{{1,2}})[ -](?P<name>{_MONTH_NAME})\.?[ -](?P<year>\d{{4}}|\d{{2}})")
_NAME_DAY = re.compile(rf"(?P<name>{_MONTH_NAME})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<year>\d{{4}})")
_DAY_THANG = re.compile(
    rf"(?P<day>\d{{1,2}}) ?(?:thang|thg|th\.?) ?(?:(?P<month>\d{{1,2}})|(?P<word>{_MONTH_WORD}))"
    r" (?:nam )?(?P<year>\d{4})"
)
_SHAPES = (_YEAR_FIRST, _DAY_FIRST, _DAY_NAME, _NAME_DAY, _DAY_THANG)
_FILLERS = re.compile(r"\b(?:ngay|luc|vao)\b|[,|]|(?<!\d)-(?!\d)|(?<= )-(?= )")


# Most feeds write exactly this; read at once, it means the same.
_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"
    r" (\d{2}):(\d{2}):([0-5]\d) (?:GMT|([+-])(0\d|1[0-3])([0-5]\d))"
)


class _Clock(NamedTuple):
    hour: int
    minute: int
    second: int
    offset: timedelta


def read_date(raw: str, *, now: datetime) -> datetime | None:
    """The instant in UTC, or None when it is unreadable, impossible, before 2000 or later than a day after `now`.

    RFC 822, ISO 8601, seconds or milliseconds since 1970, day/month/year with SA/CH or AM/PM, Vietnamese and English
    names of days and months; zones as numbers, GMT+7, ICT, or none.
    """
    if not raw or len(raw) > _MOST_CHARACTERS:
        return None
    try:
        instant = _rfc_822(raw) or _in_any_form(fold(squeeze(raw)))
    except (ValueError, OverflowError):
        return None
    if instant is None:
        return None
    instant = instant.astimezone(UTC)
    return instant if EARLIEST <= instant <= now + timedelta(days=1) else None


def _rfc_822(raw: str) -> datetime | None:
    found = _RFC_822.fullmatch(raw) if raw.isascii() else None
    if found is None:
        return None
    day, name, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    return datetime(int(year), _MONTH_NAMES[name.lower()], int(day), int(hour), int(minute), int(second), tzinfo=zone)


def _in_any_form(text: str) -> datetime | None:
    return _epoch(text) or _compact(text) or _written(text)


def _epoch(text: str) -> datetime | None:
    if not (text.isascii() and _EPOCH.fullmatch(text)):
        return None
    return datetime.fromtimestamp(int(text) // (1000 if len(text) == 13 else 1), tz=UTC)


def _compact(text: str) -> datetime | None:
    """ISO 8601 basic format, `20231006T080500Z`."""
    found = _COMPACT.fullmatch(text) if text.isascii() else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    zone = UTC if found.group(7) else timezone(VIETNAM_OFFSET)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _written(text: str) -> datetime | None:
    """A date and perhaps a time, in either order, with nothing left over."""
    if not text.isascii():
        return None
    text = _WEEKDAY.sub("", text)
    clock, text = _take_clock(text)
    text = squeeze(_FILLERS.sub(" ", text))
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found:
            year, month, day = _numbers(found.groupdict())
            zone = timezone(clock.offset)
            return datetime(year, month, day, clock.hour, clock.minute, clock.second, tzinfo=zone)
    return None


def _numbers(parts: dict[str, str | None]) -> tuple[int, int, int]:
    year = int(parts["year"] or 0)
    name, word = parts.get("name"), parts.get("word")
    month = _MONTH_NAMES[name] if name else _NUMBER_WORDS[word] if word else int(parts["month"] or 0)
    return year + 2000 if year < 100 else year, month, int(parts["day"] or 0)


def _take_clock(text: str) -> tuple[_Clock, str]:
    """Cut time and zone out of `text`. Midnight in Việt Nam when there is no time."""
    found = _TIME.search(text)
    if found is None:
        return _Clock(0, 0, 0, VIETNAM_OFFSET), text
    zone = _ZONE.match(text, found.end())
    second = int(found["second"] or 0)
    clock = _Clock(
        hour=_hour(int(found["hour"]), found["half"]),
        minute=int(found["minute"]),
        # Leap seconds are legal in RFC 822.
        second=59 if second == 60 else second,
        offset=_offset(zone),
    )
    # The date may stand on both sides: asctime puts the year last, `Oct 6 08:05:00 2023`.
    before, after = text[: found.start()], text[zone.end() if zone else found.end() :]
    return clock, f"{before.removesuffix('t')} {after}"


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if half in {"am", "a.m.", "sa", "sang"}:
        if hour > 12:
            raise ValueError(hour)
        return hour % 12
    if hour == 0:
        raise ValueError(hour)
    # Some servers write both: `13:05 CH`.
    return hour if hour >= 12 else hour + 12


def _offset(zone: re.Match[str] | None) -> timedelta:
    if zone is None or (zone["name"] is None and zone["offset"] is None):
        return VIETNAM_OFFSET
    name, offset = zone["name"], zone["offset"]
    if offset is None:
        return timedelta(hours=_ZONE_HOURS[name])
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        raise ValueError(offset)
    return timedelta(hours=hours, minutes=minutes) * (-1 if offset.startswith("-") else 1)
