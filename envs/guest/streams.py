"""Many connections over one port: numbered streams in frames, each with a window of its own.

Both ends share this file. The guest opens streams, the host answers them. A side sends no more of
a stream than the other has granted, and grants anew what its socket has taken: a stream that
stalls holds neither the others nor more memory than its window. Whatever else is said is checked;
the first thing that breaks the rules raises WireError, and all of it is over.
"""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from envs.guest.wire import Bounds, Decoder, WireError, encode

MOST: Final = 64
"""Streams at once; a guest lets the others wait, a host closes them."""
WINDOW_BYTES: Final = 64 * 1024
"""What may be on its way in one direction of one stream."""
CHUNK_BYTES: Final = 16 * 1024
QUEUED_BYTES: Final = 64 * 1024
"""While more waits for the port, no socket is read."""
UNTAKEN_BYTES: Final = 4 << 20
"""More than all windows and their frames: an end that lets so much wait is none."""
LAST: Final = 2**31 - 1
STALE: Final = 16
"""Frames without data that may still come of a stream that ended here."""
BOUNDS: Final = Bounds(size_bytes=CHUNK_BYTES + 128, depth=1, items=16)
FIELDS: Final[Mapping[str, Mapping[str, type]]] = {
    "open": {},
    "data": {"data": bytes},
    "credit": {"size": int},
    "end": {},
    "close": {},
}
"""The kinds of frame: a stream is there, bytes of it, so many may follow, no more follow, it is over."""
Arrive = Callable[[], "socket.socket | None"]
"""A socket for a stream that the other side opened; None where there is no room for it."""


def checked(frame: Mapping[str, Any]) -> tuple[str, int]:
    """A frame's kind and stream, where it has that kind's fields and no others. Raises WireError."""
    kind, number = frame.get("kind"), frame.get("stream")
    fields = FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None or frame.keys() != {"kind", "stream", *fields}:
        raise WireError("a frame of no kind of ours")
    if any(type(frame[name]) is not wanted for name, wanted in fields.items()):
        raise WireError(f"a field of {kind} is of another type")
    if type(number) is not int or not 0 < number <= LAST:
        raise WireError("no number of a stream")
    return str(kind), number


class Stream:
    """One connection's socket, and what may still be said of it on either side."""

    def __init__(self, taken: socket.socket) -> None:
        taken.settimeout(0.0)
        self.socket = taken
        self.may_send, self.may_come = WINDOW_BYTES, WINDOW_BYTES
        self.held = bytearray()
        """What came and the socket has not taken; never more than the window."""
        self.taken = 0
        """What the socket has taken since it was last granted anew."""
        self.said_end = self.heard_end = self.is_shut = False

    def events(self, *, is_room: bool) -> int:
        """What it waits for."""
        reads = is_room and not self.said_end and self.may_send > 0
        return (select.POLLIN if reads else 0) | (select.POLLOUT if self.held else 0)

    def heed(self, data: bytes) -> None:
        """Bytes that came. Raises WireError where none may."""
        if self.heard_end or not 0 < len(data) <= min(CHUNK_BYTES, self.may_come):
            raise WireError("bytes beyond what was granted")
        self.may_come -= len(data)
        if not self.is_shut:
            self.held += data

    def grant(self, size: int) -> None:
        """More may be sent. Raises WireError beyond the window."""
        if not 0 < size <= WINDOW_BYTES - self.may_send:
            raise WireError("a credit beyond the window")
        self.may_send += size

    def flush(self) -> int:
        """Give the socket what it takes; how much to grant anew.

        One that takes nothing any more may still have something to say.
        """
        try:
            if self.held:
                sent = self.socket.send(self.held[:CHUNK_BYTES])
                del self.held[:sent]
                self.taken += sent
            if self.heard_end and not self.held and not self.is_shut:
                self.is_shut = True
                self.socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            return 0
        except OSError:
            self.held.clear()
            self.is_shut = True
        granted = self.taken if self.taken >= WINDOW_BYTES // 2 and not self.heard_end else 0
        self.taken -= granted
        self.may_come += granted
        return granted


