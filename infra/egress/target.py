"""Whom a request is for: the authority of a CONNECT, or the absolute form of the other methods."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from infra.egress.policy import plain_name
from infra.egress.refusal import Refusal

AUTHORITY: Final = re.compile(r"(?P<host>[^:/?#@\[\]\s]{1,254})(?::(?P<port>[0-9]{1,5}))?")
ABSOLUTE: Final = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>[^/?#]*)(?P<path>.*)")


@dataclass(frozen=True, slots=True)
class Target:
    """A host, a port, and what is asked of it; a tunnel asks for nothing."""

    host: str
    port: int
    path: str = ""

    @property
    def authority(self) -> str:
        """The value of its Host header."""
        return self.host if self.port == 80 else f"{self.host}:{self.port}"


def of_tunnel(authority: str) -> Target:
    """The target of a CONNECT. Raises Refusal; an IPv6 address is no name, so nobody named it."""
    found = AUTHORITY.fullmatch(authority)
    if found is None:
        raise Refusal("host" if authority.startswith("[") else "malformed")
    if not found["port"]:
        raise Refusal("malformed")
    return Target(plain_name(found["host"]), _port(found["port"]))


def of_address(url: str) -> Target:
    """The target of an absolute `http://` address. Raises Refusal for every other form."""
    found = ABSOLUTE.fullmatch(url)
    if found is None:
        raise Refusal("malformed")
    if found["scheme"] != "http":  # https goes by CONNECT, and file: goes nowhere
        raise Refusal("scheme")
    authority = AUTHORITY.fullmatch(found["rest"])
    if authority is None:
        raise Refusal("host" if found["rest"].startswith("[") else "malformed")
    port = _port(authority["port"]) if authority["port"] else 80
    path = found["path"] if found["path"].startswith("/") else f"/{found['path']}"
    return Target(plain_name(authority["host"]), port, path.partition("#")[0])


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise Refusal("malformed")
    return port
