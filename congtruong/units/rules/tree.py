"""The dated authority tree as plain data: who stands above a unit, and when.

Pure: no database. Days belong to spans at both ends; `to_on` None means open.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# Deeper than any real chain (Bộ → Sở → phường → cụm → trường); also ends a cycle entered by mistake.
MOST_STEPS = 8


@dataclass(frozen=True, slots=True, order=True)
class Span:
    from_on: date
    to_on: date | None

    def __and__(self, other: "Span") -> "Span | None":
        """Days in both spans."""
        start = max(self.from_on, other.from_on)
        ends = [end for end in (self.to_on, other.to_on) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end < start else Span(start, end)

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Edge:
    unit_id: int
    authority_id: int
    span: Span
    is_managing: bool


@dataclass(frozen=True, slots=True, order=True)
class Reached:
    """`authority_id` stands above `unit_id` during `span`; `is_managing` when every step is a managing one."""

    unit_id: int
    authority_id: int
    is_managing: bool
    span: Span


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same days in the fewest spans, in order."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: s.from_on):
        last = merged[-1] if merged else None
        if last is not None and (last.to_on is None or (span.from_on - last.to_on).days <= 1):
            end = None if last.to_on is None or span.to_on is None else max(last.to_on, span.to_on)
            merged[-1] = Span(last.from_on, end)
        else:
            merged.append(span)
    return merged


def reach(edges: Iterable[Edge], units: Iterable[int]) -> list[Reached]:
    """Every authority above each of `units`, with the merged spans during which the whole chain held.

    `edges` must hold the edges of the units and of all authorities above them.
    """
    above: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        above[edge.unit_id].append(edge)

    found: list[Reached] = []
    for unit_id in units:
        spans: dict[tuple[int, bool], set[Span]] = defaultdict(set)
        frontier = [(edge.authority_id, edge.span, edge.is_managing) for edge in above[unit_id]]
        for _ in range(MOST_STEPS):
            following: list[tuple[int, Span, bool]] = []
            for authority_id, span, is_managing in frontier:
                if authority_id == unit_id or span in spans[authority_id, is_managing]:
                    continue
                spans[authority_id, is_managing].add(span)
                for edge in above[authority_id]:
                    common = span & edge.span
                    if common is not None:
                        following.append((edge.authority_id, common, is_managing and edge.is_managing))
            frontier = following
        found.extend(
            Reached(unit_id, authority_id, is_managing, span)
            for (authority_id, is_managing), pieces in spans.items()
            for span in merge(pieces)
        )
    return sorted(found, key=lambda r: (r.unit_id, r.authority_id, r.is_managing, r.span.from_on))
