"""Bytes between a viewer's WebSocket and a machine's VNC server, each way no faster than it is taken.

What the viewer says goes through its `ClientMessages`; what the machine shows goes on as it is. The
first of the two ways that ends, or the watch beside them, ends both.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from collector.dash.console.rfb import ClientMessages
from infra.errors import HostileInput

CHUNK_BYTES: Final = 64 * 1024
LEFT: Final = "the viewer left"
GONE: Final = "the machine shows nothing any more"


class Traffic:
    """What goes through one console; `moved` and `worked` count what its watch looks at."""

    def __init__(self, viewer: WebSocket, screen: socket.socket, messages: ClientMessages) -> None:
        self._viewer, self._screen, self._messages = viewer, screen, messages
        self.moved = 0
        """Reads that brought something, either way."""

    @property
    def inputs(self) -> int:
        """Keys, movements and texts that reached the machine."""
        return self._messages.inputs

    async def run(self, watch: Callable[[Traffic], Awaitable[str]]) -> str:
        """Pump until one side ends or the watch does; why it ended.

        Raises HostileInput for what a viewer must not say, and what the watch raises.
        """
        ways = [asyncio.ensure_future(way) for way in (self._out(), self._in(), watch(self))]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        return min(done, key=ways.index).result()

    async def _out(self) -> str:
        """From the machine to the viewer; a slow viewer is waited for, and the machine waits too."""
        loop = asyncio.get_running_loop()
        try:
            while data := await loop.sock_recv(self._screen, CHUNK_BYTES):
                self.moved += 1
                await self._viewer.send_bytes(data)
        except WebSocketDisconnect:
            return LEFT
        except ConnectionError:
            pass
        return GONE

    async def _in(self) -> str:
        """From the viewer to the machine, as far as it may."""
        loop = asyncio.get_running_loop()
        while (message := await self._viewer.receive())["type"] != "websocket.disconnect":
            data = message.get("bytes")
            if data is None:
                raise HostileInput("a viewer sends text where bytes are meant")
            self.moved += 1
            passed = self._messages.feed(data)
            if not passed:
                continue
            try:
                await loop.sock_sendall(self._screen, passed)
            except ConnectionError:
                return GONE
        return LEFT
