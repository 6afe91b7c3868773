"""The proxy of one machine: on a loopback port for this user's processes, or handed its connections.

A connection brings one request: a CONNECT becomes a tunnel, an absolute `http://` address is
fetched. Everything else is refused with its reason. What was refused is counted by reason and
logged by host and port, each once: neither path nor header nor body is in any line.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Coroutine
from typing import Any, Final

import h11
import structlog

from infra.egress import peer, target
from infra.egress.carrying import Meter, both_ways, close, send
from infra.egress.exchange import NEVER, Exchange
from infra.egress.limits import Limits
from infra.egress.policy import Policy
from infra.egress.reaching import Dial, Resolve, Streams, dialled, reach, resolved
from infra.egress.refusal import Refusal
from infra.egress.target import Target

BACKLOG: Final = 1024
AGAIN_S: Final = 0.1
"""After a connection that could not be accepted: descriptors have run out."""
LINES: Final = 200
"""Most refusals that one machine can put into the log; all are counted."""
log = structlog.get_logger("egress")


class Proxy:
    """Serves what comes to the port of `listen` or is handed to `take`, until `close`.

    All of it on the event loop that these are called on.
    """

    def __init__(
        self,
        policy: Policy,
        subject: str,
        *,
        limits: Limits | None = None,
        resolve: Resolve = resolved,
        dial: Dial = dialled,
    ) -> None:
        self.counts: Counter[str] = Counter()
        """Connections that were served, and those refused by `refused_<reason>`."""
        self._policy, self._subject, self._limits = policy, subject, limits or Limits()
        self._resolve, self._dial = resolve, dial
        self._room = asyncio.Semaphore(self._limits.connections)
        self._accepting: asyncio.Task[None] | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._told: set[tuple[str, str, int]] = set()
        self._is_closed = False

    async def listen(self) -> int:
        """Take a free loopback port; returns it. Raises OSError."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        listener.setblocking(False)  # noqa: FBT003 - its only parameter
        self._accepting = asyncio.ensure_future(self._accept(listener))
        return int(listener.getsockname()[1])

    async def close(self) -> None:
        """Stop listening and end every connection; twice is fine."""
        self._is_closed = True
        tasks = [*self._serving, *([self._accepting] if self._accepting else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, listener: socket.socket) -> None:
        """Take in connections while there is room for them."""
        loop = asyncio.get_running_loop()
        with listener:
            while True:
                await self._room.acquire()
                try:
                    taken, _ = await loop.sock_accept(listener)
                except OSError:
                    self._room.release()
                    await asyncio.sleep(AGAIN_S)
                    continue
                self._start(self._take(taken)).add_done_callback(lambda _: self._room.release())

    def take(self, taken: socket.socket) -> None:
        """Serve a connection whose other end only the machine can have; it is closed in any case.

        Where as many wait as are served, it is closed at once.
        """
        if self._is_closed or len(self._serving) >= 2 * self._limits.connections:
            self.counts["refused_full"] += 1
            taken.close()
            return
        self._start(self._take_in_turn(taken))

    async def _take_in_turn(self, taken: socket.socket) -> None:
        with taken:
            async with self._room:
                await self._take(taken)

    def _start(self, serving: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(serving)
        self._serving.add(task)
        task.add_done_callback(self._left)
        return task

    def _left(self, task: asyncio.Task[None]) -> None:
        self._serving.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.counts["failed"] += 1
            if structlog.is_configured():
                log.error("egress.failed", subject=self._subject, exc_info=error)

    async def _take(self, taken: socket.socket) -> None:
        """Serve one connection, or say why not; whatever goes wrong ends this one alone."""
        with taken:
            reader, writer = await asyncio.open_connection(
                sock=taken, limit=self._limits.head_bytes
            )
            try:
                await self._serve(reader, writer)
            finally:
                await close(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        parser = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head_bytes)
        try:
            async with asyncio.timeout(self._limits.whole_s):
                self._admit(writer)
                await self._answer(parser, (reader, writer))
                self.counts["served"] += 1
        except Refusal as refusal:
            await self._refuse(parser, writer, refusal)
        except h11.ProtocolError:
            await self._refuse(parser, writer, Refusal("malformed"))
        except TimeoutError:
            await self._refuse(parser, writer, Refusal("too_slow"))
        except OSError:  # one of the two hung up
            self.counts["broken"] += 1

    def _admit(self, writer: asyncio.StreamWriter) -> None:
        """Raise Refusal for another user's process; a pair of sockets has no strangers."""
        if writer.get_extra_info("socket").family == socket.AF_UNIX:
            return
        near, own = (writer.get_extra_info(name) for name in ("peername", "sockname"))
        if not near or not own or not peer.is_ours(near[:2], own[:2]):  # it may be gone already
            raise Refusal("stranger")

    async def _answer(self, parser: h11.Connection, near: Streams) -> None:
        meter = Meter(self._limits)
        async with asyncio.timeout(self._limits.head_s):
            request = await _request(parser, near[0], meter)
        asked = _target(request)
        self._policy.check(asked.host, asked.port)
        far = await reach(asked, self._limits, self._resolve, self._dial)
        try:
            if asked.path:
                await Exchange(parser, near, far, meter).carry(request, asked)
            else:
                await self._tunnel(parser, near, far, meter)
        except Refusal as refusal:
            raise Refusal(refusal.reason, asked.host, asked.port) from refusal
        finally:
            await close(far[1])

    async def _tunnel(
        self, parser: h11.Connection, near: Streams, far: Streams, meter: Meter
    ) -> None:
        """Say that it stands, pass on what came early, then carry."""
        while parser.next_event() is not h11.PAUSED:
            continue
        said = parser.send(h11.Response(status_code=200, headers=[])) or b""
        await send(near[1], said, self._limits.idle_s)
        early, _ = parser.trailing_data
        await send(far[1], early, self._limits.idle_s)
        await both_ways(near, far, meter)

    async def _refuse(
        self, parser: h11.Connection, writer: asyncio.StreamWriter, refusal: Refusal
    ) -> None:
        """Count it, log it once, and tell the machine the reason where it still listens."""
        self.counts[f"refused_{refusal.reason}"] += 1
        what = (refusal.reason, refusal.host, refusal.port)
        if structlog.is_configured() and what not in self._told and len(self._told) < LINES:
            self._told.add(what)
            log.warning("egress.refused", subject=self._subject, reason=refusal.reason,
                        host=refusal.host, port=refusal.port)  # fmt: skip
        with contextlib.suppress(OSError, h11.ProtocolError):
            await send(writer, _told(parser, refusal), self._limits.connect_s)


async def _request(
    parser: h11.Connection, reader: asyncio.StreamReader, meter: Meter
) -> h11.Request:
    """The head of the one request. Raises Refusal, h11.ProtocolError."""
    while True:
        event: Any = parser.next_event()
        if isinstance(event, h11.Request):
            return event
        if event is not h11.NEED_DATA:
            raise Refusal("malformed")
        parser.receive_data(await meter.read(reader))


def _target(request: h11.Request) -> Target:
    """Whom it is for. Raises Refusal."""
    asked = request.target.decode("ascii")
    if request.method == b"CONNECT":
        return target.of_tunnel(asked)
    if request.method in NEVER:
        raise Refusal("malformed")
    return target.of_address(asked)


def _told(parser: h11.Connection, refusal: Refusal) -> bytes:
    """The answer that says why; empty where one has begun already."""
    if parser.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
        return b""
    body = f"refused: {refusal.reason}\n".encode("ascii")
    headers = [
        ("content-type", "text/plain"),
        ("content-length", str(len(body))),
        ("connection", "close"),
    ]
    parts = [
        parser.send(h11.Response(status_code=refusal.status, headers=headers)),
        parser.send(h11.Data(data=body)),
        parser.send(h11.EndOfMessage()),
    ]
    return b"".join(part or b"" for part in parts)
