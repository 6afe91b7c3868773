"""Bytes between two streams, counted: so many in all, no longer silence than allowed."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Final

from infra.egress.limits import Limits
from infra.egress.refusal import Refusal

CHUNK_BYTES: Final = 64 * 1024
CLOSE_S: Final = 1.0


@dataclass(slots=True)
class Meter:
    """What one connection has carried, both ways."""

    limits: Limits
    carried_bytes: int = 0

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        """The next bytes, empty at the end. Raises Refusal past the bound."""
        data = await reader.read(CHUNK_BYTES)
        self.carried_bytes += len(data)
        if self.carried_bytes > self.limits.carried_bytes:
            raise Refusal("too_large")
        return data

    async def read_soon(self, reader: asyncio.StreamReader) -> bytes:
        """The same. Raises TimeoutError where nothing comes."""
        async with asyncio.timeout(self.limits.idle_s):
            return await self.read(reader)


async def send(writer: asyncio.StreamWriter, data: bytes, within_s: float) -> None:
    """Write, and wait until the peer has taken enough. Raises TimeoutError, OSError."""
    writer.write(data)
    async with asyncio.timeout(within_s):
        await writer.drain()


async def close(writer: asyncio.StreamWriter) -> None:
    """Close, without waiting long for a peer that takes nothing more."""
    writer.close()
    try:
        with contextlib.suppress(OSError):  # a timeout is one
            async with asyncio.timeout(CLOSE_S):
                await writer.wait_closed()
    finally:  # whoever closes may be cancelled meanwhile
        writer.transport.abort()


async def both_ways(
    near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    meter: Meter,
) -> None:
    """Carry until both sides have ended, or neither spoke for long. Raises Refusal, OSError."""
    watch = asyncio.timeout(meter.limits.idle_s)
    loop = asyncio.get_running_loop()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await meter.read(reader):
            watch.reschedule(loop.time() + meter.limits.idle_s)
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async with watch:
        carrying = [
            asyncio.ensure_future(carry(near[0], far[1])),
            asyncio.ensure_future(carry(far[0], near[1])),
        ]
        try:
            await asyncio.gather(*carrying)
        finally:
            for task in carrying:
                task.cancel()
            await asyncio.gather(*carrying, return_exceptions=True)
