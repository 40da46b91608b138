"""Rows that a person puts in order, one step at a time."""

from typing import Any

from django.db.models import Max, QuerySet


def next_order(rows: QuerySet[Any]) -> int:
    """The place behind the last one."""
    last = rows.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


def swap(rows: QuerySet[Any], row: Any, step: int) -> bool:
    """Move one row up (-1) or down (+1) among its fellows, numbering them anew; False where it can go no further."""
    order = list(rows.select_for_update(of=("self",)).order_by("order", "pk"))
    place = next(number for number, other in enumerate(order) if other.pk == row.pk)
    target = place + step
    if not 0 <= target < len(order):
        return False
    order.insert(target, order.pop(place))
    for number, other in enumerate(order):
        other.order = number
    rows.model.objects.bulk_update(order, ["order"])
    return True
