"""Writes to the dated authority tree, and its closure."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q

from congtruong.core import audit
from congtruong.units import errors
from congtruong.units.enums import OversightKind
from congtruong.units.models import Oversight, Reach, Unit
from congtruong.units.rules.tree import MOST_STEPS, Edge, Span, reach

_TREE_LOCK = 23260001


@transaction.atomic
def place_unit(
    *, unit: Unit, authority: Unit, kind: OversightKind, from_on: date, to_on: date | None = None, reason: str, by: str
) -> Oversight:
    """Put a unit under an authority for a span, ending the open span of the same chain the day before.

    Raises `NotAnAuthority`, `DatesReversed`, `PlacedUnderItself` or `PlacedTwice` (another span has these days).
    """
    if not authority.is_authority:
        raise errors.NotAnAuthority
    if to_on is not None and to_on < from_on:
        raise errors.DatesReversed
    lock_tree()
    if authority.pk == unit.pk or Reach.objects.filter(unit=authority, authority=unit).exists():
        raise errors.PlacedUnderItself

    same_chain = Oversight.objects.filter(unit=unit, kind=kind)
    same_chain.filter(to_on=None, from_on__lt=from_on).update(to_on=from_on - timedelta(days=1))
    overlapping = same_chain.filter(Q(to_on=None) | Q(to_on__gte=from_on))
    if to_on is not None:
        overlapping = overlapping.filter(from_on__lte=to_on)
    if overlapping.exists():
        raise errors.PlacedTwice

    edge = Oversight.objects.create(
        unit=unit, authority=authority, kind=kind, from_on=from_on, to_on=to_on, reason=reason
    )
    audit.record(
        "units.unit.placed",
        unit_id=unit.pk,
        subject=f"{unit.name} ← {authority.name}",
        by=by,
        kind=kind,
        from_on=from_on.isoformat(),
        reason=reason,
    )
    rebuild_reach([unit.pk])
    return edge


@transaction.atomic
def end_oversight(*, edge: Oversight, to_on: date, reason: str, by: str) -> Oversight:
    """Close an edge on its last day. Raises `PlacedTwice` when that day belongs to the next span of the chain."""
    lock_tree()
    if to_on < edge.from_on:
        raise errors.DatesReversed
    if edge.to_on is None or to_on > edge.to_on:
        later = Oversight.objects.filter(unit=edge.unit_id, kind=edge.kind, from_on__gt=edge.from_on)
        if later.filter(from_on__lte=to_on).exists():
            raise errors.PlacedTwice
    edge.to_on = to_on
    edge.save(update_fields=["to_on"])
    audit.record(
        "units.unit.released", unit_id=edge.unit_id, subject=str(edge), by=by, to_on=to_on.isoformat(), reason=reason
    )
    rebuild_reach([edge.unit_id])
    return edge


@transaction.atomic
def rebuild_reach(unit_ids: Iterable[int] | None = None) -> int:
    """Recompute the closure for these units and everything below them, or for all; returns rows written."""
    lock_tree()
    edges = [
        Edge(unit_id, authority_id, Span(from_on, to_on), kind == OversightKind.MANAGING)
        for unit_id, authority_id, from_on, to_on, kind in _edges_around(unit_ids)
    ]
    touched = {edge.unit_id for edge in edges} if unit_ids is None else _with_descendants(set(unit_ids))
    stale = Reach.objects.all() if unit_ids is None else Reach.objects.filter(unit__in=touched)
    stale.delete()
    rows = [
        Reach(
            unit_id=r.unit_id,
            authority_id=r.authority_id,
            is_managing=r.is_managing,
            from_on=r.span.from_on,
            to_on=r.span.to_on,
        )
        for r in reach(edges, touched)
    ]
    Reach.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def lock_tree() -> None:
    """One writer of the tree at a time, until the end of the transaction: the closure depends on edges of others.

    SQLite lets one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])


def _edges_around(unit_ids: Iterable[int] | None) -> list[tuple[int, int, date, date | None, str]]:
    """Edges of the given units, of all below them and of all authorities above; of everybody for None."""
    columns = ("unit_id", "authority_id", "from_on", "to_on", "kind")
    if unit_ids is None:
        return list(Oversight.objects.values_list(*columns))
    wanted = _with_descendants(set(unit_ids))
    edges: list[tuple[int, int, date, date | None, str]] = []
    seen: set[int] = set()
    for _ in range(MOST_STEPS):
        frontier = wanted - seen
        if not frontier:
            break
        seen |= frontier
        found = list(Oversight.objects.filter(unit_id__in=frontier).values_list(*columns))
        edges += found
        wanted |= {authority_id for _, authority_id, *_ in found}
    return edges


def _with_descendants(unit_ids: set[int]) -> set[int]:
    found = set(unit_ids)
    frontier = found
    for _ in range(MOST_STEPS):
        below = set(Oversight.objects.filter(authority_id__in=frontier).values_list("unit_id", flat=True))
        frontier = below - found
        if not frontier:
            break
        found |= frontier
    return found
