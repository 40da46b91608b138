"""The part of a text around the words a visitor searched."""

from congtruong.core.text import fold, shorten
from congtruong.publication.models import Entry

_BEFORE = 60
_LENGTH = 220


def snippet(entry: Entry, terms: list[str]) -> str:
    """The summary, cut so that the first match is in it."""
    text = entry.summary
    folded = fold(text)
    places = [place for term in terms if (place := folded.find(term)) >= 0]
    first = min(places, default=0)
    if first < _LENGTH - _BEFORE:
        return shorten(text, _LENGTH)
    start = text.rfind(" ", 0, first - _BEFORE) + 1
    return "…" + shorten(text[start:], _LENGTH)
