"""How long readings are kept by day."""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import TruncMonth

from congtruong.units.scoping import everywhere, unit_scope
from congtruong.visits.models import VisitCount

YEARS_BY_DAY = 3
_MOST_UNITS = 500


def sum_old_days(*, today: date) -> int:
    """Of months that ended more than three years ago keep the sum only, on their first day; returns the rows saved."""
    until = today.replace(year=today.year - YEARS_BY_DAY, day=1)
    with everywhere("the scheduler looks for units with old counts by day"):
        old = VisitCount.objects.filter(day__lt=until).exclude(day__day=1)
        unit_ids = sorted(set(old.values_list("unit_id", flat=True).distinct()[:_MOST_UNITS]))
    return sum(_sum(unit_id, until) for unit_id in unit_ids)


@transaction.atomic
def _sum(unit_id: int, until: date) -> int:
    with unit_scope(unit_id):
        old = VisitCount.objects.filter(unit=unit_id, day__lt=until).exclude(day__day=1)
        months = old.annotate(month=TruncMonth("day")).values_list("month", "path", "channel")
        sums: Counter[tuple[date, str]] = Counter()
        channels: dict[tuple[date, str], str] = {}
        for month, path, channel, count in months.annotate(sum=Sum("count")).values_list(
            "month", "path", "channel", "sum"
        ):
            sums[month, path] += count
            channels[month, path] = channel
        removed, _ = old.delete()
        kept = VisitCount.objects.filter(unit=unit_id, day__in={month for month, _ in sums}).in_bulk()
        there = {(row.day, row.path): row.pk for row in kept.values()}
        for key, count in sums.items():
            if key in there:
                VisitCount.objects.filter(pk=there[key]).update(count=F("count") + count)
        VisitCount.objects.bulk_create(
            VisitCount(unit_id=unit_id, day=month, path=path, channel=channels[month, path], count=count)
            for (month, path), count in sums.items()
            if (month, path) not in there
        )
        return removed - sum(1 for key in sums if key not in there)
