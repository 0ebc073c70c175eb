"""Which addresses a webhook may call: those of the public internet, and what the deployment allows by name.

Anybody with a key may say where events are sent, so that without care they would make the service talk to what only it
can reach: databases, metadata services, itself. Names are no help: ``127.1`` and ``2130706433`` are addresses too, and
any name may point anywhere a second later. So a name is resolved once, every address that it has is checked, and the
connection goes to one that was checked.

``ipaddress.is_global`` alone is not enough: it takes multicast for public, and IPv4 addresses inside IPv6 ones.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_URL = 2000

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Not private to every Python: assignments of protocols, relays of 6to4, translation inside one's own network,
# documentation, segment routing.
_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "3fff::/20", "5f00::/16")
)
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)
_VISIBLE = re.compile(r"[!-~]+")
#: Ports below 1024 that are meant for the web; others there belong to mail, shells and the like.
_WEB_PORTS = (80, 443)


class NotAllowed(Exception):
    """The address is none that a webhook may call; the message says what would be right."""


@dataclass(frozen=True)
class Target:
    """An address taken apart. ``path`` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the field ``Host`` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"


def is_public(address: Address) -> bool:
    """Whether it is a single host's on the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    is_odd = (
        address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_private
        or address.is_unspecified
    )
    return address.is_global and not is_odd and not any(address in network for network in _NEVER)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    return is_public(address) or any(address in network for network in networks)


def target_of(url: str, networks: Sequence[Network] = ()) -> Target:
    """Take an address apart. Raises NotAllowed for one that can never be called, whatever its name points to.

    ``networks`` are those that the deployment allows besides public addresses; with any, http is taken too.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed("It is no address; right is for example https://example.org/hook.") from None
    if len(url) > LONGEST_URL or not _VISIBLE.fullmatch(url):
        raise NotAllowed(f"It must be at most {LONGEST_URL} visible ASCII characters; write other ones %-encoded.")
    if parts.scheme not in (("https", "http") if networks else ("https",)):
        raise NotAllowed("It must begin with https://.")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise NotAllowed("It must have no user, no password and no fragment.")
    port = port if port is not None else 443 if parts.scheme == "https" else 80
    if port < 1024 and port not in _WEB_PORTS:
        raise NotAllowed("Its port must be 443, 80, or 1024 and above.")
    _require_host(host, networks)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _require_host(host: str, networks: Sequence[Network]) -> None:
    literal = _literal(host)
    if literal is None and not _HOST.fullmatch(host):
        raise NotAllowed("It must name a host; names in other scripts are written in their xn-- form.")
    if literal is not None and not is_allowed(literal, networks):
        raise NotAllowed("Its host must have a public address.")


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def checked_address(target: Target, networks: Sequence[Network]) -> str:
    """An address of the host to connect to. Raises NotAllowed unless every address that it has is allowed.

    The message is the same for a name that does not exist: it would otherwise tell which names do inside.
    """
    try:
        # not for IPv6 scopes: an address of this machine's links is never allowed
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        found = []
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    if not addresses or not all(is_allowed(address, networks) for address in addresses):
        raise NotAllowed("The host has no public address.")
    return str(addresses[0])
