"""`post`: a form or bytes sent to a public address, under the rules that hold for reading."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from congtruong.core.http.addresses import resolve
from congtruong.core.http.client import Limits, clean, retry_after, user_agent
from congtruong.core.http.connection import Deadline, exchange
from congtruong.core.http.errors import failed, refused_status
from congtruong.core.http.target import next_url, target_of

# What the other side has to say is a word or two.
_SMALL = Limits(total_seconds=15, most_bytes=64 * 1024, most_redirects=2)
# The two redirects that keep method and body (RFC 9110, 15.4.8 and 15.4.9); the others would turn a POST into a GET.
_KEEPING = frozenset({307, 308})
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Posted:
    """A reply with status 2xx: `url` is the address that gave it."""

    url: str
    status: int
    body: bytes
    content_type: str = ""


def post(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    body: bytes = b"",
    content_type: str = "application/octet-stream",
    headers: Mapping[str, str] | None = None,
    limits: Limits = _SMALL,
    allow: Collection[str] = (),
) -> Posted:
    """POST `form`, or `body` of the given `content_type`, to a public address within `limits`.

    `headers` are sent besides ours. Redirects 307 and 308 are followed with the same body, every hop checked like the
    first; any other reply than 2xx raises. `allow` as in `fetch`. Raises FetchError.
    """
    deadline = Deadline(limits.total_seconds)
    sent = body if form is None else urlencode(form).encode("ascii")
    told = {
        **(headers or {}),
        "User-Agent": user_agent(),
        "Accept-Encoding": "identity",
        "Content-Type": content_type if form is None else _FORM,
        "Connection": "close",
    }
    target = target_of(url, allow=allow)
    seen: list[str] = []
    while True:
        seen.append(target.url)
        answer = exchange(
            target,
            resolve(target, allowed=target.is_allowed(allow)),
            headers=told,
            connect_seconds=limits.connect_seconds,
            most_bytes=limits.most_bytes,
            deadline=deadline,
            sent=sent,
        )
        location = answer.headers.get("location", "")
        if answer.status not in _KEEPING or not location:
            break
        target = target_of(next_url(target.url, location), allow=allow)
        if target.url in seen or len(seen) > limits.most_redirects:
            raise failed("redirect_circle", host=target.host, permanent=True)
    if not 200 <= answer.status < 300:
        raise refused_status(answer.status, host=target.host, retry_after=retry_after(answer.headers))
    return Posted(target.url, answer.status, answer.body, clean(answer.headers, "content-type"))
