"""Addresses to which the hub sends; pure."""

from collections.abc import Collection, Mapping
from urllib.parse import urlencode

from congtruong.core.http.target import target_of

MOST_CALLBACK = 1000


def host_of(callback: str, *, allow: Collection[str]) -> str:
    """`host:port` of an address that may be tried. Raises FetchError bad_url; what it resolves to is not known yet."""
    target = target_of(callback, allow=allow)
    return f"{target.host}:{target.port}"


def with_query(callback: str, words: Mapping[str, str]) -> str:
    """The address with these parameters added; its own stay as they are."""
    joint = "&" if "?" in callback else "?"
    return f"{callback}{joint}{urlencode(words)}"
