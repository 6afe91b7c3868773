"""A small internet for a proxy: servers on loopback that answer at public-looking addresses.

The proxy's own judgement is all real; only where a name leads, and which socket stands behind an
address, is said here. `dialled` has every address that was connected to.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any

from envs.loop import Loop
from infra.egress import Limits, Policy, Proxy

PUBLIC = "93.184.216.34"
Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Town:
    """Names with their addresses, servers by address, and a proxy between."""

    def __init__(self) -> None:
        self.names: dict[str, list[list[str]]] = {}
        """For each name the answers of its name server in turn; the last one stays."""
        self.dialled: list[tuple[str, int]] = []
        self.heard: list[bytes] = []
        self.port = 0
        self.behind: dict[str, int] = {}
        self.proxy = Proxy(Policy(), "m")
        self._servers: list[asyncio.Server] = []

    async def resolve(self, host: str) -> Sequence[Any]:
        answers = self.names.get(host)
        if answers is None:
            raise OSError("no such name")
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ipaddress.ip_address(one) for one in said]

    async def dial(self, address: Any, port: int) -> Any:
        self.dialled.append((str(address), port))
        if str(address) not in self.behind:
            raise ConnectionRefusedError
        return await asyncio.open_connection("127.0.0.1", self.behind[str(address)])

    async def serve(self, speak: Speak, address: str = PUBLIC) -> int:
        """Somebody at that address; every connection to any port of it is theirs."""

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                    await speak(reader, writer)
            except asyncio.CancelledError:
                writer.transport.abort()  # whoever it speaks to may take nothing any more
                raise
            finally:
                writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
        self._servers.append(server)
        self.behind[address] = server.sockets[0].getsockname()[1]
        return self.behind[address]

    async def says(self, answer: bytes, address: str = PUBLIC) -> None:
        """A server that hears one head, and the body that was sent with it, and says this."""

        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            await writer.drain()

        await self.serve(speak, address)

    async def open(self, *allow: str, limits: Limits | None = None) -> None:
        """Let the proxy listen, for a pool that allows these."""
        self.proxy = Proxy(
            Policy.of(allow), "m", limits=limits, resolve=self.resolve, dial=self.dial
        )
        self.port = await self.proxy.listen()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, *said: bytes) -> bytes:
        """All that comes back for these bytes."""
        reader, writer = await self.connect()
        try:
            for part in said:
                writer.write(part)
                await writer.drain()
            async with asyncio.timeout(20):
                return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    async def get(self, url: str, headers: str = "") -> bytes:
        return await self.ask(f"GET {url} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())

    def refused(self) -> dict[str, int]:
        """How often, by reason."""
        counts = self.proxy.counts.items()
        return {k.removeprefix("refused_"): n for k, n in counts if k.startswith("refused_")}

    async def close(self) -> None:
        await self.proxy.close()
        for server in self._servers:
            server.close()


@contextlib.asynccontextmanager
async def town() -> AsyncIterator[Town]:
    """A town, closed at the end."""
    made = Town()
    try:
        yield made
    finally:
        await made.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says again what it hears."""
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()


async def site(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A page at every address, one that leads inward, and an echo for what is no HTTP."""
    said = await reader.read(1 << 16)
    if not said.startswith(b"GET /"):
        writer.write(said)
        await echo(reader, writer)
        return
    moved = b"302 Found\r\nLocation: http://10.9.0.2/" if b"/inward" in said else b"200 OK"
    writer.write(b"HTTP/1.1 %s\r\nContent-Length: 7\r\n\r\nReached" % moved)
    await writer.drain()


@contextlib.contextmanager
def town_in_a_thread() -> Iterator[Town]:
    """A town with a site at PUBLIC, for a proxy that runs elsewhere."""
    made, loop = Town(), Loop("town")
    try:
        loop.run(made.serve(site), 10.0, "opening the town")
        yield made
        loop.run(made.close(), 10.0, "closing the town")
    finally:
        loop.close()
