"""`fetch`: conditional GET with redirects followed by us, every hop checked like the first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.conf import settings

from congtruong.core import clock
from congtruong.core.http.addresses import Address, resolve
from congtruong.core.http.connection import Answer, Deadline, exchange
from congtruong.core.http.errors import OtherAddress, failed, refused_status
from congtruong.core.http.target import Target, next_url, target_of

FEEDS = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LASTING = frozenset({301, 308})
_MOST_DELAY = 7 * 24 * 3600
_MOST_ETAG, _MOST_DATE = 300, 100


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch, over all of its redirects. `most_bytes` counts the decoded body."""

    connect_seconds: float = 10
    total_seconds: float = 30
    most_bytes: int = 5 * 2**20
    most_redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A reply with status 2xx, or 304 with an empty body.

    `etag` (at most 300 characters) and `last_modified` (100) are fit to be stored and sent back, or empty.
    `url` is the address that answered; `permanent_url` repeats it when every redirect on the way was a 301 or 308, and
    is empty otherwise. `fresh_seconds` is how long the server wants its reply to be used (Cache-Control, Expires).
    """

    url: str
    status: int
    body: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    permanent_url: str = ""
    fresh_seconds: int = 0
    ip: str = ""


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    accept: str = FEEDS,
    limits: Limits = Limits(),
    allow: Collection[str] = (),
    via: str | None = None,
) -> Fetched:
    """GET a public address within `limits`; `etag` and `last_modified` as a former reply gave them.

    `allow` lists `host:port` that may be reached although private or on another port (demo and tests). `via` is the
    machine the caller expects and has reserved: when the name does not lead there, OtherAddress is raised before
    anything is sent. The name look-up itself is bounded by the resolver's own configuration. Raises FetchError.
    """
    deadline = Deadline(limits.total_seconds)
    headers = _request_headers(etag=etag, last_modified=last_modified, accept=accept)
    target = target_of(url, allow=allow)
    seen: list[str] = []
    lasting = True
    while True:
        addresses = resolve(target, allowed=target.is_allowed(allow))
        if via is not None and not seen:
            addresses = _through(via, addresses)
        seen.append(target.url)
        answer = exchange(
            target,
            addresses,
            headers=headers,
            connect_seconds=limits.connect_seconds,
            most_bytes=limits.most_bytes,
            deadline=deadline,
        )
        location = answer.headers.get("location", "")
        if answer.status not in _REDIRECTS or not location:
            return _result(target, answer, permanent=lasting and len(seen) > 1)
        lasting = lasting and answer.status in _LASTING
        target = target_of(next_url(target.url, location), allow=allow)
        if target.url in seen or len(seen) > limits.most_redirects:
            raise failed("redirect_circle", host=target.host, permanent=True)


def _through(via: str, addresses: list[Address]) -> list[Address]:
    """The reserved machine first; the others stand in should it not answer."""
    ips = [address.ip for address in addresses]
    if via not in ips:
        raise OtherAddress(ips[0])
    return sorted(addresses, key=lambda address: address.ip != via)


def user_agent() -> str:
    """Who asks, and where its people can be reached."""
    contact = settings.FETCH_CONTACT
    return f"CongTruong/0.1 (+{contact})" if contact else "CongTruong/0.1"


def _request_headers(*, etag: str, last_modified: str, accept: str) -> dict[str, str]:
    headers = {
        "User-Agent": user_agent(),
        "Accept": accept,
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    return headers


def _result(target: Target, answer: Answer, *, permanent: bool) -> Fetched:
    if not (200 <= answer.status < 300 or answer.status == 304):
        raise refused_status(answer.status, host=target.host, retry_after=retry_after(answer.headers))
    return Fetched(
        url=target.url,
        status=answer.status,
        body=answer.body,
        content_type=clean(answer.headers, "content-type"),
        etag=clean(answer.headers, "etag", _MOST_ETAG),
        last_modified=clean(answer.headers, "last-modified", _MOST_DATE),
        permanent_url=target.url if permanent else "",
        fresh_seconds=fresh_seconds(answer.headers),
        ip=answer.ip,
    )


def clean(headers: Mapping[str, str], name: str, most: int = 300) -> str:
    """A header that can be stored and sent back, or nothing: no oversized or unprintable values."""
    value = headers.get(name, "").strip()
    return value if len(value) <= most and value.isascii() and value.isprintable() else ""


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Retry-After in seconds (RFC 9110, 10.2.3: seconds or a date), at most seven days."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:9]), _MOST_DELAY)
    instant = _http_date(value)
    if instant is None:
        return None
    return max(0, min(int((instant - clock.now()).total_seconds()), _MOST_DELAY))


def fresh_seconds(headers: Mapping[str, str]) -> int:
    """Freshness of the reply: Cache-Control max-age, else Expires less Date; 0 when unknown or refused."""
    control = [part.strip().lower() for part in headers.get("cache-control", "").split(",")]
    if "no-cache" in control or "no-store" in control:
        return 0
    for part in control:
        name, _, value = part.partition("=")
        value = value.strip('" ')
        if name == "max-age" and value.isascii() and value.isdigit():
            return min(int(value[:9]), _MOST_DELAY)
    expires, made = _http_date(headers.get("expires", "")), _http_date(headers.get("date", ""))
    if expires is None:
        return 0
    return max(0, min(int((expires - (made or clock.now())).total_seconds()), _MOST_DELAY))


def _http_date(value: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
