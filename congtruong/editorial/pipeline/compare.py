"""Two versions of a post side by side in words: what was added, removed, changed. Pure, bounded in time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from congtruong.core.diffing import Budget, Stretch, stretches
from congtruong.core.html_blocks import Block, BlockKind, blocks_of
from congtruong.editorial import phrases

# Unchanged blocks shown beside a change; longer stretches are folded.
_CONTEXT = 1
_LONGEST_UNFOLDED = 3
# Blocks are one changed block when they share so much of their words, else one removed and one added.
_LEAST_ALIKE = 0.4
# Of two blocks beside each other, however short they are.
_COST_OF_LOOKING = 40


class ChangeKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Change:
    """One block of the comparison. `html` holds escaped words and our own ins, del and span; `what` names the block."""

    kind: ChangeKind
    html: SafeString
    what: str = ""
    note: str = ""

    @property
    def sign(self) -> str:
        return phrases.COMPARE_SIGNS.get(self.kind, "")

    @property
    def word(self) -> str:
        return phrases.COMPARE_WORDS.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class FactChange:
    """A field that differs: what it said and says; of lists only what came and what went."""

    label: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A block as it is compared: its words decide; `key` also holds what no word shows."""

    kind: BlockKind
    words: tuple[str, ...]
    key: tuple[str, ...]
    address: str

    @classmethod
    def of(cls, block: Block) -> "_Shown":
        words = tuple(_text_of(block).split())
        return cls(block.kind, words, (block.kind, block.address, *words), block.address)


def compare_html(old: str, new: str) -> list[Change]:
    """Two sanitised HTML texts, block by block; long stretches without a change are folded."""
    before = [_Shown.of(block) for block in blocks_of(old)]
    after = [_Shown.of(block) for block in blocks_of(new)]
    budget = Budget()
    changes: list[Change] = []
    found = stretches([block.key for block in before], [block.key for block in after], budget)
    for place, stretch in enumerate(found):
        if stretch.is_same:
            changes += _unchanged(after[stretch.c : stretch.d], is_first=place == 0, is_last=place == len(found) - 1)
        else:
            changes += _replaced(before[stretch.a : stretch.b], after[stretch.c : stretch.d], budget)
    return changes


def compare_facts(
    old: Mapping[str, str | Sequence[str]], new: Mapping[str, str | Sequence[str]], labels: Mapping[str, str]
) -> list[FactChange]:
    """Fields that differ, in the order of `labels`; values are words for people, lists for files and the like."""
    changes = []
    for name, label in labels.items():
        before, after = _values(old.get(name, "")), _values(new.get(name, ""))
        gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
        if gone or come:
            changes.append(FactChange(label, tuple(gone.elements()), tuple(come.elements())))
    return changes


def _values(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) and value else list(value)


def _text_of(block: Block) -> str:
    if block.kind is BlockKind.ROW:
        text = " | ".join(block.cells)
    elif block.kind is BlockKind.IMAGE:
        text = phrases.COMPARE_IMAGE.format(alt=block.alt or phrases.COMPARE_NO_ALT)
        text = f"{text} {phrases.COMPARE_CAPTION.format(caption=block.text)}" if block.text else text
    elif block.kind is BlockKind.VIDEO:
        text = phrases.COMPARE_VIDEO.format(address=block.address)
    else:
        text = block.text
    links = [phrases.COMPARE_LINK.format(address=link) for link in block.links]
    return " ".join([text, *links])


def _unchanged(blocks: Sequence[_Shown], *, is_first: bool, is_last: bool) -> Iterator[Change]:
    head = 0 if is_first else _CONTEXT
    tail = 0 if is_last else _CONTEXT
    folded = len(blocks) - head - tail
    if folded < _LONGEST_UNFOLDED:
        yield from map(_same, blocks)
        return
    yield from map(_same, blocks[:head])
    yield Change(ChangeKind.FOLDED, escape(phrases.COMPARE_FOLDED.format(count=folded)))
    yield from map(_same, blocks[len(blocks) - tail :] if tail else ())


def _same(block: _Shown) -> Change:
    return _whole(ChangeKind.SAME, block)


def _whole(kind: ChangeKind, block: _Shown) -> Change:
    return Change(kind, escape(" ".join(block.words)), phrases.COMPARE_BLOCKS[block.kind])


def _replaced(before: Sequence[_Shown], after: Sequence[_Shown], budget: Budget) -> Iterator[Change]:
    """Blocks that went and came: alike ones, in order, are one changed block."""
    shown = 0
    for old in before:
        partner = _partner(old, after, shown, budget)
        if partner is None:
            yield _whole(ChangeKind.REMOVED, old)
            continue
        yield from (_whole(ChangeKind.ADDED, block) for block in after[shown:partner])
        yield _changed(old, after[partner], budget)
        shown = partner + 1
    yield from (_whole(ChangeKind.ADDED, block) for block in after[shown:])


def _partner(old: _Shown, after: Sequence[_Shown], start: int, budget: Budget) -> int | None:
    for place in range(start, len(after)):
        if not budget.allows(_COST_OF_LOOKING + len(old.words) + len(after[place].words)):
            return None
        if _alike(old, after[place]):
            return place
    return None


def _alike(old: _Shown, new: _Shown) -> bool:
    pictures = {BlockKind.IMAGE, BlockKind.VIDEO, BlockKind.ROW}
    if old.kind is not new.kind and pictures & {old.kind, new.kind}:
        return False
    shared = sum((Counter(old.words) & Counter(new.words)).values())
    return 2 * shared >= _LEAST_ALIKE * (len(old.words) + len(new.words))


def _changed(old: _Shown, new: _Shown, budget: Budget) -> Change:
    note = ""
    if old.kind is not new.kind:
        names = phrases.COMPARE_BLOCKS
        note = phrases.COMPARE_TURNED.format(old=names[old.kind].lower(), new=names[new.kind].lower())
    elif old.kind is BlockKind.IMAGE and old.address != new.address:
        note = phrases.COMPARE_OTHER_IMAGE
    found = stretches(old.words, new.words, budget)
    parts = [part for stretch in found for part in _inline(stretch, old.words, new.words)]
    # Every part is escaped; only the tags are ours.
    return Change(ChangeKind.CHANGED, mark_safe(" ".join(parts)), phrases.COMPARE_BLOCKS[new.kind], note)  # noqa: S308


def _inline(stretch: Stretch, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if stretch.is_same:
        yield escape(" ".join(new[stretch.c : stretch.d]))
        return
    if stretch.b > stretch.a:
        words = escape(" ".join(old[stretch.a : stretch.b]))
        yield f'<del><span class="sr">{phrases.COMPARE_SPOKEN_REMOVED}</span>{words}</del>'
    if stretch.d > stretch.c:
        words = escape(" ".join(new[stretch.c : stretch.d]))
        yield f'<ins><span class="sr">{phrases.COMPARE_SPOKEN_ADDED}</span>{words}</ins>'
