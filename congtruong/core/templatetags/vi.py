"""Tags and filters of every template: icons, Vietnamese dates and numbers."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from congtruong.core import clock
from congtruong.core.icons import ICONS
from congtruong.core.text import fold

register = template.Library()

SPRITE_PLACE = "<!--sprite-->"
_USED = re.compile(r'href="#i-([a-z]+)"')


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside a word; it says nothing by itself."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"There is no icon {name!r}.")
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


def with_sprite(html: str) -> str:
    """Put the symbols a finished page uses in the place its layout keeps for them."""
    used = sorted(ICONS.keys() & set(_USED.findall(html)))
    symbols = "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{ICONS[name]}</symbol>' for name in used)
    sprite = f'<svg class="sprite" aria-hidden="true"><defs>{symbols}</defs></svg>' if used else ""
    return html.replace(SPRITE_PLACE, sprite, 1)


def _day(value: date | datetime) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value


@register.simple_tag
def source_code() -> SafeString:
    """The link to this installation's source code, where one is set."""
    if not settings.SOURCE_URL:
        return SafeString("")
    return format_html(' <a href="{}" rel="noopener">Mã nguồn của phần mềm</a>', settings.SOURCE_URL)


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """`20/11/2026`."""
    return f"{_day(value):%d/%m/%Y}" if value else ""


@register.filter
def iso_date(value: date | datetime | None) -> str:
    """`2026-11-20`, for machines."""
    return _day(value).isoformat() if value else ""


@register.filter
def vn_time(value: datetime | None) -> str:
    """`14:30, 20/11/2026`."""
    return f"{value.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}" if value else ""


@register.filter
def vn_clock(value: datetime | None) -> str:
    """`14:30`."""
    return f"{value.astimezone(clock.VIETNAM):%H:%M}" if value else ""


@register.filter
def vn_weekday(value: date | datetime | None) -> str:
    """`Thứ Hai, 23/11/2026`."""
    return f"{clock.WEEKDAYS[_day(value).weekday()]}, {_day(value):%d/%m/%Y}" if value else ""


@register.filter
def day_number(value: date | datetime) -> str:
    return f"{_day(value).day:02d}"


@register.filter
def month_short(value: date | datetime) -> str:
    """`Thg 11`, the month under the day in a date block."""
    return f"Thg {_day(value).month}"


@register.filter
def month_of(value: date | datetime) -> str:
    """`Tháng 11/2026`."""
    return f"Tháng {_day(value):%m/%Y}"


@register.filter
def year_label(first: int) -> str:
    """`2026 – 2027`."""
    return clock.school_year_label(first)


@register.filter
def vn_number(value: int) -> str:
    """`1.240`."""
    return f"{value:,}".replace(",", ".")


@register.filter
def vn_size(value: int) -> str:
    """`214 KB`, `1,2 MB`."""
    if value < 1024 * 1024:
        return f"{max(1, round(value / 1024))} KB"
    return f"{value / 1024 / 1024:.1f} MB".replace(".", ",")


@register.filter
def file_name(url: str) -> str:
    """The last part of an address, readable."""
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1]) or url


@register.filter
def tel(value: str) -> str:
    """The dialled form of a written phone number."""
    return re.sub(r"[^\d+]", "", value)


@register.filter
def highlight(text: str, terms: list[str]) -> SafeString:
    """Mark the words of a search in the original text; `fold` keeps positions."""
    if not terms:
        return conditional_escape(text)
    folded = fold(text)
    pattern = re.compile("|".join(rf"\b{re.escape(term)}" for term in sorted(terms, key=len, reverse=True)))
    parts: list[Any] = []
    last = 0
    for match in pattern.finditer(folded):
        parts += [
            conditional_escape(text[last : match.start()]),
            format_html("<mark>{}</mark>", text[match.start() : match.end()]),
        ]
        last = match.end()
    parts.append(conditional_escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above
