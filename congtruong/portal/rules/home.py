"""In which order the parts of a home page stand, and which are switched off; pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from congtruong.portal.enums import ALWAYS_SHOWN, OF_AUTHORITIES, HomeBlock

Arrangement = list[tuple[HomeBlock, bool]]


def blocks_for(*, is_authority: bool) -> list[HomeBlock]:
    """Every part this kind of unit has, in the order of the product."""
    return [block for block in HomeBlock if is_authority or block not in OF_AUTHORITIES]


def arrangement(stored: Iterable[Sequence[Any]], *, is_authority: bool) -> Arrangement:
    """The stored choice [[key, is_on], …] completed: unknown parts left out, new ones at their usual place and on.

    What every home page shows is always on.
    """
    offered = blocks_for(is_authority=is_authority)
    chosen: dict[HomeBlock, bool] = {}
    for key, is_on in stored:
        if key in HomeBlock.values and HomeBlock(key) in offered:
            chosen.setdefault(HomeBlock(key), bool(is_on) or HomeBlock(key) in ALWAYS_SHOWN)
    order = list(chosen)
    for place, block in enumerate(offered):
        if block in chosen:
            continue
        before = [other for other in offered[:place] if other in order]
        order.insert(order.index(before[-1]) + 1 if before else 0, block)
    return [(block, chosen.get(block, True)) for block in order]


def moved(order: list[HomeBlock], block: HomeBlock, step: int) -> list[HomeBlock]:
    """The order after one part went up (-1) or down (+1); at the end it stays."""
    place = order.index(block)
    target = min(max(place + step, 0), len(order) - 1)
    rest = [other for other in order if other != block]
    return [*rest[:target], block, *rest[target:]]
