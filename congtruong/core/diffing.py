"""Which parts of two sequences are the same, in bounded time.

The standard matcher may cost the cube of the length; here what occurs once on both sides is matched first, and where
the budget ends, a stretch counts as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_MOST_COSTLY_GAP = 60_000


@dataclass(slots=True)
class Budget:
    """Comparisons that may still be made; shared by all calls of one comparison."""

    steps: int = 3_000_000

    def allows(self, cost: int) -> bool:
        """Whether so many more steps may be made; they are counted if so."""
        if cost > self.steps:
            return False
        self.steps -= cost
        return True


@dataclass(frozen=True, slots=True)
class Stretch:
    """old[a:b] became new[c:d]; `is_same` when they are equal."""

    is_same: bool
    a: int
    b: int
    c: int
    d: int


def stretches(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> list[Stretch]:
    """Both sequences from beginning to end, as stretches that are the same and stretches that are not, in turn."""
    made: list[Stretch] = []
    at_old = at_new = 0
    for a, c, size in [*_matches(old, new, budget), (len(old), len(new), 0)]:
        if size and made and (a, c) == (at_old, at_new) and made[-1].is_same:
            last = made.pop()
            made.append(Stretch(True, last.a, a + size, last.c, c + size))
        else:
            if (a, c) != (at_old, at_new):
                made.append(Stretch(False, at_old, a, at_new, c))
            if size:
                made.append(Stretch(True, a, a + size, c, c + size))
        at_old, at_new = a + size, c + size
    return made


def _matches(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> Iterator[tuple[int, int, int]]:
    """Equal stretches as (place in old, place in new, length), in order."""
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head:
        yield 0, 0, head
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    for a, c, size in _middle(middle_old, middle_new, budget):
        yield head + a, head + c, size
    if tail:
        yield len(old) - tail, len(new) - tail, tail


def _middle(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> Iterator[tuple[int, int, int]]:
    anchors = [*_anchors(old, new), (len(old), len(new))]
    at_old = at_new = 0
    for a, c in anchors:
        for x, y, size in _gap(old[at_old:a], new[at_new:c], budget):
            yield at_old + x, at_new + y, size
        if a < len(old) and c < len(new):
            yield a, c, 1
        at_old, at_new = a + 1, c + 1


def _gap(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> Iterator[tuple[int, int, int]]:
    """Between anchors the standard matcher, as long as it is cheap."""
    if not old or not new:
        return
    times = Counter(new)
    # Every further match looks at the stretches left and right of it again.
    cost = (len(old) + sum(times[item] for item in old)) * min(len(old), len(new))
    if cost > 10 * _MOST_COSTLY_GAP or not budget.allows(cost):
        return
    for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if match.size:
            yield match.a, match.b, match.size


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """What occurs once on each side and in the same order: the longest such chain."""
    times_old, times_new = Counter(old), Counter(new)
    place_new = {item: place for place, item in enumerate(new)}
    once = [(place, place_new[item]) for place, item in enumerate(old) if times_old[item] == 1 and times_new[item] == 1]
    ends: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(once):
        length = bisect_left(ends, place)
        before.append(holders[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            holders.append(index)
        else:
            ends[length], holders[length] = place, index
    chain = []
    index = holders[-1] if holders else -1
    while index >= 0:
        chain.append(once[index])
        index = before[index]
    return chain[::-1]
