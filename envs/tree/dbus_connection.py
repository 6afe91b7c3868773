"""One connection to a bus over a stream: authentication, calls sent in bulk, messages as they come.

Nothing here waits for one particular answer: `send` queues, `pump` moves bytes both ways and
returns what arrived, in order. So a thousand questions cost one wait.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator, Sequence
from typing import Any, Final

from envs.tree.dbus_message import Decoder, Kind, Message, encode_call
from infra.clock import Deadline
from infra.errors import DeadlineExceeded, HostileInput, InfraLost

BUS: Final = "org.freedesktop.DBus"
BUS_PATH: Final = "/org/freedesktop/DBus"
CHUNK_BYTES: Final = 256 * 1024
LINE_BYTES: Final = 512
"""Longest line of the authentication."""
SERIALS: Final = 0xFFFF_FFF0


class Connection:
    """A stream that speaks D-Bus with us. Owned by one thread."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._stream.settimeout(0.0)
        self._poll = select.poll()
        self._out = bytearray()
        self._decoder = Decoder()
        self._early = b""
        self._serial = 0
        self.name = ""

    def authenticate(self, uid: int, deadline: Deadline) -> None:
        """Become that user on the bus (SASL EXTERNAL) and take a name."""
        self._out += b"\0AUTH EXTERNAL %s\r\n" % str(uid).encode().hex().encode()
        line = self._line(deadline)
        if not line.startswith(b"OK "):
            raise InfraLost(f"the bus refuses user {uid}: {line[:80]!r}")
        self._out += b"BEGIN\r\n"
        name = self.ask((BUS, BUS_PATH, BUS, "Hello"), "s", deadline)
        self.name = str(name[0])

    def _line(self, deadline: Deadline) -> bytes:
        while b"\r\n" not in self._early:
            if len(self._early) > LINE_BYTES:
                raise HostileInput("the bus's authentication line does not end")
            if deadline.is_past():
                raise DeadlineExceeded("the bus does not authenticate us")
            self._early += self._move(deadline.left_s())
        line, self._early = self._early.split(b"\r\n", 1)
        return line

    def send(
        self, where: tuple[str, str, str, str], signature: str = "", args: Sequence[Any] = ()
    ) -> int:
        """Queue a method call; its serial."""
        self._serial = self._serial % SERIALS + 1
        self._out += encode_call(self._serial, where, signature, args)
        return self._serial

    def pump(self, wait_s: float) -> Iterator[Message]:
        """Send what is queued and yield what came, waiting at most `wait_s` for the first of it.

        Raises InfraLost where the stream has ended, HostileInput where it is not D-Bus.
        """
        early, self._early = self._early, b""
        yield from self._decoder.feed(early or self._move(wait_s))

    def ask(
        self, where: tuple[str, str, str, str], reply: str, deadline: Deadline
    ) -> tuple[Any, ...]:
        """One call and its answer, for the first words; signals that come meanwhile are dropped."""
        serial = self.send(where)
        while not deadline.is_past():
            for message in self.pump(deadline.left_s()):
                if message.reply_to == serial and message.kind in (Kind.REPLY, Kind.ERROR):
                    values = message.values(reply)
                    if values is None:
                        raise InfraLost(f"{where[3]} failed: {message.error[:80]}")
                    return values
        raise DeadlineExceeded(f"the bus does not answer {where[3]}")

    def _move(self, wait_s: float) -> bytes:
        """Send and receive once; the bytes that came, none where the wait was in vain."""
        wanted = select.POLLIN | (select.POLLOUT if self._out else 0)
        self._poll.register(self._stream.fileno(), wanted)
        try:
            for _fd, events in self._poll.poll(max(0.0, wait_s) * 1000):
                if events & select.POLLOUT:
                    del self._out[: self._stream.send(self._out[:CHUNK_BYTES])]
                if events & (select.POLLIN | select.POLLHUP | select.POLLERR):
                    return self._received()
        except BlockingIOError:
            return b""
        except OSError as error:
            raise InfraLost(f"the connection to the bus broke: {error}") from error
        return b""

    def _received(self) -> bytes:
        data = self._stream.recv(CHUNK_BYTES)
        if not data:
            raise InfraLost("the connection to the bus has ended")
        return data

    @property
    def has_unsent(self) -> bool:
        """Whether something is still queued."""
        return bool(self._out)

    def close(self) -> None:
        """End the connection; twice is fine."""
        self._stream.close()
