"""From a name to a connection: resolved, every address looked at, one of those connected to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from infra.egress.limits import Limits
from infra.egress.public import Address, is_own, is_public
from infra.egress.refusal import Refusal
from infra.egress.target import Target

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Resolve = Callable[[str], Awaitable[Sequence[Address]]]
Dial = Callable[[Address, int], Awaitable[Streams]]
TRIED: Final = 4
"""Most addresses of one name that are tried."""


async def resolved(host: str) -> list[Address]:
    """Every address of a host, as this system resolves it. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0])) for entry in found))


async def dialled(address: Address, port: int) -> Streams:
    """A connection to an address. Raises OSError."""
    return await asyncio.open_connection(str(address), port)


async def reach(target: Target, limits: Limits, resolve: Resolve, dial: Dial) -> Streams:
    """A connection to an address of the target that was looked at here.

    Raises Refusal. One address that is not public spoils the name: nobody honest mixes them.
    """
    addresses = await _addresses(target, limits, resolve)
    if not all(is_public(one) and not is_own(one) for one in addresses):
        raise Refusal("address", target.host, target.port)
    for address in addresses[:TRIED]:
        try:
            async with asyncio.timeout(limits.connect_s):
                return await dial(address, target.port)
        except OSError:  # a timeout is one
            continue
    raise Refusal("unreachable", target.host, target.port)


async def _addresses(target: Target, limits: Limits, resolve: Resolve) -> Sequence[Address]:
    try:
        async with asyncio.timeout(limits.resolve_s):
            found = await resolve(target.host)
    except (OSError, ValueError) as error:
        raise Refusal("name", target.host, target.port) from error
    if not found:
        raise Refusal("name", target.host, target.port)
    return found
