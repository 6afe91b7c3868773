"""Where the dashboard listens, and under which names it answers.

Loopback is the default. Any other address is refused unless what is said on the way is kept from
others: by a certificate here, or by a proxy in front that somebody vouches for.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.errors import UsageError

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
HINT: Final = "--tls-cert FILE --tls-key FILE, or --behind-proxy where one ends TLS in front"


@dataclass(frozen=True, slots=True)
class Surface:
    """An address to listen on; `certificate` and `key` are files of PEM, or both None."""

    address: str = "127.0.0.1"
    port: int = 0
    names: frozenset[str] = LOOPBACK
    certificate: Path | None = None
    key: Path | None = None
    is_proxied: bool = False

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it over TLS."""
        return self.certificate is not None or (self.is_proxied and not self.is_local)

    @property
    def is_local(self) -> bool:
        """Whether only loopback names are answered."""
        return self.names == LOOPBACK


def surface(
    address: str,
    port: int,
    names: list[str],
    certificate: Path | None,
    key: Path | None,
    *,
    behind_proxy: bool,
) -> Surface:
    """What the options say. Raises UsageError where they would let others listen."""
    if (certificate is None) != (key is None):
        raise UsageError("a certificate and its key go together", HINT)
    for file in filter(None, (certificate, key)):
        if not file.is_file():
            raise UsageError(f"{file} is not there", HINT, str(file))
    try:
        bound = ipaddress.ip_address(address)
    except ValueError as error:
        raise UsageError(f"{address!r} is no address", "such as 127.0.0.1", address) from error
    if not bound.is_loopback and certificate is None and not behind_proxy:
        raise UsageError(f"{address} is reached by others, and nothing hides what is said", HINT)
    known = LOOPBACK | {name.lower() for name in names}
    known |= set() if bound.is_unspecified else {str(bound)}
    return Surface(str(bound), port, known, certificate, key, behind_proxy)


def bare(host: str) -> str:
    """The name in a `Host` header: lower case, without port and brackets."""
    name, colon, port = host.strip().lower().rpartition(":")
    whole = name if colon and port.isdecimal() else host.strip().lower()
    return whole.removeprefix("[").removesuffix("]")
