"""Which addresses lie on the public internet, whatever form they are written in.

IPv6 is judged by what is let through, not by what is kept out: global unicast without the ranges
that carry another address inside (6to4, Teredo) or are for documents. IPv4 inside IPv6 (mapped,
compatible, NAT64), site-local, link-local and multicast addresses all lie outside it.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
UNICAST: Final = ipaddress.IPv6Network("2000::/3")
NOT_UNICAST: Final = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)
"""Protocol assignments with Teredo and ORCHID, documents, 6to4, documents."""
NOT_PUBLIC: Final = tuple(
    map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
)
"""Protocol assignments, relays of 6to4, and a cloud's metadata behind a public-looking address."""


def is_public(address: Address) -> bool:
    """Whether it is somebody's on the internet: neither private, local, shared nor translated."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = any(address in network for network in NOT_UNICAST)
        return address.scope_id is None and address in UNICAST and not inside
    if address.is_multicast or not address.is_global:
        return False
    return not any(address in network for network in NOT_PUBLIC)


def is_own(address: Address) -> bool:
    """Whether it is one of this host's, by the source that the kernel would take. Sends nothing."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((str(address), 9))
        except OSError:  # no way there: connecting will say so
            return False
        return ipaddress.ip_address(str(asking.getsockname()[0])) == address
