"""What a unit's name says: its types, its own words, its place, as the beginnings of a host name. Pure."""

import re
from dataclasses import dataclass

from congtruong.core.text import fold, nfc, squeeze

MOST_LABEL = 63

LEVEL_CODES = {
    "mn": "mn",
    "mam_non": "mn",
    "th": "th",
    "tieu_hoc": "th",
    "thcs": "thcs",
    "thpt": "thpt",
    "gdtx": "ttgdtx",
    "trung_tam": "ttgdtx",
    "nhieu_cap": "nhieu_cap",
    "pgd": "pgd",
    "phong_gddt": "pgd",
    "ubnd_phuong": "ubnd",
}
# Longest first: "trung hoc pho thong" must not be read as something shorter.
_TYPE_PHRASES: tuple[tuple[str, str], ...] = (
    ("trung tam giao duc nghe nghiep giao duc thuong xuyen", "ttgdnn"),
    ("trung tam giao duc nghe nghiep va giao duc thuong xuyen", "ttgdnn"),
    ("trung tam giao duc thuong xuyen", "ttgdtx"),
    ("trung tam gdnn gdtx", "ttgdnn"),
    ("trung tam gdtx", "ttgdtx"),
    ("ttgdnn gdtx", "ttgdnn"),
    ("ttgdtx", "ttgdtx"),
    ("phong giao duc va dao tao", "pgd"),
    ("phong giao duc dao tao", "pgd"),
    ("phong gd dt", "pgd"),
    ("phong gd va dt", "pgd"),
    ("phong gddt", "pgd"),
    ("uy ban nhan dan", "ubnd"),
    ("ubnd", "ubnd"),
    ("trung hoc pho thong", "thpt"),
    ("trung hoc co so", "thcs"),
    ("mam non", "mn"),
    ("mau giao", "mn"),
    ("tieu hoc", "th"),
    ("thpt", "thpt"),
    ("thcs", "thcs"),
    ("mn", "mn"),
    ("mg", "mn"),
    ("th", "th"),
)
_TYPES = tuple((tuple(phrase.split()), code) for phrase, code in _TYPE_PHRASES)
_SCHOOL_TYPES = frozenset({"mn", "th", "thcs", "thpt"})
# A multi-level school whose name does not tell its levels.
_ANY_MIX = (("th", "thcs", "thpt"), ("th", "thcs"), ("thcs", "thpt"), ("mn", "th", "thcs", "thpt"), ("mn", "th"))
_FORMS = (("tu", "thuc"), ("dan", "lap"), ("cong", "lap"), ("ban", "cong"), ("ngoai", "cong", "lap"))

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[a-z0-9]+")
# Between digits a separator belongs to the name: 19/5, 30-4.
_IN_NUMBER = re.compile(r"(?<=\d)\s*[/.\-–]\s*(?=\d)")
# With diacritics on purpose: "phường" is a place, "phượng" a flower. The greedy start finds the last place.
_PLACE = re.compile(
    r"(?P<head>.*)[\s,–—-]+(?:(?P<word>quận|huyện|thị xã|thành phố|phường|(?<!thị )xã)\s+"
    r"|(?P<short>tp|[qph])\s*\.\s*|(?P<letter>[qp])\s*(?=\d)|(?P<city>tp)\s*(?=hcm))(?P<where>[^,–—]+?)\s*$"
)
_LETTERS = {"q": "quận", "p": "phường", "h": "huyện", "tp": "thành phố"}
_CITY_NAMES = frozenset({"hcm", "ho chi minh"})


@dataclass(frozen=True, slots=True)
class Base:
    """Type codes and folded name of a unit: what its host name must begin with."""

    codes: tuple[str, ...]
    name: str

    @property
    def text(self) -> str:
        return "".join(self.codes) + self.name

    def rest_of(self, label: str) -> str | None:
        """What follows this base in a label, without the hyphen before it; None when the label differs."""
        pattern = "-?".join(map(re.escape, self.codes)) + re.escape(self.name)
        found = re.match(pattern, label)
        return label[found.end() :].removeprefix("-") if found else None


def level_code(level: str) -> str | None:
    """Host-name code of a level written in any accepted way (`THCS`, `tieu_hoc`, `Nhiều cấp`), or None."""
    return LEVEL_CODES.get(re.sub(r"[\s-]+", "_", fold(level).strip()))


def type_codes(unit_name: str) -> tuple[str, ...]:
    """Codes of the school types a name begins with, in its order; empty when it names none."""
    return _split_types(words_of(_readable(unit_name)))[0]


