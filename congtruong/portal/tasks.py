"""Thin jobs of the portal. A lost job is found again: the school year stays unfinished until it was carried through."""

from congtruong.core import clock, jobs
from congtruong.core.schedule import every
from congtruong.portal import services


@jobs.register("portal.roll_over")
def roll_over(unit_id: int, year: int) -> None:
    services.roll_over(unit_id=unit_id, year=year)


@every(seconds=60, name="portal.unfinished_years")
def resume() -> None:
    for unit_id, year in services.unfinished_years(now=clock.now()):
        jobs.enqueue("portal.roll_over", unit_id=unit_id, year=year)
