"""Links of items: made absolute, and reduced to the form in which two are compared."""

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

from congtruong.core.text import nfc

_PORTS = {"http": 80, "https": 443}
_KEPT = "!$%&'()*+,-./:;=?@_~"
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_STRAY_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# Nothing to take apart: most links of the field look so.
_PLAIN = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:/[!$-;=@-\[\]_a-z~]*(?:\?[!$-;=@-\[\]_a-z~]+)?)?")
_PLAIN_PATH = re.compile(r"/(?:[A-Za-z0-9_~-][!$-;=@-\[\]_a-z~]*)?(?:\?[!$-;=@-\[\]_a-z~]+)?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Browsers pass over blanks inside a scheme.
UNSAFE_SCHEME = re.compile(
    "|".join(r"\s*".join(name) + r"\s*:" for name in ("javascript", "vbscript", "livescript", "data", "file", "blob")),
    re.IGNORECASE,
)


def absolute(link: str, base: str) -> str:
    """`link` as seen from `base`; empty when it is no web address. Backslashes of Windows servers become slashes."""
    if _PLAIN.fullmatch(link):
        return link
    if _PLAIN_PATH.fullmatch(link) and "/." not in link:
        return (site := _site(base)) and site + link
    link = nfc(link).strip()
    head, mark, query = link.partition("?")
    try:
        joined = urljoin(base, head.replace("\\", "/") + mark + query) if link else ""
        parts = urlsplit(joined)
        usable = parts.scheme in _PORTS and bool(parts.hostname)
    except ValueError:
        return ""
    return joined if usable else ""


@lru_cache(maxsize=64)
def _site(base: str) -> str:
    """Scheme and place of a web address; all links of a document start from the same few."""
    try:
        parts = urlsplit(base.strip())
        return f"{parts.scheme}://{parts.netloc}" if parts.scheme in _PORTS and parts.hostname else ""
    except ValueError:
        return ""


def is_relative(link: str) -> bool:
    """Whether an address says where from a place only, such as `tin/1.html`."""
    return not _SCHEME.match(link.strip())


def canonical_link(url: str) -> str:
    """The form two links are compared in; empty when `url` is no http(s) address.

    Always https; host in lower case and ASCII, without user-info, closing dot and default port; no fragment, no
    `utm_*` parameter, the other parameters kept in their order (ASP.NET ids live there). Escapes are upper case and
    only where needed. A slash at the end of the path is dropped, since servers redirect between the two forms.
    """
    try:
        parts = urlsplit(nfc(url).partition("#")[0].strip())
        port, host = parts.port, _host(parts.hostname or "")
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not host:
        return ""
    place = f"{host}:{port}" if port is not None and port not in _PORTS.values() else host
    pairs = [pair for pair in parts.query.split("&") if pair and not pair.lower().startswith("utm_")]
    path = _escaped(parts.path).rstrip("/") or "/"
    query = _escaped("&".join(pairs))
    return f"https://{place}{path}" + (f"?{query}" if query else "")


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _escaped(text: str) -> str:
    def tidy(match: re.Match[str]) -> str:
        char = chr(int(match.group()[1:], 16))
        return char if _UNRESERVED.fullmatch(char) else match.group().upper()

    return _ESCAPE.sub(tidy, quote(_STRAY_PERCENT.sub("%25", text), safe=_KEPT))
