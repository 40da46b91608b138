"""What makes two texts of a source the same to a reader; pure."""

import hashlib
import html
import re
from urllib.parse import urlsplit

from congtruong.core.text import squeeze

_ADDRESS = re.compile(r'\b(href|src)="([^"]*)"')
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)$", re.IGNORECASE)
_TRACKING = re.compile(r"(?:utm_[^=]*|fbclid|gclid|zarsrc)(?:=|$)", re.IGNORECASE)
_BETWEEN_TAGS = re.compile(r">\s+<")


def tidied_html(source: str, host: str) -> str:
    """HTML without what a source changes for no reader: white space, tracking, its own host."""
    made = _ADDRESS.sub(lambda found: f'{found[1]}="{bare_address(found[1], html.unescape(found[2]), host)}"', source)
    return _BETWEEN_TAGS.sub("><", squeeze(made))


def bare_address(name: str, address: str, host: str) -> str:
    """An address for comparing: no scheme, no fragment, no tracking, not even its host where that is `host`."""
    try:
        parts = urlsplit(address.partition("#")[0])
    except ValueError:
        return address
    if parts.scheme not in {"http", "https"}:
        return address
    place = "" if parts.netloc.lower() == host else parts.netloc.lower()
    if name == "src" and _PICTURE.search(parts.path):
        return f"{place}{parts.path}"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair))
    return f"{place}{parts.path}?{query}" if query else f"{place}{parts.path}"


def host_of(link: str) -> str:
    try:
        return urlsplit(link).netloc.lower()
    except ValueError:
        return ""


def path_of(link: str) -> str:
    """A canonical link without its host; a hashed one as it is."""
    _, mark, rest = link.partition("://")
    return f"/{rest.partition('/')[2]}" if mark else link


def digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
