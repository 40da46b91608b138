"""Readings per day as bars; sizes are computed here because pages hold no inline styles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from congtruong.core.templatetags.vi import vn_date, vn_number

WIDTH, HEIGHT = 720, 220
_TOP, _BOTTOM, _LEFT = 12, 28, 48
_GAP = 0.25
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """Sizes are written out: a template would give numbers their Vietnamese comma."""

    day: date
    count: int
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A number beside a line across the chart, or a day below it."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    lines: list[Mark]
    days: list[Mark]
    summary: str
    total: int
    left: int = _LEFT
    width: int = WIDTH
    height: int = HEIGHT


def chart(counts: Sequence[tuple[date, int]]) -> Chart:
    """A chart of these days; `summary` says the same in a sentence."""
    top = _round_up(max((count for _, count in counts), default=0))
    high, step = HEIGHT - _TOP - _BOTTOM, (WIDTH - _LEFT) / max(len(counts), 1)
    bars = []
    for number, (day, count) in enumerate(counts):
        tall = high * count / top
        x = _size(_LEFT + step * (number + _GAP / 2))
        bars.append(Bar(day, count, x, _size(_TOP + high - tall), _size(step * (1 - _GAP)), _size(tall)))
    parts = (0, 0.5, 1) if top > 1 else (0, 1)
    lines = [Mark(_size(_LEFT - 8), _size(_TOP + high * (1 - part)), vn_number(round(top * part))) for part in parts]
    return Chart(bars, lines, _days([day for day, _ in counts], step), _summary(counts), sum(n for _, n in counts))


def _days(days: Sequence[date], step: float) -> list[Mark]:
    """Every seventh day, counted back from the last."""
    return [
        Mark(_size(_LEFT + step * (number + 0.5)), _size(HEIGHT - 8), f"{day:%d/%m}")
        for number, day in enumerate(days)
        if (len(days) - 1 - number) % 7 == 0
    ]


def _size(number: float) -> str:
    return f"{number:.1f}"


def _summary(counts: Sequence[tuple[date, int]]) -> str:
    if not any(count for _, count in counts):
        return "Chưa có lượt xem nào trong những ngày này."
    day, most = max(counts, key=lambda pair: (pair[1], pair[0]))
    total = sum(count for _, count in counts)
    return (
        f"Từ {vn_date(counts[0][0])} đến {vn_date(counts[-1][0])} có {vn_number(total)} lượt xem; "
        f"nhiều nhất ngày {vn_date(day)}: {vn_number(most)} lượt."
    )


def _round_up(count: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 …"""
    size = 1
    while True:
        for step in _STEPS:
            if size * step >= count:
                return size * step
        size *= 10
