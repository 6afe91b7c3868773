"""Which hosts and ports a pool lets its machines reach: names, or everything below a name."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from infra.egress.public import is_public
from infra.egress.refusal import Refusal
from infra.errors import UsageError

PORTS: Final = frozenset({80, 443})
"""What a host without a port of its own is reached at."""
LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
NAME: Final = re.compile(rf"(?=.{{1,253}}\Z){LABEL}(?:\.{LABEL})*")
PATTERN: Final = re.compile(r"(?P<below>\*\.)?(?P<host>[^:*/@\s]+)(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """`example.org`, `*.example.org` for every name below it, either with `:port`."""

    host: str
    below: bool = False
    port: int | None = None

    @classmethod
    def of(cls, text: str) -> Pattern:
        """Raises UsageError for what names no host, everybody, or an address that is not public."""
        found = PATTERN.fullmatch(text.lower())
        host = found["host"] if found else ""
        if found is None or not NAME.fullmatch(host) or "." not in host:
            raise UsageError(
                f"{text!r} names no host", "write example.org or *.example.org", "network.allow"
            )
        port = int(found["port"]) if found["port"] else None
        if port is not None and not 0 < port < 65536:
            raise UsageError(f"{text!r}: there is no port {port}", subject="network.allow")
        if host.rpartition(".")[2].isdigit():
            _check_literal(text, host, below=bool(found["below"]))
        return cls(host, bool(found["below"]), port)

    def has(self, host: str) -> bool:
        """Whether it means that host, at whatever port."""
        return host.endswith(f".{self.host}") if self.below else host == self.host

    def opens(self, port: int) -> bool:
        """Whether it means that port."""
        return port in PORTS if self.port is None else port == self.port


@dataclass(frozen=True, slots=True)
class Policy:
    """What a machine may reach; an empty one lets it reach nothing."""

    allow: tuple[Pattern, ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Policy:
        """Raises UsageError for the first pattern that is none."""
        return cls(tuple(map(Pattern.of, patterns)))

    def check(self, host: str, port: int) -> None:
        """Raise Refusal for a host that nobody named, or a port of it that nobody did."""
        among = [pattern for pattern in self.allow if pattern.has(host)]
        if not among:
            raise Refusal("host", host, port)
        if not any(pattern.opens(port) for pattern in among):
            raise Refusal("port", host, port)

    def allows(self, host: str, port: int) -> bool:
        """Whether a machine may reach it."""
        return any(pattern.has(host) and pattern.opens(port) for pattern in self.allow)


def plain_name(host: str) -> str:
    """A host as names are compared: small letters, no dot at its end. Raises Refusal."""
    name = host.lower().removesuffix(".")
    if not NAME.fullmatch(name):
        raise Refusal("malformed")
    return name


def _check_literal(text: str, host: str, *, below: bool) -> None:
    """Raise UsageError for an address that a machine never reaches, or that is half a one."""
    try:
        public = is_public(ipaddress.IPv4Address(host)) and not below
    except ValueError:
        public = False
    if not public:
        raise UsageError(f"{text!r} is not a public address", "name a public host", "network.allow")
