"""Bytes to text, before any parser sees them. One cut byte must not turn a Vietnamese feed into mojibake."""

import codecs
import html.entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from congtruong.core.text import is_tidy, nfc
from congtruong.feeds.pipeline.legacy import legacy_of, to_unicode

_MOST_BAD = 0.02
# When nothing says otherwise, or the server says UTF-8: legacy text read as UTF-8 is bad nearly throughout.
_MOST_BAD_DECLARED = 0.3

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Which of the first four bytes are zero when the text starts with two ASCII characters.
_SIGNATURES: Mapping[tuple[bool, ...], str] = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
_WIDE = {"utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
# `<?xml` as mainframes write it.
_EBCDIC = b"\x4c\x6f\xa7\x94\x93"
# Old fonts store Vietnamese as letters of these.
_WESTERN = {"cp1252", "cp1258", "utf-8"}
# A table that makes neither XML nor JSON of it is the wrong one.
_START = re.compile("[<{]")
_STARTS_WITHIN = 2_000
_TEXT_CODEC = re.compile(
    r"utf-8|utf-(16|32)(-[lb]e)?|cp\d+|iso8859-\d+|koi8-[rut]|gb\w+|big5\w*|shift_jis\w*|euc_\w+|mac-\w+|tis-620"
)
_LATIN = {"iso8859-1", "ascii"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']", re.IGNORECASE)
_MARKS_1258 = re.compile(rb"[\xcc\xd2\xde\xec\xf2]")
_VOWEL_MARKS_1258 = re.compile(rb"[aeiouyAEIOUY\xc2\xc3\xca\xd4\xd5\xdd\xe2\xe3\xea\xf4\xf5\xfd][\xcc\xd2\xde\xec\xf2]")

_LEADING = re.compile("[\\s\x00-\x1f\ufeff\u200b\u00a0]+")
_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:([0-9]+)|[xX]([0-9a-fA-F]+));")
_OPAQUE = re.compile(r"<!(?:\[CDATA\[|--)")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,500}(?:\[.{0,20000}?\]\s*>|>)", re.DOTALL)
_MOST_DOCTYPE = 300
_BLANKS = re.compile(r"\s*")
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
# Plain text only: what nests could grow without end, what names a file could read it.
_DECLARED_ENTITY = re.compile(
    r"<!ENTITY\s+([A-Za-z][A-Za-z0-9]{0,31})\s+(?:\"([^\"&<%]{0,200})\"|'([^'&<%]{0,200})')\s*>"
)
# Quotes and dashes of Windows that were taken for control characters; what is left of those has no meaning.
_WINDOWS_SIGNS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0) if code != 0x85}
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_XML_ENTITIES = frozenset({"lt", "gt", "amp", "quot", "apos"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """NFC text without XML declaration, the encoding it came in, keys of `model.REPAIRS`, its DOCTYPE in lower case."""

    text: str
    encoding: str
    repairs: tuple[str, ...]
    doctype: str = ""


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of a feed. Never fails: the last resort is windows-1258 or windows-1252.

    Order of trust: byte order mark, UTF-16/32 signature, strict UTF-8, nearly clean UTF-8, charset of the reply,
    XML declaration, guess. The result holds no declaration, no control characters and no stray ampersand.
    """
    text, encoding, repairs = _to_text(body, content_type)
    legacy = legacy_of(text)
    if legacy:
        text = to_unicode(text, legacy)
        repairs.append(legacy)
    elif encoding == "cp1258":
        repairs.append("windows_1258")
    tidy = is_tidy(text)
    if not tidy and _C1.search(text):
        text = text.translate(_WINDOWS_SIGNS)
    text = _without_head(text, repairs)
    if text.startswith("{"):
        return Decoded(text if tidy else nfc(text), encoding, tuple(repairs))
    cleaned = _REFERENCE.sub(_legal_reference, text if tidy else _CONTROLS.sub("", text))
    if len(cleaned) < len(text):
        repairs.append("controls_removed")
    text = cleaned
    doctype = _DOCTYPE.match(text, prolog_end(text))
    repaired = escape_ampersands(text)
    if repaired.count("&amp;") > text.count("&amp;"):
        repairs.append("ampersands")
    if not tidy or repaired != text:
        repaired = nfc(repaired)
    return Decoded(repaired, encoding, tuple(repairs), doctype.group()[:_MOST_DOCTYPE].lower() if doctype else "")


def _to_text(body: bytes, content_type: str) -> tuple[str, str, list[str]]:
    wide = _by_signature(body)
    if wide is not None:
        return body.decode(wide, "replace").lstrip("\ufeff"), wide, []
    while body.startswith(codecs.BOM_UTF8):
        body = body[len(codecs.BOM_UTF8) :]
    declared = list(_declared(body, content_type))
    utf8 = _utf8(body, declared)
    if utf8 is None:
        return _legacy_text(body, declared)
    text, repairs = utf8
    if body.isascii():
        # Nothing tells one table from another, so the document is believed.
        return text, next((name for name in _named(body, content_type) if name not in _WIDE), "utf-8"), repairs
    if any(name not in _WIDE and name != "utf-8" for name in declared):
        repairs.append("charset_wrong")
    return text, "utf-8", repairs


def _by_signature(body: bytes) -> str | None:
    """The encoding that the first bytes leave no doubt about, other than UTF-8."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return encoding
    if body.startswith(_EBCDIC):
        # The declaration reads the same in all of these tables; it says which one.
        head = body[:_STARTS_WITHIN].decode("cp037").encode("ascii", "replace")
        return next(_declared(head, ""), "cp037")
    first = body[:4]
    return _SIGNATURES.get(tuple(byte == 0 for byte in first)) if len(first) == 4 else None


def _legacy_text(body: bytes, declared: list[str]) -> tuple[str, str, list[str]]:
    """Text in one of the tables of eight bits, or of East Asia."""
    western = body.decode("cp1252", "replace")
    if _WESTERN.issuperset(declared) and legacy_of(western):
        return western, "cp1252", []
    for name in declared:
        if name in _WIDE or (name == "cp1252" and _is_surely_1258(body)):
            continue
        text = body.decode(name, "replace")
        if _share_bad(text) <= _MOST_BAD and _START.search(text, 0, _STARTS_WITHIN):
            return text, name, ["utf8_replaced"] if "\ufffd" in text else []
    guess = guess_legacy(body)
    return body.decode(guess, "replace"), guess, ["charset_wrong" if declared else "charset_guessed"]


def _utf8(body: bytes, declared: list[str]) -> tuple[str, list[str]] | None:
    try:
        # Without `final` an incomplete last character is left out: bodies are cut at any byte.
        text = codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        most = _MOST_BAD_DECLARED if all(name == "utf-8" for name in declared) else _MOST_BAD
        return (text, ["utf8_replaced"]) if _share_bad(text) <= most else None
    return text, ["truncated"] if len(text.encode()) < len(body) else []


def _share_bad(text: str) -> float:
    bad = text.count("\ufffd")
    return bad / sum(1 for char in text if ord(char) > 127) if bad else 0.0


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """Codecs to try, in the order in which they are declared."""
    for name in _named(body, content_type):
        # Windows servers say Latin-1 and send windows-1252; the latter holds all of the former's letters.
        yield "cp1252" if name in _LATIN else name


def _named(body: bytes, content_type: str) -> Iterator[str]:
    """Codec names from the reply and from the XML declaration; names that are no text encoding are left out."""
    found = _CHARSET.search(content_type)
    labels = [found.group(1)] if found else []
    labels += [match.decode("ascii") for match in _XML_ENCODING.findall(body[:2000])[:1]]
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except LookupError:
            continue
        if _TEXT_CODEC.fullmatch(name) or name in _LATIN:
            # The newer table holds all of the older one's signs.
            yield "gb18030" if name in {"gb2312", "gbk"} else name


def guess_legacy(body: bytes) -> str:
    """windows-1258 unless its combining marks stand where Vietnamese has none, then windows-1252."""
    marks, on_vowels = _marks_1258(body)
    return "cp1258" if 2 * on_vowels >= marks else "cp1252"


def _is_surely_1258(body: bytes) -> bool:
    """Enough marks, nearly all on vowels: servers that call every code page Latin-1."""
    marks, on_vowels = _marks_1258(body)
    return on_vowels >= 3 and on_vowels >= 0.9 * marks


def _marks_1258(body: bytes) -> tuple[int, int]:
    return len(_MARKS_1258.findall(body)), len(_VOWEL_MARKS_1258.findall(body))


def _without_head(text: str, repairs: list[str]) -> str:
    head = _LEADING.match(text)
    if head:
        text = text[head.end() :]
        repairs.append("blanks_removed")
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :].lstrip() if declaration else text


def _legal_reference(match: re.Match[str]) -> str:
    """A numeric reference, or nothing when XML has no such character; feedparser ends on halves of characters."""
    decimal, hexadecimal = match.groups()
    digits = (decimal or hexadecimal).lstrip("0") or "0"
    code = int(digits, 10 if decimal else 16) if len(digits) <= 8 else 0
    is_character = code <= 0x10FFFF and not _CONTROLS.match(chr(code))
    return match.group() if is_character else ""


def escape_ampersands(text: str) -> str:
    """Escape each `&` that starts no entity; write named entities out. CDATA and comments stay as they are.

    `R&D` and `?id=2&copy=3` mean what they say. Parsers that meet an undeclared `&nbsp;` leave their strict mode, so it
    becomes a character here. A DOCTYPE is dropped: short plain entities it declares are written out, others not.
    """
    # Items may carry HTML documents with a DOCTYPE of their own.
    doctype = _DOCTYPE.match(text, prolog_end(text))
    own: dict[str, str] = {}
    if doctype:
        own = {name: double or single for name, double, single in _DECLARED_ENTITY.findall(doctype.group())}
        text = text[: doctype.start()] + text[doctype.end() :]
    parts, at = [], 0
    while opaque := _OPAQUE.search(text, at):
        close = "]]>" if opaque.group() == "<![CDATA[" else "-->"
        end = text.find(close, opaque.end())
        end = len(text) if end < 0 else end + len(close)
        parts += [_escape_plain(text[at : opaque.start()], own), text[opaque.start() : end]]
        at = end
    parts.append(_escape_plain(text[at:], own))
    return "".join(parts)


def prolog_end(text: str) -> int:
    """Where the comments and instructions at the start end."""
    at = 0
    while True:
        at = _BLANKS.match(text, at).end()  # type: ignore[union-attr]
        close = "-->" if text.startswith("<!--", at) else "?>" if text.startswith("<?", at) else ""
        end = text.find(close, at) if close else -1
        if end < 0:
            return at
        at = end + len(close)


def _escape_plain(text: str, own: Mapping[str, str]) -> str:
    def written(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return "&amp;"
        if name.startswith("#") or name in _XML_ENTITIES:
            return match.group()
        chars = own.get(name) or html.entities.entitydefs.get(name) or html.entities.html5.get(f"{name};")
        if chars is None:
            return f"&amp;{match.group()[1:]}"
        if len(chars) == 1 and nfc(chars) != chars:
            # The normal form would put another sign in its place.
            return f"&#{ord(chars)};"
        return chars.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    return _AMPERSAND.sub(written, text)
