"""Which machines may be reached: public unicast addresses, decided on what the name resolves to.

Names, decimal, hexadecimal and short forms all pass through the resolver, so only its answer is judged. The answer is
used for the connection too; a second look-up could give another one (DNS rebinding).
"""

import ipaddress
import socket
from dataclasses import dataclass

from congtruong.core.http.errors import failed
from congtruong.core.http.target import Target

# Global according to the registry, yet not a public host: protocol assignments, 6to4 relays.
_NOT_HOSTS_4 = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
_GLOBAL_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
# Protocol assignments with Teredo (RFC 4380), and 6to4 (RFC 3056): tunnels that may end anywhere. Documentation
# (RFC 9637), which the tables of older interpreters do not know.
_NOT_HOSTS_6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2002::/16", "3fff::/20")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """One checked answer of the resolver, ready for `socket.connect`."""

    family: socket.AddressFamily
    sockaddr: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]

    @property
    def ip(self) -> str:
        return str(self.sockaddr[0])


def is_public(text: str) -> bool:
    """Whether an address in standard notation belongs to a public host; embedded IPv4 addresses are judged instead."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public_4(address)
    if address.ipv4_mapped is not None:
        return _is_public_4(address.ipv4_mapped)
    if address in _NAT64:
        return _is_public_4(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    in_place = address in _GLOBAL_UNICAST_6 and not any(address in network for network in _NOT_HOSTS_6)
    return in_place and address.is_global and not address.is_multicast


def _is_public_4(address: ipaddress.IPv4Address) -> bool:
    usual = address.is_global and not address.is_multicast and not address.is_reserved
    return usual and not any(address in network for network in _NOT_HOSTS_4)


def resolve(target: Target, *, allowed: bool) -> list[Address]:
    """Addresses of the target, in the resolver's order. One that is not public refuses them all, unless `allowed`."""
    try:
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise failed("dns", host=target.host) from error
    addresses = list(dict.fromkeys(Address(family, sockaddr) for family, _, _, _, sockaddr in answers))
    if not addresses:
        raise failed("dns", host=target.host)
    if not allowed and not all(is_public(address.ip) for address in addresses):
        raise failed("refused_address", host=target.host, permanent=True)
    return addresses
