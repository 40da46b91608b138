"""Where a link that a unit chose may lead: a path of its portal, or an encrypted address elsewhere; pure."""

from urllib.parse import urlsplit

from congtruong.core.text import nfc
from congtruong.portal import errors

_LONGEST = 300


def clean_target(text: str, *, own_host: str = "") -> str:
    """The address as stored. The unit's own full address becomes a path.

    Raises `TargetInvalid` for anything that is neither a path nor `https://…`: scripts, other schemes, `//host`, names
    with passwords in them.
    """
    address = nfc(text).strip()
    if not address or len(address) > _LONGEST or any(char.isspace() or char == "\\" for char in address):
        raise errors.TargetInvalid
    try:
        parts = urlsplit(address)
        host, port, has_password = parts.hostname or "", parts.port, "@" in parts.netloc
    except ValueError as problem:
        raise errors.TargetInvalid from problem
    if own_host and host == own_host and parts.scheme in {"http", "https"} and port is None and not has_password:
        return _path(address.split("//", 1)[1].partition("/")[2])
    if address.startswith("/") and not address.startswith("//"):
        return address
    if parts.scheme != "https" or "." not in host or has_password:
        raise errors.TargetInvalid
    return address


def is_elsewhere(target: str) -> bool:
    return target.startswith("https://")


def _path(rest: str) -> str:
    path = f"/{rest}"
    if path.startswith("//"):
        raise errors.TargetInvalid
    return path