class Carrier:
    """One end of a port, and the sockets that it carries; used by one thread.

    With `arrive` it is the host's: it waits for the hello with `nonce`, passing over whatever an
    earlier program left in the port, and answers streams. Without, it says hello and opens them.
    """

    def __init__(self, port: int, nonce: str, arrive: Arrive | None = None) -> None:
        os.set_blocking(port, False)
        self._port, self._arrive = port, arrive
        hello = encode({"kind": "hello", "nonce": nonce})
        self._decoder = Decoder(BOUNDS)
        self._awaited, self._seen = hello if arrive else b"", b""
        self._streams: dict[int, Stream] = {}
        self._last, self._stale = 0, 0
        self._out = bytearray(b"" if arrive else hello)

    @property
    def has_room(self) -> bool:
        """Whether another stream may be opened."""
        return len(self._streams) < MOST

    def open(self, taken: socket.socket) -> None:
        """Carry this connection from now on; it is closed when it is over."""
        self._last += 1
        self._streams[self._last] = Stream(taken)
        self._say("open", self._last)

    def turn(self, others: Collection[int] = ()) -> set[int]:
        """Wait until something can be done, and do it; which `others` can be read.

        Raises ConnectionError where the other end is gone, WireError where it breaks the rules.
        """
        poll = select.poll()
        for fd in (self._port, *others):
            poll.register(fd, select.POLLIN)
        if self._out:
            poll.modify(self._port, select.POLLIN | select.POLLOUT)
        is_room, waiting = len(self._out) < QUEUED_BYTES, {}
        for number, stream in self._streams.items():
            if events := stream.events(is_room=is_room):
                poll.register(stream.socket, events)
                waiting[stream.socket.fileno()] = number, events
        ready = dict(poll.poll())
        for fd in ready.keys() & waiting.keys():
            self._move(*waiting[fd], ready[fd])
        if self._port in ready:
            self._write()
            self._read()
        return ready.keys() & set(others)

    def close(self) -> None:
        """End every stream; the port is its owner's."""
        for number in list(self._streams):
            self._forget(number)

    def _move(self, number: int, wanted: int, happened: int) -> None:
        """Move a stream's bytes where its socket is ready; what went wrong there counts as ready."""
        stream = self._streams[number]
        if wanted & select.POLLOUT and happened != select.POLLIN:
            self._flush(number, stream)
        if wanted & select.POLLIN and happened != select.POLLOUT and number in self._streams:
            self._take(number, stream)

    def _take(self, number: int, stream: Stream) -> None:
        """Send on what the socket says, or that it says no more."""
        try:
            data = stream.socket.recv(min(CHUNK_BYTES, stream.may_send))
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            stream.may_send -= len(data)
            self._say("data", number, data=data)
            return
        stream.said_end = True
        self._say("end", number)
        self._settle(number, stream)

    def _flush(self, number: int, stream: Stream) -> None:
        if granted := stream.flush():
            self._say("credit", number, size=granted)
        self._settle(number, stream)

    def _settle(self, number: int, stream: Stream) -> None:
        """Forget a stream whose socket neither says nor takes anything more."""
        if stream.said_end and stream.is_shut:
            self._forget(number)
            if not stream.heard_end:
                self._say("close", number)

    def _forget(self, number: int) -> None:
        """Let a stream go; what may still come of it is passed over, so much and no more."""
        stream = self._streams.pop(number)
        stream.socket.close()
        self._stale += STALE + (0 if stream.heard_end else stream.may_come)

    def _say(self, kind: str, number: int, **fields: Any) -> None:
        self._out += encode({"kind": kind, "stream": number, **fields})
        if len(self._out) > UNTAKEN_BYTES:
            raise ConnectionAbortedError("the other end takes nothing")

    def _write(self) -> None:
        """What the port takes now. Raises ConnectionError."""
        if not self._out:
            return
        try:
            del self._out[: os.write(self._port, self._out[:QUEUED_BYTES])]
        except BlockingIOError:
            return
        except OSError as error:
            raise ConnectionResetError("the other end is gone") from error

    def _read(self) -> None:
        """What has come, frame by frame. Raises ConnectionError, WireError."""
        try:
            data = os.read(self._port, QUEUED_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            raise ConnectionResetError("the other end is gone") from error
        if not data:
            raise ConnectionResetError("the other end closed")
        for frame in self._decoder.feed(self._greeted(data)):
            self._heed(*checked(frame), frame)

    def _greeted(self, data: bytes) -> bytes:
        """What follows the hello; nothing of what came before it."""
        if not self._awaited:
            return data
        before, hello, after = (self._seen + data).partition(self._awaited)
        self._seen = b"" if hello else before[-len(self._awaited) :]
        self._awaited = b"" if hello else self._awaited
        return after

    def _heed(self, kind: str, number: int, frame: Mapping[str, Any]) -> None:
        if kind == "open":
            self._answer(number)
        elif (stream := self._streams.get(number)) is None:
            self._pass_over(number, len(frame.get("data", b"")))
        else:
            self._obey(kind, stream, frame)
            self._flush(number, stream)

    def _obey(self, kind: str, stream: Stream, frame: Mapping[str, Any]) -> None:
        """What the other side says of a stream that is there. Raises WireError."""
        if kind == "credit":
            stream.grant(frame["size"])
        elif kind == "data":
            stream.heed(frame["data"])
        elif kind == "end" and stream.heard_end:
            raise WireError("a stream ends once")
        else:
            stream.heard_end = True
            stream.said_end |= kind == "close"

    def _answer(self, number: int) -> None:
        """A stream of the other side's; closed at once where there is no room for it."""
        if self._arrive is None or number <= self._last:
            raise WireError("a stream that cannot be opened")
        self._last = number
        taken = self._arrive() if self.has_room else None
        if taken is not None:
            self._streams[number] = Stream(taken)
            return
        self._stale += STALE + WINDOW_BYTES
        self._say("close", number)

    def _pass_over(self, number: int, size: int) -> None:
        """A frame of a stream that has ended here. Raises WireError where none can be on its way."""
        self._stale -= 1 + size
        if number > self._last or self._stale < 0:
            raise WireError("a frame of no stream")
