"""What holds for every test: no network, bounded and repeatable property tests."""

import os
import socket
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

# Wall-clock limits per example would fail on a busy machine, not on a slow product.
settings.register_profile(
    "local", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


class NetworkForbidden(BaseException):
    """A test reached for another machine. Not an `Exception`: product code that handles failures must not hide it."""


def _refuse(target: object) -> NoReturn:
    raise NetworkForbidden(f"Tests reach 127.0.0.1 only, not {target!r}")


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None:
        return True
    return isinstance(host, str) and (
        host in {"", "localhost", "::1"} or host.startswith("127.") or host.endswith(".localhost")
    )


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only 127.0.0.1, ::1 and Unix sockets can be reached; other names are not even looked up."""
    internet = {socket.AF_INET, socket.AF_INET6}

    def guard(name: str) -> None:
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, *arguments: Any) -> Any:
            # The address is the last argument of connect, connect_ex and sendto.
            address = arguments[-1]
            if self.family in internet and not _is_here(address[0]):
                _refuse(address)
            return original(self, *arguments)

        monkeypatch.setattr(socket.socket, name, guarded)

    for name in ("connect", "connect_ex", "sendto"):
        guard(name)

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if not (_is_here(host) or _is_address(host)):
            _refuse(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


def _is_address(host: object) -> bool:
    """A numeric address: "looking it up" asks nobody."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, str(host))
        except (OSError, ValueError):
            continue
        return True
    return False
