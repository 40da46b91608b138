"""The domain rule: type + name without diacritics + optional suffix + city label + `edu.vn`. Pure: no database.

Sources: directive 2326/GDĐT-THCS §1 ("tên trường, tên thành phố, edu.vn") and the host names in use at
hcm.edu.vn. What the directive leaves open is decided here:

- **Type** comes from the name (`TH, THCS và THPT` → `ththcsthpt`) when it names the declared level, else from the
  declared level. Legal-form words (tư thục, dân lập), text in brackets and a place at the end of the name (`, Quận 3`)
  may be left out or kept.
- **Suffix** is what stands after the *full* folded name and is listed for that city label on that day. Suffixes of
  the former districts stay listed after 1 July 2025, because names in use keep them. `thcstantaoa` for `THCS Tân Tạo`
  is therefore a right name with an unknown suffix, while `thcstant` is a wrong name.
- A wrong **level** is not guessed away: a name that says THCS, declared as TH, must begin with `th`.
- A bare **number** from 2 to 99 is a suffix only where the name without it belongs to another unit.
- **Hyphens** are accepted where the platform has them, between type codes (`thcs-thpt…`) and before the suffix.
- The **city** is the one label before `edu.vn`; it and the suffixes are dated rows. With a wrong city the suffix is
  compared with those of every city, so that one mistake is reported once.
- Letter case, one final dot and surrounding spaces do not count: they name the same host.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from congtruong.core.text import nfc
from congtruong.units.rules.naming import MOST_LABEL, Base, places_in, unit_bases, words_of

OK = "ok"
TOP = "edu.vn"
_NUMBERS = range(2, 100)

_HOST_CHARACTERS = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Label:
    """The part of a host name that names the city or managing area; both days belong to its time of use."""

    label: str
    area: str
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suffix:
    """A suffix that tells namesakes apart under one city label."""

    suffix: str
    area: str
    city_label: str
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Each part is `ok` or says in Vietnamese what is wrong with it; suggestions stand best first."""

    unit: str
    city: str
    suffix: str
    suggestions: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.unit == self.city == self.suffix == OK

    @property
    def parts(self) -> dict[str, str]:
        return {"unit": self.unit, "city": self.city, "suffix": self.suffix}


def read_labels(text: str) -> tuple[Label, ...]:
    """City labels from a CSV text with columns label, area, from_on, to_on."""
    return tuple(
        Label(row["label"], row["area"], _day(row["from_on"]), _day(row["to_on"]))
        for row in csv.DictReader(io.StringIO(text))
    )


def read_suffixes(text: str) -> tuple[Suffix, ...]:
    """Suffixes from a CSV text with columns suffix, area, city_label, from_on, to_on."""
    return tuple(
        Suffix(row["suffix"], row["area"], row["city_label"], _day(row["from_on"]), _day(row["to_on"]))
        for row in csv.DictReader(io.StringIO(text))
    )


def check_domain(
    host: str,
    *,
    unit_name: str,
    level: str,
    on: date,
    labels: Iterable[Label],
    suffixes: Iterable[Suffix],
    taken: Collection[str] = (),
) -> Verdict:
    """Judge a host name part by part on a day; `taken` are host names of other units.

    The rule and what it decides are in the module's docstring. Raises `ValueError` for an unknown level.
    """
    labels, suffixes, taken = tuple(labels), tuple(suffixes), {name.lower() for name in taken}
    bases = unit_bases(unit_name, level)
    clean, slip = _clean(host)
    names, city, tail = _split_host(clean, labels, bases)
    city_reason = _judge_city(city, tail, on, labels)
    offered = [s for s in suffixes if city_reason != OK or s.city_label == city]
    after = f".{city}.{TOP}" if city else f".{TOP}"
    unit_reason, readings = _judge_unit(names, bases)
    reasons = {rest: _judge_suffix(rest, offered, on, name + after, taken) for rest, name in readings.items()}
    suffix = min(reasons, key=lambda rest: (reasons[rest] != OK, len(rest)), default="")
    suffix_reason = reasons.get(suffix, OK)
    if unit_reason == OK and slip:
        unit_reason = slip
    if unit_reason == suffix_reason == city_reason == OK and clean in taken:
        suffix_reason = "Tên miền này đã thuộc đơn vị khác. Hãy thêm hậu tố để phân biệt."
    verdict = Verdict(unit_reason, city_reason, suffix_reason)
    if verdict.ok:
        return verdict
    suggestions = suggest_hosts(
        unit_name=unit_name,
        level=level,
        on=on,
        labels=labels,
        suffixes=suffixes,
        taken=taken,
        city=city if city_reason == OK else "",
        preferred=suffix if suffix_reason == OK else "",
    )
    return Verdict(unit_reason, city_reason, suffix_reason, suggestions)


