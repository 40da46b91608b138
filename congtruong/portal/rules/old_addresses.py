"""The form in which addresses of a unit's former site are kept and compared; pure.

Search engines, letters and other sites hold one old address in many spellings: with and without the closing slash, in
capitals (IIS does not care), with letters escaped or not, with counters of advertisers behind them.
"""

import re
from urllib.parse import unquote_to_bytes, urlsplit

from django.utils.encoding import repercent_broken_unicode

from congtruong.core.text import nfc

MOST_CHARACTERS = 500
_NOISE = re.compile(r"utm_\w+|fbclid|gclid|zarsrc|zalo_\w+")
_RESERVED_IN_PATH = re.compile(r"[%?#]")
_RESERVED_IN_QUERY = re.compile(r"[%&#+=]")
_HIDDEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\ud800-\udfff]+")


def old_address(url: str) -> str:
    """Path and query of an address in the compared form; empty when there is nothing to compare or it is too long.

    Lower case, NFC, letters unescaped, one slash at a time, none at the end, no fragment; parameters sorted, those of
    advertisers left out. Scheme and host do not count: a redirect belongs to a unit.
    """
    try:
        parts = urlsplit(nfc(url).strip().replace("\\", "/"))
    except ValueError:
        return ""
    segments: list[str] = []
    for segment in _plain(parts.path).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(_RESERVED_IN_PATH.sub(_escaped, segment))
    address = "/" + "/".join(segments)
    query = "&".join(sorted(filter(None, map(_parameter, parts.query.split("&")))))
    if query:
        address += f"?{query}"
    return address if len(address) <= MOST_CHARACTERS else ""


def spellings(requested: str) -> list[str]:
    """Old addresses that answer to a request, the most telling first: as asked, by its WordPress id, without query."""
    whole = old_address(requested)
    path, _, query = whole.partition("?")
    found = [whole]
    ids = [one for one in query.split("&") if one.partition("=")[0] in {"p", "page_id", "attachment_id", "cat"}]
    found += [f"/?{one}" for one in ids if path in {"/", "/index.php"}]
    if path != "/":
        found.append(path)
    return [one for one in dict.fromkeys(found) if one not in {"", "/"}]


def _parameter(written: str) -> str:
    name, equals, value = written.partition("=")
    name, value = (_RESERVED_IN_QUERY.sub(_escaped, _plain(part.replace("+", " "))) for part in (name, value))
    if not name or _NOISE.fullmatch(name):
        return ""
    return f"{name}={value}" if equals else name


def _plain(text: str) -> str:
    """Unescaped, composed, in lower case. Bytes that are no UTF-8 stay escaped, as Django has them in a request."""
    unescaped = repercent_broken_unicode(unquote_to_bytes(text)).decode("utf-8", "replace")
    # Lower case of a composed letter may come apart.
    return nfc(_HIDDEN.sub(" ", nfc(nfc(unescaped).lower()))).strip()


def _escaped(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02x}"