def unit_bases(unit_name: str, level: str) -> tuple[Base, ...]:
    """Every beginning the rule accepts for this unit's host name, the preferred one first; empty without a name.

    Raises `ValueError` for a level that `level_code` does not know.
    """
    code = level_code(level)
    if code is None:
        raise ValueError(f"unknown level {level!r}")
    head, places = _split_places(_readable(unit_name))
    codes, rest = _split_types(words_of(head))
    names: list[list[str]] = []
    if rest:
        bare = _without_forms(rest)
        names = [bare, rest] if bare else [rest]
        if places:
            names += [names[0] + place for place in _place_words(places[0], code)]
    elif places:
        names = _place_words(places[0], code)
        if codes and code in _SCHOOL_TYPES:
            # Here the place is the name itself: "Trường Mầm non Phường 5".
            names = [words_of(places[0]), *names]
    bases = [
        Base(prefix, name)
        for words in names
        for prefix in _prefixes(codes, code, head)
        if (name := _fitting(prefix, words))
    ]
    return tuple(dict.fromkeys(bases))


def words_of(text: str) -> list[str]:
    return _WORD.findall(_IN_NUMBER.sub("", fold(text)))


def _split_types(words: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Type codes at the start of a folded name, and the words after them."""
    start = 1 if words[:1] == ["truong"] else 0
    codes: list[str] = []
    at = start
    while True:
        # "và" joins two types, but may also begin a name.
        step = at + 1 if codes and words[at : at + 1] == ["va"] else at
        code, length = next(((c, len(p)) for p, c in _TYPES if tuple(words[step : step + len(p)]) == p), ("", 0))
        if not code or code in codes:
            break
        codes.append(code)
        at = step + length
    if not codes:
        # "Trường Chinh" is a person: without a type word only a longer name loses its first word.
        return (), words[1:] if start and len(words) > 2 else words
    return tuple(codes), words[at:]


def _without_forms(words: list[str]) -> list[str]:
    for form in _FORMS:
        for at in range(len(words) - len(form) + 1):
            if tuple(words[at : at + len(form)]) == form:
                return _without_forms(words[:at] + words[at + len(form) :])
    return words


def places_in(unit_name: str) -> list[str]:
    """Places at the end of a name, nearest to the name first: `…, phường 5, Q.3` → `phường 5`, `quận 3`."""
    return _split_places(_readable(unit_name))[1]


def _split_places(lowered: str) -> tuple[str, list[str]]:
    """A name without the places at its end, and those places; the city itself is dropped."""
    places: list[str] = []
    while found := _PLACE.fullmatch(lowered):
        word = found["word"] or _LETTERS[found["short"] or found["letter"] or found["city"]]
        if " ".join(words_of(found["where"])) not in _CITY_NAMES:
            places.insert(0, f"{word} {found['where']}")
        lowered = found["head"].rstrip(" ,–—-")
    return lowered, places


def _readable(unit_name: str) -> str:
    return squeeze(_BRACKETS.sub(" ", nfc(unit_name).lower()))


def _place_words(place: str, code: str) -> list[list[str]]:
    """Ways to write a place in a host name: `q3`, `quan3`, `binhtan`; offices prefer `quan6`, wards their full name."""
    words = words_of(place)
    kind_length = 2 if words[0] in {"thi", "thanh"} else 1
    kind, where = words[:kind_length], words[kind_length:]
    if code == "ubnd" or not where:
        return [words]
    if not where[0].isdigit():
        return [where, words]
    short = [kind[0][0], *where]
    return [words, short] if code == "pgd" else [short, words]


def _prefixes(codes: tuple[str, ...], code: str, head: str) -> list[tuple[str, ...]]:
    """Type codes that may begin the host name, the preferred ones first."""
    schools = tuple(c for c in codes if c in _SCHOOL_TYPES)
    if code == "nhieu_cap":
        return [schools] if schools else list(_ANY_MIX)
    if code == "ubnd":
        return [()]
    if code == "ttgdtx":
        joint = "ttgdnn" in codes or "nghề nghiệp" in head
        return [("ttgdtx",), ("gdnn", "gdtx"), ("tt", "gdnn", "gdtx")] if joint else [("ttgdtx",)]
    return [schools] if len(schools) > 1 and code in schools else [(code,)]


def _fitting(prefix: tuple[str, ...], words: list[str]) -> str:
    """The joined name, cut at a word where it would not fit into one label."""
    room = MOST_LABEL - len("".join(prefix))
    words = list(words)
    while len(words) > 1 and len("".join(words)) > room:
        words.pop()
    return "".join(words)[:room]
