"""Frames of the agent's channel: a mark, a length, a checksum, one msgpack map.

Both ends share this file. A frame is checked before it is parsed: its length against a bound, its
bytes against a CRC, its nesting and number of items by a scan of the msgpack headers, so that a
few bytes cannot unfold into gigabytes. A serial port has no connections, so a reader can look
for the next mark in whatever an earlier session left behind.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final

import msgpack

AGENT_VERSION: Final = "1.2.1"
"""What the agent says in `hello` and the host insists on: raised with every change of either."""
VERBS: Final = frozenset(
    {"hello", "observe", "act", "put", "get", "health", "identity", "open", "look", "arrange"}
    | {"network"}
)
MARK: Final = b"TRW1"
HEADER: Final = struct.Struct(">4sII")
REQUEST_BYTES: Final = 16 * 1024 * 1024
"""Longest request an agent reads."""
FILE_BYTES: Final = 8 * 1024 * 1024
"""Longest file that `put` and `get` move in one request."""
ITEMS: Final = 400_000
"""Most values (scalars, strings, containers, map keys) in one message."""

# How many bytes of length or value follow each msgpack head from 0xC0; what a container holds
# is its length (maps: twice that). Extension types are not ours and are refused.
_FIXED: Final = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
_FIXED_SIGNED: Final = {0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}
_SCALAR: Final = _FIXED | _FIXED_SIGNED
_BYTES: Final = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
_CONTAINER: Final = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}


class WireError(ValueError):
    """Bytes that are no frame of ours, or a frame beyond its bounds."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most one message may be: bytes on the wire, levels of nesting, values in all."""

    size_bytes: int = REQUEST_BYTES
    depth: int = 32
    items: int = ITEMS


def encode(message: dict[str, Any], bounds: Bounds | None = None) -> bytes:
    """One frame. Raises WireError where the message is longer than the bound."""
    payload: bytes = msgpack.packb(message, use_bin_type=True)
    if len(payload) > (bounds or Bounds()).size_bytes:
        raise WireError(f"a message of {len(payload)} bytes is too long to send")
    return HEADER.pack(MARK, len(payload), zlib.crc32(payload)) + payload


def decode(payload: bytes, bounds: Bounds | None = None) -> dict[str, Any]:
    """The map in a frame's payload. Raises WireError for anything else or beyond the bounds."""
    check(payload, bounds or Bounds())
    try:
        message = msgpack.unpackb(payload, raw=False, strict_map_key=True)
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise WireError(f"not msgpack: {type(error).__name__}") from error
    if not isinstance(message, dict):
        raise WireError(f"a message is a map, not {type(message).__name__}")
    return message


def check(payload: bytes, bounds: Bounds) -> None:
    """Walk the msgpack heads without building anything; raise WireError beyond the bounds."""
    if len(payload) > bounds.size_bytes:
        raise WireError(f"{len(payload)} bytes where {bounds.size_bytes} are allowed")
    position, items, open_counts = 0, 0, [1]
    while open_counts:
        if open_counts[-1] == 0:
            open_counts.pop()
            continue
        open_counts[-1] -= 1
        items += 1
        position, held = _head(payload, position)
        if items > bounds.items or held > bounds.items:
            raise WireError(f"more than {bounds.items} values")
        if held >= 0:
            open_counts.append(held)
            if len(open_counts) > bounds.depth + 1:
                raise WireError(f"nested deeper than {bounds.depth}")
    if position != len(payload):
        raise WireError("bytes after the message")


def _head(payload: bytes, position: int) -> tuple[int, int]:
    """The value at `position`: where the next begins, and how many it holds (-1: no container)."""
    if position >= len(payload):
        raise WireError("the message ends early")
    head = payload[position]
    position += 1
    held = -1
    if head <= 0x7F or head >= 0xE0:
        pass
    elif head <= 0x8F:
        held = 2 * (head & 0x0F)
    elif head <= 0x9F:
        held = head & 0x0F
    elif head <= 0xBF:
        position += head & 0x1F
    elif head in _SCALAR:
        position += _SCALAR[head]
    elif head in _BYTES:
        width = _BYTES[head]
        position += width + int.from_bytes(payload[position : position + width], "big")
    elif head in _CONTAINER:
        width, each = _CONTAINER[head]
        held = each * int.from_bytes(payload[position : position + width], "big")
        position += width
    else:
        raise WireError(f"no value of ours begins with {head:#04x}")
    if position > len(payload):
        raise WireError("the message ends early")
    return position, held


class Decoder:
    """Cuts a stream of bytes into messages.

    While `lenient`, bytes that are no frame are skipped and counted, up to the next mark; else
    they raise WireError. It never holds more than one frame of the bound's length.
    """

    def __init__(self, bounds: Bounds | None = None, *, lenient: bool = False) -> None:
        self.bounds = bounds or Bounds()
        self.lenient = lenient
        self.skipped_bytes = 0
        self._held = bytearray()

    @property
    def is_partial(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._held)

    def reset(self) -> None:
        """Forget what has been read of a frame."""
        self._held.clear()

    def skip(self) -> None:
        """Give up on the frame at hand; its bytes are searched for another mark."""
        self._drop(1)

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """The messages that `data` completes. Raises WireError unless lenient."""
        self._held += data
        found: list[dict[str, Any]] = []
        while (payload := self._next()) is not None:
            try:
                found.append(decode(payload, self.bounds))
            except WireError:
                if not self.lenient:
                    raise
        return found

    def _next(self) -> bytes | None:
        """The payload of the first whole frame, taken out of what is held."""
        while len(self._held) >= HEADER.size:
            mark, size, crc = HEADER.unpack_from(self._held)
            if mark != MARK or size > self.bounds.size_bytes:
                self._refuse("no frame begins here" if mark != MARK else f"a frame of {size} bytes")
                continue
            if len(self._held) < HEADER.size + size:
                return None
            payload = bytes(self._held[HEADER.size : HEADER.size + size])
            if zlib.crc32(payload) != crc:
                self._refuse("a frame's checksum does not match")
                continue
            del self._held[: HEADER.size + size]
            return payload
        return None

    def _refuse(self, reason: str) -> None:
        if not self.lenient:
            raise WireError(reason)
        self._drop(1)

    def _drop(self, start: int) -> None:
        """Move to the next mark at or after `start`, or to what may be the beginning of one."""
        at = self._held.find(MARK, start)
        if at < 0:
            at = max(start, len(self._held) - len(MARK) + 1)
        self.skipped_bytes += min(at, len(self._held))
        del self._held[:at]
