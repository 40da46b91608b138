from congtruong.core import clock
from congtruong.core.schedule import every
from congtruong.visits.services import sum_old_days


@every(seconds=24 * 3600, name="visits.old_days")
def sum_old() -> None:
    sum_old_days(today=clock.today())
