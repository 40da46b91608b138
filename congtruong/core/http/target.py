"""Addresses taken apart and checked before anything is sent."""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from congtruong.core.http.errors import bad_url

MOST_URL = 2_000
_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]*:[0-9a-f:.]*")
_KEPT = "!$%&'()*+,-./:;=?@_~[]"


@dataclass(frozen=True, slots=True)
class Target:
    """One request: where it goes and what it asks for. `host` is ASCII and lower case, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def is_allowed(self, allow: Collection[str]) -> bool:
        """Whether `host:port` stands in the list that lifts the rules on ports and private addresses."""
        return f"{self.host}:{self.port}" in allow


def target_of(url: str, *, allow: Collection[str] = ()) -> Target:
    """Check the form of `url`. Spaces and letters outside ASCII are escaped as browsers do.

    Raises FetchError bad_url: other schemes, user-info, ports besides 80 and 443 that are not in `allow`.
    """
    url = url.strip().replace(" ", "%20")
    if len(url) > MOST_URL or _FORBIDDEN.search(url):
        raise bad_url()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise bad_url() from error
    if parts.scheme not in _PORTS:
        raise bad_url()
    if "@" in parts.netloc:
        raise bad_url("user_info")
    host = _ascii_host(parts.hostname or "")
    path = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    target = Target(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, path)
    if target.port not in _PORTS.values() and not target.is_allowed(allow):
        raise bad_url("port", port=target.port)
    return target


def _ascii_host(host: str) -> str:
    if ":" not in host and not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise bad_url() from error
    host = host.lower()
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise bad_url()
    return host


def next_url(current: str, location: str) -> str:
    """Where a redirect leads. Servers that send raw UTF-8 in the header arrive as Latin-1 and are set right."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(current, location.strip())
    except ValueError as error:
        raise bad_url() from error
