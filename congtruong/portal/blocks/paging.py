"""Page numbers of long lists."""

from dataclasses import dataclass
from math import ceil

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a visitor is in a list; `base` is the address of page 1."""

    number: int
    total: int
    base: str
    query: str = ""
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        return max(1, ceil(self.total / self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def exists(self) -> bool:
        return 1 <= self.number <= self.count

    def address(self, number: int) -> str:
        """`/thong-bao/trang/2/`, or `?…&trang=2` for a filtered list."""
        if self.query or self.base.endswith("?"):
            joiner = "&" if self.query else ""
            rest = f"{self.query}{joiner}trang={number}" if number > 1 else self.query
            return f"{self.base.rstrip('?')}?{rest}" if rest else self.base.rstrip("?")
        return self.base if number == 1 else f"{self.base}trang/{number}/"

    @property
    def steps(self) -> list[tuple[int, str] | None]:
        """Numbers to show with their addresses; None for a gap."""
        near = {1, self.count, self.number - 1, self.number, self.number + 1}
        shown = sorted(n for n in near if 1 <= n <= self.count)
        steps: list[tuple[int, str] | None] = []
        for before, n in zip([0, *shown], shown, strict=False):
            if n - before > 1:
                steps.append(None)
            steps.append((n, self.address(n)))
        return steps

    @property
    def following(self) -> str:
        return self.address(self.number + 1) if self.number < self.count else ""
