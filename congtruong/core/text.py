"""Vietnamese text: one normal form, folding for search, slugs.

`fold` keeps the number of characters of its NFC input, so that a match found in folded text can be
marked in the original.
"""

import re
import unicodedata

_SPECIAL = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"}
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[a-z0-9]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")
# White space to Python, forbidden in XML.
_SEPARATOR = re.compile(r"[\x1c-\x1f]")
_LONGEST_TERM = 100


# The same in UTF-8; white space that XML allows is none of them.
_CONTROL_BYTES = bytes(code for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r")
_RARE_CONTROL = re.compile(rb"\xc2[\x80-\x9f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]")
_RARE_LEADS = (b"\xc2", b"\xef\xbf", b"\xed")


def is_tidy(text: str) -> bool:
    """Whether `nfc` would leave `text` as it is; found out much faster than by asking it. May say no too often."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw.translate(None, _CONTROL_BYTES)) < len(raw):
        return False
    if text.isascii():
        return True
    # The bytes in front are rare in Vietnamese, and looking for them costs next to nothing.
    if any(lead in raw for lead in _RARE_LEADS) and _RARE_CONTROL.search(raw):
        return False
    return unicodedata.is_normalized("NFC", text)


def nfc(text: str) -> str:
    """The composed form in which everything is stored, compared and hashed (TCVN 6909:2001); no control characters.

    Texts pasted from Word and PDF carry such characters; neither XML nor PostgreSQL takes them.
    """
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    return unicodedata.normalize("NFC", _SEPARATOR.sub(" ", _CONTROL.sub("", text)))


def _fold_char(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


def fold(text: str) -> str:
    """Lower case without diacritics: `Đà Nẵng` → `da nang`. As long as `nfc(text)`."""
    return "".join(_fold_char(char) for char in nfc(text))


def squeeze(text: str) -> str:
    """NFC with runs of white space turned into one space."""
    return " ".join(nfc(text).split())


def slug(text: str, *, most: int = 80) -> str:
    """Words of `text` for an address, cut at a word: `Mùa tri ân` → `mua-tri-an`."""
    made = _NOT_SLUG.sub("-", fold(text)).strip("-")
    if len(made) > most:
        made = made[: most + 1].rsplit("-", 1)[0][:most]
    return made or "muc"


def shorten(text: str, most: int) -> str:
    """At most `most` characters, cut at a word and closed with an ellipsis."""
    text = squeeze(text)
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,.;:–-") + "…"


def words_of(text: str) -> list[str]:
    """Folded words of a text, in order: `2326/GDĐT-THCS` → `2326`, `gddt`, `thcs`."""
    return _WORD.findall(fold(text))


def search_terms(query: str, *, most: int = 8) -> list[str]:
    """Folded words of a visitor's query, at most `most`, without repeats."""
    # PostgreSQL drops words of more than 2 KB from a query, which would then match everything.
    seen = dict.fromkeys(word[:_LONGEST_TERM] for word in words_of(query))
    return list(seen)[:most]
