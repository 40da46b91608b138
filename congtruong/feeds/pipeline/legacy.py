"""Vietnamese typed for old fonts: TCVN 5712:1993 VN3 ("ABC" fonts, `Th«ng b¸o`) and VNI (`Thoâng baùo`).

Both are stored as ordinary Latin-1 letters. No parser or detector can know such text from its bytes; only Vietnamese
readers can. It is recognised by its words: nearly all of them must be Vietnamese syllables after the conversion and not
before it. Converted with the tables of the fonts, and never without a note.
"""

import re
import unicodedata

TCVN3, VNI = "tcvn3", "vni"

_TCVN3 = str.maketrans(
    dict(
        zip(
            "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
            "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
            strict=True,
        )
    )
)
# A mark of its own follows the letter; some marks hold the circumflex or the breve as well.
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = dict(
    zip(
        "øùûõïâàáåãäêèéúüë",
        (
            *(_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT),
            *(_CIRCUMFLEX + mark for mark in ("", _GRAVE, _ACUTE, _HOOK, _TILDE, _DOT)),
            *(_BREVE + mark for mark in ("", _GRAVE, _ACUTE, _HOOK, _TILDE, _DOT)),
        ),
        strict=True,
    )
)
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_MARKS |= {mark.upper(): meant for mark, meant in _VNI_MARKS.items()}
_VNI_LETTERS |= {letter.upper(): meant.upper() for letter, meant in _VNI_LETTERS.items()}
_VNI_LETTER = re.compile(
    f"([aeiouyôöAEIOUYÔÖ])([{''.join(_VNI_MARKS)}])|[{''.join(_VNI_LETTERS)}]",
)

_UNICODE_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
# Signs alone, such as quotes, tell nothing.
_WORD = re.compile("[A-Za-z]{1,7}[\xa1-\xff][A-Za-z\xa1-\xff]{0,12}|[\xa1-\xff]{1,3}[A-Za-z][A-Za-z\xa1-\xff]{0,12}")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SYLLABLE = re.compile(
    "(?:ngh?|nh|th?|tr|ch?|kh?|gh?|gi|ph?|qu|[bdđhlmrsvx])?"
    "(?:uyê|iê|yê|ươ|uô|oa|oă|oe|uâ|uê|uơ|uy|ia|ưa|ua|[aăâeêioôơuưy])"
    "(?:ch|nh|ng|[cmnptiyou])?"
)
_LEAST_WORDS = 4
_LEAST_CONVERTED = 0.75
_MOST_BEFORE = 0.5
_MOST_READ = 200_000


def legacy_of(text: str) -> str:
    """TCVN3 or VNI when the whole text is written so, else nothing. Unicode Vietnamese anywhere in it means neither."""
    if text.isascii() or _UNICODE_VIETNAMESE.search(text):
        return ""
    words = set(_WORD.findall(text, 0, _MOST_READ))
    if len(words) < _LEAST_WORDS or _share(words) >= _MOST_BEFORE:
        return ""
    shares = {name: _share({to_unicode(word, name) for word in words}) for name in (TCVN3, VNI)}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _LEAST_CONVERTED else ""


def is_unicode_vietnamese(text: str) -> bool:
    return _UNICODE_VIETNAMESE.search(text) is not None


def to_unicode(text: str, legacy: str) -> str:
    """`text` converted from TCVN3 or VNI, in NFC."""
    return text.translate(_TCVN3) if legacy == TCVN3 else _VNI_LETTER.sub(_from_vni, text)


def _from_vni(match: re.Match[str]) -> str:
    letter, mark = match.groups()
    if letter is None:
        return _VNI_LETTERS[match.group()]
    return unicodedata.normalize("NFC", _VNI_LETTERS.get(letter, letter) + _VNI_MARKS[mark])


def _share(words: set[str]) -> float:
    """How many of the words could be Vietnamese, whatever their tone."""
    return sum(1 for word in words if _is_syllable(word)) / len(words)


def _is_syllable(word: str) -> bool:
    bare = _TONES.sub("", unicodedata.normalize("NFD", word.lower()))
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None
