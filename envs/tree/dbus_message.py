"""D-Bus messages: method calls out, replies, errors and signals in, and cutting a stream into them.

A message's body stays bytes until somebody asks for it by the signature they expect. A body longer
than `BODY_BYTES` is stepped over without being held; a length that D-Bus itself forbids ends the
stream with HostileInput.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from envs.tree.dbus_marshal import align, marshal
from envs.tree.dbus_wire import Cursor, Variant, unmarshal
from infra.errors import HostileInput

BODY_BYTES: Final = 8 * 1024 * 1024
"""Longest body kept: twenty thousand cache entries fit."""
MESSAGE_BYTES: Final = 128 * 1024 * 1024
HEADER_BYTES: Final = 64 * 1024
FIXED_HEADER: Final = 16
ORDERS: Final = {ord("l"): "<", ord("B"): ">"}


class Kind(IntEnum):
    """What a message is."""

    CALL = 1
    REPLY = 2
    ERROR = 3
    SIGNAL = 4


FIELDS: Final = {
    1: ("path", "o"), 2: ("interface", "s"), 3: ("member", "s"), 4: ("error", "s"),
    5: ("reply_to", "u"), 6: ("destination", "s"), 7: ("sender", "s"), 8: ("signature", "g"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came; `body` is None where it was too long to keep."""

    kind: int
    serial: int
    order: str
    body: bytes | None
    path: str = ""
    interface: str = ""
    member: str = ""
    error: str = ""
    reply_to: int = 0
    destination: str = ""
    sender: str = ""
    signature: str = ""

    def values(self, expected: str) -> tuple[Any, ...] | None:
        """The body where it has that signature, else None. Raises HostileInput."""
        if self.body is None or self.signature != expected:
            return None
        return unmarshal(expected, Cursor(self.body, self.order))

    def leading(self, expected: str) -> tuple[tuple[Any, ...], Cursor] | None:
        """The first values of a body that begins with that signature, and where it goes on."""
        if self.body is None or not self.signature.startswith(expected):
            return None
        cursor = Cursor(self.body, self.order)
        return unmarshal(expected, cursor), cursor


def encode_call(
    serial: int,
    where: tuple[str, str, str, str],
    signature: str = "",
    args: Sequence[Any] = (),
) -> bytes:
    """A method call to `where` = (bus name, path, interface, member)."""
    destination, path, interface, member = where
    fields = [
        (1, Variant("o", path)),
        (2, Variant("s", interface)),
        (3, Variant("s", member)),
        (6, Variant("s", destination)),
    ]
    if signature:
        fields.append((8, Variant("g", signature)))
    body = marshal(signature, args)
    out = bytearray(struct.pack("<cBBBII", b"l", Kind.CALL, 0, 1, len(body), serial))
    marshal("a(yv)", (fields,), out)
    align(out, 8)
    return bytes(out + body)


class Decoder:
    """Cuts the bytes of a stream into messages, holding at most one message and one chunk."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that `data` completes. Raises HostileInput."""
        if self._skip:
            stepped = min(self._skip, len(data))
            self._skip -= stepped
            data = data[stepped:]
        self._buffer += data
        start = 0
        try:
            while (sizes := self._sizes(start)) is not None:
                header, body = sizes
                if body > BODY_BYTES:
                    yield self._message(start, header, None)
                    start = self._step_over(start + header, body)
                    continue
                end = start + header + body
                if len(self._buffer) < end:
                    return
                message = self._message(start, header, bytes(self._buffer[start + header : end]))
                start = end
                yield message
        finally:
            del self._buffer[:start]

    def _sizes(self, start: int) -> tuple[int, int] | None:
        """The lengths of the next header and body, None where the header is not there yet."""
        if len(self._buffer) - start < FIXED_HEADER:
            return None
        order = ORDERS.get(self._buffer[start])
        if order is None or self._buffer[start + 3] != 1:
            raise HostileInput("not a D-Bus message")
        body, _serial, fields = struct.unpack_from(order + "III", self._buffer, start + 4)
        header = (FIXED_HEADER + fields + 7) & -8
        if fields > HEADER_BYTES or header + body > MESSAGE_BYTES:
            raise HostileInput("a D-Bus message is longer than any may be")
        return (header, body) if len(self._buffer) - start >= header else None

    def _step_over(self, body_start: int, body: int) -> int:
        """Leave a body out, what has come of it and what will; where the next message starts."""
        here = min(body, len(self._buffer) - body_start)
        self._skip = body - here
        return body_start + here

    def _message(self, start: int, header: int, body: bytes | None) -> Message:
        raw = bytes(self._buffer[start : start + header])
        order = ORDERS[raw[0]]
        cursor = Cursor(raw, order, 12)
        (pairs,) = unmarshal("a(yv)", cursor)
        fields: dict[str, Any] = {}
        for code, variant in pairs:
            name, signature = FIELDS.get(code, ("", ""))
            if name and variant.signature == signature:
                fields[name] = variant.value
        (serial,) = struct.unpack_from(order + "I", raw, 8)
        return Message(kind=raw[1], serial=serial, order=order, body=body, **fields)
