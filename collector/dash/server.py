"""The dashboard as a server: a socket, TLS where it is asked for, and peers that are held to time.

One process, one event loop; pages run in threads. A peer that takes nothing of an answer is cut
off, so that what waits for it does not pile up; so is one that does not come to ask anything.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from collector.dash.access.surface import Surface
from collector.dash.live.feed import Feed
from infra.errors import Unavailable

STALLED_S: Final = 15.0
"""A peer may leave an answer untaken for so long."""
ASK_S: Final = 15.0
"""A new connection has so long to say its request."""
MOST_CONNECTIONS: Final = 512
BACKLOG: Final = 128
UNTAKEN_BYTES: Final = 128 << 10
"""The kernel keeps so much for a peer; it would give a stalled one megabytes."""
END_S: Final = 2
"""Whoever is still being answered has so long when it ends."""
HEAD_BYTES: Final = 32 << 10
SOCKET_BYTES: Final = 64 << 10
"""A console's longest message."""


class Answering(H11Protocol):
    """One connection, hung up on where it stalls or does not come to ask."""

    _asking: asyncio.TimerHandle | None = None
    _stalling: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connects, and should ask for something."""
        super().connection_made(transport)
        self._asking = self._hang_up_in(ASK_S)

    def data_received(self, data: bytes) -> None:
        """Bytes came: the first of a request, on a connection that was kept, begin its time."""
        if self._asking is None and self._is_idle():
            self._asking = self._hang_up_in(ASK_S)
        super().data_received(data)

    def handle_events(self) -> None:
        """What came was read: once a request is whole, time is held by other means."""
        super().handle_events()
        if not self._is_idle():
            self._asking = _stop(self._asking)

    def pause_writing(self) -> None:
        """The peer takes less than we have for it."""
        self.flow.pause_writing()
        _stop(self._stalling)
        self._stalling = self._hang_up_in(STALLED_S)

    def resume_writing(self) -> None:
        """It takes again."""
        self.flow.resume_writing()
        self._stalling = _stop(self._stalling)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._asking, self._stalling = _stop(self._asking), _stop(self._stalling)
        super().connection_lost(exc)

    def _is_idle(self) -> bool:
        """Whether nothing is being answered; a connection that became a socket is not ours any more."""
        is_ours = self.transport.get_protocol() is self
        return is_ours and (self.cycle is None or self.cycle.response_complete)

    def _hang_up_in(self, seconds: float) -> asyncio.TimerHandle:
        return self.loop.call_later(seconds, self.transport.abort)


def _stop(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Stop a timer; what stands in its place then is none."""
    if timer is not None:
        timer.cancel()
    return None


def listen(surface: Surface) -> socket.socket:
    """A socket that listens; port 0 lets the kernel choose. Raises Unavailable."""
    family = socket.AF_INET6 if ":" in surface.address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNTAKEN_BYTES)
        listener.bind((surface.address, surface.port))
        listener.listen(BACKLOG)  # whoever is told the address may connect at once
    except OSError as error:
        listener.close()
        raise Unavailable(
            f"{surface.address}:{surface.port} cannot be listened on: {error.strerror}",
            "trawl serve --port N, or 0 for any that is free",
        ) from error
    return listener


class Server(uvicorn.Server):
    """One that lets go of its listeners when it ends, instead of waiting for them.

    It says when it answers: from then on signals are its own affair.
    """

    def __init__(self, config: uvicorn.Config, feed: Feed, answers: Callable[[], object]) -> None:
        super().__init__(config)
        self._feed, self._answers = feed, answers

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin."""
        await super().startup(sockets)
        if self.started:
            self._answers()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        self._feed.end()
        await super().shutdown(sockets)


def server(app: FastAPI, surface: Surface, answers: Callable[[], object] = lambda: None) -> Server:
    """A server that is yet to be run with `run(sockets=[listen(surface)])`."""
    config = uvicorn.Config(
        app,
        http=Answering,
        ws="websockets-sansio",
        ws_max_size=SOCKET_BYTES,
        ws_per_message_deflate=False,  # what a console shows is packed already
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=surface.is_proxied,
        forwarded_allow_ips="127.0.0.1,::1" if surface.is_proxied else "",
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_graceful_shutdown=END_S,
        ssl_certfile=surface.certificate,
        ssl_keyfile=surface.key,
    )
    return Server(config, app.state.feed, answers)
