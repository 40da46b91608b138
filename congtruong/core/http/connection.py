"""One request to one checked address, ended when its time is over.

The connection goes to the address that was checked, while the name stays in the Host header, in SNI and in the check of
the certificate. Proxy variables of the environment are never read.
"""

import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, SSLError
from urllib3.exceptions import TimeoutError as HTTPTimeout

from congtruong.core.http.addresses import Address
from congtruong.core.http.errors import FetchError, failed
from congtruong.core.http.target import Target

_CHUNK = 64 * 1024
_KNOWN_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


class Deadline:
    """Seconds that remain of a wall-clock budget."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, *, host: str) -> float:
        """Raises FetchError timeout when nothing is left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise failed("timeout", host=host)
        return left


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers with lower-case names, and the decoded body when it was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    ip: str


class _Pinned(HTTPConnection):
    pinned: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.pinned


class _PinnedTls(HTTPSConnection):
    pinned: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.pinned


def exchange(
    target: Target,
    addresses: Sequence[Address],
    *,
    headers: Mapping[str, str],
    connect_seconds: float,
    most_bytes: int,
    deadline: Deadline,
    sent: bytes | None = None,
) -> Answer:
    """Send one GET, or a POST of `sent`. The reply's body is read for statuses below 300 only. Raises FetchError."""
    sock, ip = _connect(target, addresses, connect_seconds=connect_seconds, deadline=deadline)
    with sock, _cut_off(sock, deadline, host=target.host) as is_over:
        connection = _over(sock, target, seconds=deadline.left(host=target.host))
        try:
            method = "GET" if sent is None else "POST"
            connection.request(method, target.path, body=sent, headers=headers, preload_content=False)
            response = connection.getresponse()
            body = _read(response, target, most_bytes) if response.status < 300 else b""
            if is_over.is_set():
                raise failed("timeout", host=target.host)
            return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, body, ip)
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise _translated(error, target, is_over=is_over.is_set()) from error
        finally:
            connection.close()


def _connect(
    target: Target, addresses: Sequence[Address], *, connect_seconds: float, deadline: Deadline
) -> tuple[socket.socket, str]:
    """The first address that takes the connection, within one budget for all of them."""
    budget = Deadline(min(connect_seconds, deadline.left(host=target.host)))
    last: OSError | None = None
    for address in addresses:
        sock = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            sock.settimeout(budget.left(host=target.host))
            sock.connect(address.sockaddr)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock, address.ip
        except OSError as error:
            sock.close()
            last = error
        except FetchError:
            sock.close()
            raise
    raise failed("timeout" if isinstance(last, TimeoutError) else "network", host=target.host) from last


def _over(sock: socket.socket, target: Target, *, seconds: float) -> HTTPConnection:
    connection: _Pinned | _PinnedTls
    if target.scheme == "https":
        context = _tls(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))
        connection = _PinnedTls(target.host, target.port, timeout=seconds, ssl_context=context)
    else:
        connection = _Pinned(target.host, target.port, timeout=seconds)
    connection.pinned = sock
    return connection


@lru_cache(maxsize=2)
def _tls(_file: str, _folder: str) -> ssl.SSLContext:
    """What we trust. Reading the authorities costs more than an exchange; OpenSSL finds them by these variables."""
    return ssl.create_default_context()


@contextmanager
def _cut_off(sock: socket.socket, deadline: Deadline, *, host: str) -> Iterator[threading.Event]:
    """Shut the connection down at the deadline, whatever it is doing.

    Socket timeouts start anew with every byte, so a server that drips its headers or its body would hold a worker for
    hours. The duplicate outlives the wrapping of the socket in TLS.
    """
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(deadline.left(host=host), cut)
    timer.daemon = True
    twin = sock.dup()
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
        timer.join()
        twin.close()


def _read(response: HTTPResponse, target: Target, most_bytes: int) -> bytes:
    """The decoded body, unpacked 64 KiB at a time so that a small bomb is noticed before it has grown."""
    if response.headers.get("content-encoding", "").strip().lower() not in _KNOWN_ENCODINGS:
        raise failed("encoding", host=target.host)
    too_large = failed("too_large", host=target.host, permanent=True, megabytes=most_bytes // 2**20)
    if (response.length_remaining or 0) > most_bytes:
        raise too_large
    parts, size = [], 0
    for part in response.stream(_CHUNK, decode_content=True):
        size += len(part)
        if size > most_bytes:
            raise too_large
        parts.append(part)
    return b"".join(parts)


def _translated(error: Exception, target: Target, *, is_over: bool) -> FetchError:
    if is_over or isinstance(error, (TimeoutError, HTTPTimeout)):
        return failed("timeout", host=target.host)
    if isinstance(error, (SSLError, ssl.SSLError, ssl.CertificateError)):
        return failed(_tls_code(error), host=target.host, permanent=True)
    if isinstance(error, DecodeError):
        return failed("encoding", host=target.host)
    return failed("network", host=target.host)


# X509_V_ERR_* of OpenSSL (x509_vfy.h).
_VERIFY_CODES = {10: "tls_expired", 62: "tls_name", 63: "tls_name", 64: "tls_name"}
_UNKNOWN_ISSUER = frozenset({2, 18, 19, 20, 21, 24, 27})


def _tls_code(error: Exception) -> str:
    cause = next((one for one in (error, *error.args) if isinstance(one, ssl.SSLCertVerificationError)), None)
    if cause is None:
        return "tls"
    return "tls_issuer" if cause.verify_code in _UNKNOWN_ISSUER else _VERIFY_CODES.get(cause.verify_code, "tls")