def suggest_hosts(
    *,
    unit_name: str,
    level: str,
    on: date,
    labels: Iterable[Label],
    suffixes: Iterable[Suffix],
    taken: Collection[str] = (),
    city: str = "",
    preferred: str = "",
    areas: Sequence[str] = (),
    most: int = 4,
) -> tuple[str, ...]:
    """Free host names that follow the rule, best first, at most `most`; all pass `check_domain` with the same data.

    Without a `city` the label of one of the unit's `areas` is used, else the first in force. A taken name is followed
    by suffixes of the unit's areas (also read from its name), then other suffixes, then numbers.
    """
    taken = {name.lower() for name in taken}
    in_force = [row for row in labels if _in_force(row, on)]
    known = {_area_key(area) for area in [*areas, *places_in(unit_name)]}
    cities = [city] if city else [row.label for row in in_force if _area_key(row.area) in known]
    cities = (cities or [row.label for row in in_force])[:1]
    bases = unit_bases(unit_name, level)
    found: list[str] = []
    for label in cities:
        usable = [s for s in suffixes if s.city_label == label and _in_force(s, on)]
        usable.sort(key=lambda s: (s.suffix != preferred, _area_key(s.area) not in known))
        for base in _preferred(bases):
            found += _variants(base, label, [s.suffix for s in usable], preferred, taken)
    free = (name for name in dict.fromkeys(found) if name not in taken and len(name.split(".")[0]) <= MOST_LABEL)
    return tuple(islice(free, most))


def _variants(base: Base, city: str, suffixes: list[str], preferred: str, taken: Collection[str]) -> Iterator[str]:
    plain = f"{base.text}.{city}.{TOP}"
    if preferred and preferred in suffixes:
        yield f"{base.text}{preferred}.{city}.{TOP}"
    yield plain
    if plain in taken:
        free = [name for s in suffixes if (name := f"{base.text}{s}.{city}.{TOP}") not in taken]
        yield from free[:3]
        yield from (f"{base.text}{number}.{city}.{TOP}" for number in _NUMBERS)


def _preferred(bases: tuple[Base, ...]) -> list[Base]:
    """The first base, and the same name under the other type codes it may have."""
    return [base for base in bases if base.name == bases[0].name]


def _clean(host: str) -> tuple[str, str]:
    """The bare host name in lower case, and a reason when something was written around it."""
    text = nfc(host).strip().lower()
    bare = re.sub(r"^[a-z]+://", "", text)
    bare = re.split(r"[/?#]", bare, maxsplit=1)[0]
    bare = re.sub(r":\d*$", "", bare)
    slip = "" if bare == text else "Chỉ ghi tên miền, không ghi “http://”, cổng hay đường dẫn."
    bare = bare.removesuffix(".")
    if bare.startswith("www."):
        bare = bare.removeprefix("www.")
        slip = slip or "Tên miền đúng quy định không có “www.” ở đầu. Hãy bỏ “www.”."
    return bare, slip


def _split_host(clean: str, labels: tuple[Label, ...], bases: tuple[Base, ...]) -> tuple[list[str], str, str]:
    """Labels that should name the unit, the city label (or empty), and a reason when the end is not `edu.vn`."""
    pieces = clean.split(".")
    if pieces[-2:] != ["edu", "vn"]:
        return pieces[:1], "", f"Tên miền phải kết thúc bằng “.{TOP}”, ví dụ “.hcm.{TOP}”."
    head = pieces[:-2]
    if len(head) >= 2:
        return head[:-1], head[-1], ""
    only = head[0] if head else ""
    if any(row.label == only for row in labels):
        return [], only, ""
    return [_without_glued_city(only, labels, bases)] if only else [], "", ""


