"""Who a request comes from, as far as limits are concerned."""

from __future__ import annotations

import ipaddress

from flask import Request

#: A household or a machine on IPv6 has a whole network of this size; counting single addresses would limit nobody.
_IPV6_NETWORK = 64


def client_of(request: Request, proxies: int) -> str:
    """The address that a limit counts: an IPv4 address or an IPv6 network.

    ``proxies`` is how many proxies of ours stand in front, each of which adds the address it was called from to
    ``X-Forwarded-For``; what stands further left in it was written by the client, and is never believed.
    """
    told = [part.strip() for part in ",".join(request.headers.getlist("X-Forwarded-For")).split(",") if part.strip()]
    if proxies and len(told) >= proxies:
        return network_of(told[-proxies])
    # it came past our proxies, and what it says of itself counts for nothing
    return network_of(request.remote_addr or "")


def network_of(address: str) -> str:
    """``192.0.2.1`` or ``2001:db8::/64``; ``unknown`` for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed.packed, _IPV6_NETWORK), strict=False))
    return str(parsed)
