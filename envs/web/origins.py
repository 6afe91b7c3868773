"""Which origins a machine's pages may reach, each pinned to one address before the browser starts.

A host name is resolved once, here; one that leads to a private, loopback or link-local address is
refused, so that a public name cannot be turned inward later. An operator who means such an
address writes it as an address.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from infra.addresses import names_user
from infra.errors import Unavailable, UsageError

PORTS: Final = {"http": 80, "https": 443}
SITES_SUFFIX: Final = ".test"
"""Our own sites answer under this reserved name."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what a page's address is compared by."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """The origin of an address. Raises UsageError where it has none."""
        if names_user(url):  # checked first: what is said of it below would repeat the password
            raise UsageError(
                "an address names no user and no password", "leave out what is before @"
            )
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(f"{url!r} is not an address: {error}", subject=url) from error
        if parts.scheme not in PORTS or not host:
            raise UsageError(f"{url!r} is not http:// or https://", subject=url)
        if "*" in host:
            raise UsageError(f"{url!r}: name one host, without *", subject=url)
        return cls(parts.scheme, host, port or PORTS[parts.scheme])

    @property
    def is_ours(self) -> bool:
        """Whether one of our own sites would answer."""
        return self.scheme == "http" and self.port == 80 and self.host.endswith(SITES_SUFFIX)

    def pinned(self) -> str:
        """`address:port` it is reached at. Raises UsageError for a name that leads inward."""
        address = _literal(self.host) or _resolved(self.host)
        return f"[{address}]:{self.port}" if address.version == 6 else f"{address}:{self.port}"


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _resolved(host: str) -> Address:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unavailable(f"{host} does not resolve: {error}", "check the name", host) from error
    address = ipaddress.ip_address(found[0][4][0])
    if not address.is_global:
        raise UsageError(
            f"{host} leads to {address}, which is not public",
            "write the address itself if you mean it",
            host,
        )
    return address


def hosts(allowed: Iterable[Origin], server_port: int) -> dict[str, str]:
    """What the browser may resolve: our sites at the loopback server, each origin at its pin."""
    found = {f"*{SITES_SUFFIX}:80": f"127.0.0.1:{server_port}"}
    for origin in allowed:
        found[f"{origin.host}:{origin.port}"] = origin.pinned()
    return found
