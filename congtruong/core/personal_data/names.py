"""Vietnamese personal names in a text: found by family name and capitals, not confused with streets and schools."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from congtruong.core.personal_data.vocabulary import (
    HISTORIC,
    MIDDLE_NAMES,
    PHRASES,
    PLACES,
    PLAIN_SURNAMES,
    SURNAMES,
    WEAK_SURNAMES,
)
from congtruong.core.text import fold

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 5
_LETTERS = frozenset("ABCDĐEGHIKLMNOPQRSTUVXYZ")


@dataclass(frozen=True, slots=True)
class Name:
    start: int
    end: int
    text: str
    before: str

    @property
    def is_historic(self) -> bool:
        return fold(self.text) in HISTORIC


def names_in(text: str) -> Iterator[Name]:
    """Names of living-looking people in one line of NFC text: historic names and names of places are left out."""
    for run, before in _runs(text):
        name = _name_in(run, before, text)
        if name is not None and not name.is_historic:
            yield name


def _runs(text: str) -> Iterator[tuple[list[re.Match[str]], str]]:
    """Stretches of capitalised words with nothing but spaces between, each with the word before it."""
    run: list[re.Match[str]] = []
    before = ""
    last: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        joined = last is not None and _is_space(text, last.end(), word.start())
        if run and not (joined and _is_capital(word.group())):
            yield run, before
            run = []
        if _is_capital(word.group()):
            if not run:
                before = last.group() if last is not None and joined else ""
            run.append(word)
        last = word
    if run:
        yield run, before


def _is_space(text: str, start: int, end: int) -> bool:
    return 1 <= end - start <= 2 and text[start:end].isspace() and "\t" not in text[start:end]


def _is_capital(word: str) -> bool:
    return word[0].isupper() and (word[1:].islower() or word.isupper())


def _name_in(run: list[re.Match[str]], before: str, text: str) -> Name | None:
    words = [word.group() for word in run[: 2 * _LONGEST]]
    lowered = [word.lower() for word in words]
    for at in range(len(words) - 1):
        if not _begins_name(words, lowered, at):
            continue
        previous = lowered[at - 1] if at else before.lower()
        if previous in PLACES:
            return None
        length = len(run) - at
        # "Nguyễn Văn A" stands for anybody, "Trần T. B." was shortened by somebody careful.
        if length > _LONGEST or any(len(word) > 7 for word in words[at:]) or words[-1] in _LETTERS:
            return None
        return Name(run[at].start(), run[-1].end(), text[run[at].start() : run[-1].end()], previous)
    return None


def _begins_name(words: list[str], lowered: list[str], at: int) -> bool:
    first, second = lowered[at], lowered[at + 1]
    if f"{first}_{second}" in PHRASES or "_".join(lowered[at : at + 3]) in PHRASES:
        return False
    if first in SURNAMES:
        return True
    if first in WEAK_SURNAMES:
        return second in MIDDLE_NAMES and len(words) - at >= 3
    # Lists typed without marks: NGUYEN VAN AN.
    return first in PLAIN_SURNAMES and len(words) - at >= 3 and all(word.isascii() for word in words[at:])
