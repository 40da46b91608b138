"""The search itself: every line and row once, repeats counted once, one finding per kind."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from congtruong.core.html_blocks import Block, BlockKind, blocks_of
from congtruong.core.personal_data import phrases
from congtruong.core.personal_data.lists import Group, Source, groups_in, pupils_in, source_of
from congtruong.core.personal_data.model import Finding, Hit, Kind, Own, Severity, mask_name
from congtruong.core.personal_data.names import names_in
from congtruong.core.personal_data.numbers import Line, hits_in_line, mask_date
from congtruong.core.personal_data.tables import sources_of
from congtruong.core.text import nfc

NOBODY = Own()
# From so many on, addresses and numbers to reach somebody are a list of persons.
_MANY = {Kind.EMAIL: 3, Kind.PHONE: 4}
_NEAR = 3
_ORDER = list(Kind)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a file with a name of its own ("trang 3"): lines of text, or rows of a table.

    `above` are lines that stand over the table and say what it lists; they are searched as text of their own.
    """

    place: str = ""
    text: str = ""
    rows: Sequence[Sequence[str]] = ()
    above: Sequence[str] = ()


def find_in_text(text: str, *, own: Own = NOBODY, place: str = "") -> list[Finding]:
    """What a plain text shows of persons; lines matter, because lists are told by their lines."""
    return find_in_sections([Section(place, text=text)], own=own)


def find_in_rows(rows: Iterable[Sequence[str]], *, own: Own = NOBODY, place: str = "") -> list[Finding]:
    """What a table shows of persons; headings tell what numbers without a word of their own are."""
    return find_in_sections([Section(place, rows=list(rows))], own=own)


def find_in_html(source: str, *, own: Own = NOBODY) -> list[Finding]:
    """What a sanitised HTML text shows of persons, its links and descriptions of images included."""
    return find_in_sections(_html_sections(source), own=own)


def find_in_sections(sections: Iterable[Section], *, own: Own = NOBODY) -> list[Finding]:
    """One finding per kind over all sections, the ones that must be explained first."""
    tally = _Tally()
    for section in sections:
        for number, hit in _hits(section, own):
            pattern = phrases.ROW if section.rows else phrases.LINE
            where = pattern.format(number=number)
            tally.add(hit, f"{section.place}, {where}" if section.place else where)
    return tally.findings()


class _Tally:
    """Counts each value once and keeps the first place of each kind."""

    def __init__(self) -> None:
        self._seen: dict[Kind, set[str]] = defaultdict(set)
        self._hits: dict[Kind, list[tuple[Hit, str]]] = defaultdict(list)
        self._counts: dict[Kind, int] = defaultdict(int)

    def add(self, hit: Hit, place: str) -> None:
        if hit.value in self._seen[hit.kind]:
            return
        self._seen[hit.kind].add(hit.value)
        self._counts[hit.kind] += hit.count
        kept = self._hits[hit.kind]
        # The first of each severity is enough to show.
        if all(other.severity is not hit.severity for other, _ in kept):
            kept.append((hit, place))

    def findings(self) -> list[Finding]:
        made = [self._finding(kind) for kind in sorted(self._hits, key=_ORDER.index)]
        return sorted(made, key=lambda finding: not finding.must_explain)

    def _finding(self, kind: Kind) -> Finding:
        hit, place = min(self._hits[kind], key=lambda kept: kept[0].severity is not Severity.MUST_EXPLAIN)
        count = self._counts[kind]
        severity = Severity.MUST_EXPLAIN if count >= _MANY.get(kind, count + 1) else hit.severity
        return Finding.of(kind=kind, severity=severity, excerpt=hit.excerpt, count=count, place=place)


def _hits(section: Section, own: Own) -> Iterator[tuple[int, Hit]]:
    """Hits of one section with the number of their line or row, from 1."""
    sources = []
    for source, lines in _table(section) if section.rows else _lines(section.text):
        sources.append(source)
        number = len(sources) - len(section.above)
        for line in lines:
            yield from ((number, hit) for hit in hits_in_line(line, own))
    groups = list(groups_in(sources))
    for group in groups:
        yield from ((group.index + 1 - len(section.above), hit) for hit in _group_hits(group))
    listed = frozenset[int]().union(*(group.lines for group in groups))
    for index, source in enumerate(sources):
        if source.names and index not in listed:
            yield from ((index + 1 - len(section.above), _pupil_hit(name.text)) for name in pupils_in(source))


def _table(section: Section) -> Iterator[tuple[Source, Sequence[Line]]]:
    for line in section.above:
        yield source_of(nfc(line), names=()), ()
    yield from sources_of(section.rows)


def _lines(text: str) -> Iterator[tuple[Source, Sequence[Line]]]:
    """The lines of a text, each knowing whether a person is named on it or just above."""
    recent: deque[bool] = deque(maxlen=_NEAR)
    for raw in nfc(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        names = tuple(names_in(raw))
        source = source_of(raw, names=names, near_name=bool(names) or any(recent))
        yield source, (source.line,)
        recent.append(bool(names))


def _group_hits(group: Group) -> Iterator[Hit]:
    severity = Severity.NOTICE if group.kind is Kind.STAFF_LIST else Severity.MUST_EXPLAIN
    value = "\n".join(group.names)
    yield Hit(group.kind, severity, value, f"{mask_name(group.names[0])}, …", len(group.names))
    for day in group.birth_days:
        yield Hit(Kind.BIRTH_DATE, Severity.MUST_EXPLAIN, day, mask_date(day))


def _pupil_hit(name: str) -> Hit:
    return Hit(Kind.PUPIL_NAME, Severity.NOTICE, name, mask_name(name))


def _html_sections(source: str) -> Iterator[Section]:
    """Stretches of lines and tables in turn."""
    lines: list[str] = []
    rows: list[Sequence[str]] = []
    above: list[str] = []
    for block in blocks_of(source):
        if block.kind is BlockKind.ROW:
            if lines:
                yield Section(text="\n".join(lines))
                above, lines = lines[-_NEAR:], []
            rows.append((*block.cells, *_told(block)))
            continue
        if rows:
            yield Section(rows=rows, above=above)
            rows, above = [], []
        lines.append(" ; ".join(filter(None, [block.text, block.alt, *_told(block)])))
    yield Section(rows=rows, above=above) if rows else Section(text="\n".join(lines))


def _told(block: Block) -> list[str]:
    """Numbers and addresses behind links; addresses of pages and files hold digits that say nothing of persons."""
    return [link.partition(":")[2] for link in block.links if link.startswith(("tel:", "mailto:"))]
