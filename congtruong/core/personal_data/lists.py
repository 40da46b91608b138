"""Lists of people: five or more entries that begin with a name, in lines, rows, or one after another in a sentence."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from congtruong.core.personal_data.model import Kind
from congtruong.core.personal_data.names import Name
from congtruong.core.personal_data.numbers import Line, birth_dates

FEWEST = 5
_ABOVE = 5
_LONG_LINE = 40
_MOST_LONG_BETWEEN = 2
_MOST_SHORT_BETWEEN = 8
_MOST_BETWEEN_INLINE = 40
_BEFORE_INLINE = 160
# Number, code, form of address: what may stand before the name of an entry.
_LEAD = re.compile(
    r"\s*(?:[-•*+–·▪]\s*)?(?:[0-9]{1,12}\s*[.)/:|-]?\s*)?(?:[A-Z0-9./-]{0,12}[0-9][A-Z0-9./-]{0,12}[\s:|–-]{1,6}){0,2}"
    r"(?:[^:;,.]{1,30}:\s*)?"
    r"(?:(?:em|cháu|bé|hs|học sinh|bạn|ông|bà|thầy|cô|đ/c|đồng chí|gv|họ (?:và )?tên)\s*[.:]?\s*)?\(?",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*(?:$|[,;:(|/.\t–0-9-]|(?:lớp|nam|nữ|sinh|hs|học sinh|chi đội)\b)", re.IGNORECASE)
_SEX = re.compile(r"\s(?:Nam|Nữ)$")
_AUTHORS = re.compile(r"tac gia|chu bien|nha xuat ban|\bnxb\b|bien soan|sach giao khoa|\bsgk\b|tai lieu tham khao")
_PLACES = re.compile(r"(?:tuyen duong|ten duong|danh sach (?:cac )?(?:truong|duong)|ten truong|dia ban|khu vuc)")
_TITLE = re.compile(
    r"hieu truong|to truong|to pho|truong ban|pho ban|uy vien|thu ky|giao vien|nhan vien|chu tich|bi thu|ke toan|"
    r"van thu|tong phu trach|thanh vien|truong phong|chuyen vien|\bbao ve\b|\bgvcn\b|\bgv\b|truong doan|"
    r"truong tieu ban|giam thi"
)
_STAFF = re.compile(
    r"giao vien|nha giao|thay co\b|can bo|vien chuc|nhan vien|\bgv\b|gvcn|chu nhiem|phan cong|giang day|ban chi dao|"
    r"hoi dong|thanh vien|ban dai dien|uy vien|cong doan|chuc vu|chuc danh|nhiem vu|ban giam hieu|ban bien tap|"
    r"to chuyen mon|cong chuc"
)
_PUPILS = re.compile(
    r"hoc sinh|\bhs\b|\bem\b|\bchau\b|\bbe\b|tre em|thi sinh|so bao danh|\bsbd\b|\blop\b|\bdiem\b|xep loai|hanh kiem|"
    r"hoc luc|doi vien|hoc ba|phu huynh|khen thuong|\bdtb\b"
)
_SURELY_PUPILS = re.compile(
    r"danh sach (?:cac )?(?:em )?(?:hoc sinh|hs\b|thi sinh|tre\b|chau|be\b|doi vien|lop)|"
    r"ho (?:va )?ten (?:cua )?(?:hoc sinh|hs\b|tre|chau|be\b|em\b)|ten hoc sinh|"
    r"hoc sinh (?:dat|gioi|xuat sac|trung|duoc|nhan|lop|khuyet|vi pham|co hoan canh)|"
    r"so bao danh|\bsbd\b|cac em\b|thi sinh|diem (?:thi|trung binh|tb|toan|van|ktdg)|hanh kiem|hoc luc"
)
_CLASS = re.compile(
    r"(?<![a-z0-9/])(?:(?:[1-9]|1[0-2])(?:[a-e][0-9]{0,2}|/[0-9]{1,2}|\.[0-9]{1,2})(?![a-z0-9/.])|"
    r"lop (?:[1-9]|la|choi|mam))"
)
_TEACHERS = frozenset({"thầy", "cô"})
_CHILD = re.compile(r"\b(?:em|chau|be|hs|hoc sinh)\b")
_MARKS = re.compile(r"[0-9] ?diem\b|hoc luc|xep loai|hanh kiem")
_CHILD_BEFORE = re.compile(r"(?<!\banh )\b(?:em|chau|be|hs|hoc sinh)[: ]{1,2}$")


@dataclass(slots=True)
class Entry:
    """A line or row that is about one person; `evidence` is the entry with the short lines that follow it."""

    index: int
    name: str
    line: Line
    evidence: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """Five entries or more that stand together, and the words above them."""

    kind: Kind
    index: int
    names: tuple[str, ...]
    birth_days: tuple[str, ...]
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Source:
    """A line or row as the search for lists sees it. `entry` is the person it is about, if it is about one."""

    line: Line
    names: tuple[Name, ...]
    entry: str


def source_of(text: str, *, names: tuple[Name, ...], near_name: bool = False) -> Source:
    """A line of running text; an entry when it begins with a name, after a number or a form of address."""
    return Source(Line.of(text, near_name=near_name), names, _entry_of(text, names))


def _entry_of(text: str, names: tuple[Name, ...]) -> str:
    if not names:
        return ""
    first = names[0]
    lead = _LEAD.match(text, 0, first.start + 1)
    if lead is None or not lead.end() <= first.start or text[lead.end() : first.start].strip():
        # A form of address may be capitalised and so be read as part of the run before the name.
        return ""
    return _SEX.sub("", first.text) if _AFTER.match(text[first.end : first.end + 12]) else ""


def groups_in(sources: Sequence[Source]) -> Iterator[Group]:
    """Lists of people in lines or rows that stand one below the other, then lists inside one line."""
    above: deque[str] = deque(maxlen=_ABOVE)
    entries: list[Entry] = []
    heading = ""
    long_lines = short_lines = 0
    for index, source in enumerate(sources):
        if source.entry and len(source.names) < FEWEST:
            if not entries:
                heading = " ; ".join(above)
            entries.append(Entry(index, source.entry, source.line, [source.line.folded]))
            if source.names and source.names[0].before in _TEACHERS:
                entries[-1].evidence.append("giao vien")
            long_lines = short_lines = 0
            continue
        if not source.line.folded.strip():
            continue
        above.append(source.line.folded[:_BEFORE_INLINE])
        if entries:
            entries[-1].evidence.append(source.line.folded[:_LONG_LINE])
            long_lines += len(source.line.text) > _LONG_LINE
            short_lines += 1
            if long_lines > _MOST_LONG_BETWEEN or short_lines > _MOST_SHORT_BETWEEN:
                yield from _group(entries, heading)
                entries, long_lines, short_lines = [], 0, 0
        yield from _inline(index, source, above)
    yield from _group(entries, heading)


def _group(entries: list[Entry], heading: str) -> Iterator[Group]:
    names = tuple(dict.fromkeys(entry.name for entry in entries))
    if len(names) < FEWEST:
        return
    days = [day for entry in entries for day in birth_dates(entry.line)[:1]]
    evidence = ["; ".join(entry.evidence) for entry in entries]
    kind = _kind_of(heading, evidence, has_days=2 * len(days) >= len(entries))
    if kind is None:
        return
    yield Group(
        kind=kind,
        index=entries[0].index,
        names=names,
        birth_days=tuple(days) if kind is not Kind.STAFF_LIST and 2 * len(days) >= len(entries) else (),
        lines=frozenset(entry.index for entry in entries),
    )


def _inline(index: int, source: Source, above: deque[str]) -> Iterator[Group]:
    """Five names in a row inside one line, with little between them."""
    chain: list[Name] = []
    for name in source.names:
        if chain and name.start - chain[-1].end > _MOST_BETWEEN_INLINE:
            yield from _chained(index, chain, source, above)
            chain = []
        chain.append(name)
    yield from _chained(index, chain, source, above)


def _chained(index: int, chain: list[Name], source: Source, above: deque[str]) -> Iterator[Group]:
    names = tuple(dict.fromkeys(name.text for name in chain))
    if len(names) < FEWEST:
        return
    folded = source.line.folded
    before = folded[max(0, chain[0].start - _BEFORE_INLINE) : chain[0].start]
    if re.search(r"(?:đường|phố|trường|cầu|tuyến)\b[^.:]{0,40}$", source.line.text[: chain[0].start][-60:].lower()):
        return
    ends = [following.start for following in chain[1:]] + [chain[-1].end + _MOST_BETWEEN_INLINE]
    evidence = [folded[name.start : end] for name, end in zip(chain, ends, strict=True)]
    kind = _kind_of(" ; ".join([*list(above)[-2:-1], before]), evidence, has_days=False)
    if kind is not None:
        yield Group(kind, index, names, (), frozenset({index}))


def _kind_of(heading: str, evidence: list[str], *, has_days: bool) -> Kind | None:
    """Whose list it is; None for authors of books and for places named after people."""
    total = len(evidence)
    if _AUTHORS.search(heading) or 3 * sum(bool(_AUTHORS.search(text)) for text in evidence) >= total:
        return None
    if _PLACES.search(heading):
        return None
    titled = sum(bool(_TITLE.search(text)) for text in evidence)
    if 5 * titled >= 2 * total:
        return Kind.STAFF_LIST
    surely = bool(_SURELY_PUPILS.search(heading))
    if _STAFF.search(heading) and not surely:
        return Kind.STAFF_LIST
    in_class = sum(bool(_CLASS.search(text) or _CHILD.search(text) or _MARKS.search(text)) for text in evidence)
    if surely or has_days or 3 * in_class >= total or _PUPILS.search(heading):
        return Kind.PUPIL_LIST
    return Kind.NAME_LIST


def pupils_in(source: Source) -> Iterator[Name]:
    """Single pupils named in a sentence: "em Nguyễn Văn An", "Trần Thị Bình (lớp 6A1)"."""
    for name in source.names:
        before = source.line.folded[max(0, name.start - 14) : name.start]
        after = source.line.folded[name.end : name.end + 16]
        if _CHILD_BEFORE.search(before) or _CLASS.match(after.lstrip(" ,(–-")):
            yield name
