"""A measurement beside its reference, taken in turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `value` and `reference` in the same unit; `ratio` is value / reference."""

    name: str
    value: float
    reference: float
    unit: str
    compared_with: str
    database: str

    @property
    def ratio(self) -> float:
        return self.value / self.reference

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio}


def compare(
    name: str, subject: Callable[[], object], reference: Callable[[], object], unit: str, against: str, rounds: int
) -> Figure:
    """Medians of interleaved rounds, in milliseconds of wall time."""
    times: tuple[list[float], list[float]] = ([], [])
    subject(), reference()
    for _ in range(rounds):
        for collected, work in zip(times, (subject, reference), strict=True):
            started = time.perf_counter()
            work()
            collected.append((time.perf_counter() - started) * 1000)
    return Figure(name, statistics.median(times[0]), statistics.median(times[1]), unit, against, connection.vendor)