def _without_glued_city(label: str, labels: tuple[Label, ...], bases: tuple[Base, ...]) -> str:
    """`thcsx-hcm` without its glued city, so that the one mistake is reported once."""
    for city in ("tphcm", *(row.label for row in labels)):
        shorter = label.removesuffix(city).removesuffix("-")
        if shorter != label and any(base.rest_of(shorter) is not None for base in bases):
            return shorter
    return label


def _judge_city(city: str, tail: str, on: date, labels: tuple[Label, ...]) -> str:
    if tail:
        return tail
    example = next((row.label for row in labels if _in_force(row, on)), "hcm")
    if not city:
        return f"Thiếu tên thành phố trước “.{TOP}”. Hãy dùng “.{example}.{TOP}”."
    named = [row for row in labels if row.label == city]
    if not named:
        return f"“{city}” không phải tên thành phố hay địa phương được dùng. Hãy dùng “.{example}.{TOP}”."
    if any(_in_force(row, on) for row in named):
        return OK
    return f"Tên địa phương “{city}” ({named[0].area}) {_when(named[0], on)}, nên chưa đúng vào ngày {on:%d/%m/%Y}."


def _judge_unit(names: list[str], bases: tuple[Base, ...]) -> tuple[str, dict[str, str]]:
    """Reason for the unit part, and what may be its suffix with the name it stands after, one for each reading."""
    if not bases:
        return "Chưa biết tên đơn vị. Hãy ghi tên đầy đủ của đơn vị.", {}
    wanted = bases[0].text
    if not names or not names[0]:
        return f"Thiếu tên đơn vị ở đầu tên miền. Phần này phải là “{wanted}”.", {}
    if len(names) > 1:
        return f"Tên miền thừa cấp: trước tên thành phố chỉ có “{wanted}”, đang là “{'.'.join(names)}”.", {}
    label = names[0]
    spelling = _judge_spelling(label, wanted)
    if spelling:
        return spelling, {}
    readings = {rest: base.text for base in bases if (rest := base.rest_of(label)) is not None}
    if not readings:
        return f"Phần tên đơn vị phải là “{wanted}” (loại trường và tên không dấu), đang là “{label}”.", {}
    return OK, readings


def _judge_spelling(label: str, wanted: str) -> str:
    if len(label) > MOST_LABEL:
        return f"Phần tên đơn vị dài {len(label)} ký tự, tối đa {MOST_LABEL}. Hãy dùng “{wanted}”."
    if not label.isascii() or label.startswith("xn--"):
        return f"Tên miền phải viết không dấu. Hãy dùng “{wanted}”."
    if not _HOST_CHARACTERS.fullmatch(label):
        return f"Tên miền chỉ gồm chữ a–z, chữ số và dấu gạch nối ở giữa. Hãy dùng “{wanted}”, đang là “{label}”."
    return ""


def _judge_suffix(rest: str, suffixes: list[Suffix], on: date, plain: str, taken: Collection[str]) -> str:
    """`plain` is the same host name without the suffix."""
    if not rest:
        return OK
    named = [row for row in suffixes if row.suffix == rest]
    if any(_in_force(row, on) for row in named):
        return OK
    if named:
        return f"Hậu tố “{rest}” ({named[0].area}) {_when(named[0], on)}, nên chưa đúng vào ngày {on:%d/%m/%Y}."
    if rest.isdigit() and rest == str(int(rest)) and int(rest) in _NUMBERS:
        if plain in taken:
            return OK
        return f"Số “{rest}” chỉ thêm vào khi “{plain}” đã thuộc đơn vị khác. Hãy bỏ số này."
    return f"Sau tên đơn vị thừa “{rest}”, không có trong danh mục hậu tố. Hãy bỏ đi hoặc dùng hậu tố trong danh mục."


def _in_force(row: Label | Suffix, on: date) -> bool:
    return (row.from_on is None or row.from_on <= on) and (row.to_on is None or on <= row.to_on)


def _when(row: Label | Suffix, on: date) -> str:
    if row.from_on is not None and on < row.from_on:
        return f"chỉ dùng từ ngày {row.from_on:%d/%m/%Y}"
    return f"chỉ dùng đến ngày {row.to_on:%d/%m/%Y}"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _area_key(area: str) -> str:
    return " ".join(words_of(area))
