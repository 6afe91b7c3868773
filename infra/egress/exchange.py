"""One plain HTTP request, taken apart and put together anew on either side.

Nothing is passed on as it came: each side is spoken to by a parser of its own, so that the two
cannot be made to disagree on where a message ends. What concerns one hop alone is left out, and so
is the offer to go on by QUIC.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Final

import h11

from infra.egress.carrying import Meter, send
from infra.egress.reaching import Streams
from infra.egress.refusal import Refusal
from infra.egress.target import Target

HOP: Final = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization",
        b"proxy-connection", b"te", b"trailer", b"upgrade", b"expect", b"alt-svc",
    }
)  # fmt: skip
NEVER: Final = frozenset({b"TRACE", b"CONNECT", b"PRI"})
Headers = list[tuple[bytes, bytes]]


def passed_on(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers without those of one hop, and without those that they name as such.

    Raises Refusal where the body's length is said in two ways.
    """
    given = [(name.lower(), value) for name, value in headers]
    named = {
        part.strip().lower()
        for name, value in given
        if name == b"connection"
        for part in value.split(b",")
    } - {b"content-length", b"transfer-encoding"}
    names = {name for name, _ in given}
    if {b"content-length", b"transfer-encoding"} <= names:
        raise Refusal("malformed")
    return [(name, value) for name, value in given if name not in HOP | named]


class Exchange:
    """A request that was read from the near side, and the far side's answer to it."""

    def __init__(self, near: h11.Connection, streams: Streams, far: Streams, meter: Meter) -> None:
        self._near, self._streams, self._meter = near, streams, meter
        self._far = h11.Connection(h11.CLIENT, max_incomplete_event_size=meter.limits.head_bytes)
        self._there = far

    async def carry(self, request: h11.Request, target: Target) -> None:
        """Send the request, then its answer. Raises Refusal, h11.ProtocolError, OSError."""
        headers = [(n, v) for n, v in passed_on(request.headers) if n != b"host"]
        asked = h11.Request(
            method=request.method,
            target=target.path.encode("ascii"),
            headers=[(b"host", target.authority.encode("ascii")), *headers,
                     (b"connection", b"close")],
        )  # fmt: skip
        await self._to_far(asked)
        sending = asyncio.ensure_future(self._send_body())
        try:
            await self._answer()
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send_body(self) -> None:
        """The request's body, while its answer may already come."""
        if self._near.they_are_waiting_for_100_continue:
            await self._to_near(h11.InformationalResponse(status_code=100, headers=[]))
        async for event in _events(self._near, self._streams[0], self._meter):
            await self._to_far(event)
            if isinstance(event, h11.EndOfMessage):
                return

    async def _answer(self) -> None:
        """The far side's answer, to its end."""
        async for event in _events(self._far, self._there[0], self._meter):
            if isinstance(event, h11.InformationalResponse):
                continue
            if isinstance(event, h11.Response):
                headers = [*passed_on(event.headers), (b"connection", b"close")]
                await self._to_near(
                    h11.Response(status_code=event.status_code, headers=headers,
                                 reason=event.reason)
                )  # fmt: skip
                continue
            await self._to_near(event)
            if isinstance(event, h11.EndOfMessage):
                return

    async def _to_near(self, event: h11.Event) -> None:
        await send(self._streams[1], self._near.send(event) or b"", self._meter.limits.idle_s)

    async def _to_far(self, event: h11.Event) -> None:
        await send(self._there[1], self._far.send(event) or b"", self._meter.limits.idle_s)


async def _events(
    parser: h11.Connection, reader: asyncio.StreamReader, meter: Meter
) -> AsyncIterator[h11.Event]:
    """What a side says, event by event, to the end of its message."""
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            parser.receive_data(await meter.read_soon(reader))
        elif isinstance(event, h11.ConnectionClosed):
            raise Refusal("unreachable")
        elif isinstance(event, h11.PAUSED):
            return
        else:
            assert not isinstance(event, type)
            yield event
