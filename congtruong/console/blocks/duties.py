"""Duties as cards: what, by when in words, one button."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from congtruong.core import clock
from congtruong.units.registry import Duty

_SOON = 2


@dataclass(frozen=True, slots=True)
class DutyCard:
    """`tone` is a state of tokens.css; `when` says the state in words."""

    duty: Duty
    tone: str
    icon: str
    when: str
    url: str


def cards(duties: list[Duty], now: datetime) -> list[DutyCard]:
    return [_card(duty, now) for duty in duties]


def _card(duty: Duty, now: datetime) -> DutyCard:
    tone, icon, when = when_due(duty.due_at, now)
    return DutyCard(duty, tone, icon, when, reverse(duty.url_name, args=duty.url_args))


def when_due(due_at: datetime | None, now: datetime) -> tuple[str, str, str]:
    if due_at is None:
        return "info", "info", "Cần làm"
    days = (clock.day_of(due_at) - clock.day_of(now)).days
    if due_at < now:
        return "bad", "alert", f"Quá hạn {-days} ngày" if days < 0 else "Vừa quá hạn"
    if days == 0:
        return "warn", "clock", "Hạn hôm nay"
    return ("warn", "clock", f"Còn {days} ngày") if days <= _SOON else ("info", "cal", f"Còn {days} ngày")
