"""The log's bytes: a magic and a version, then frames of u32 length, two CRC-32s, payload.

Integers are little-endian; the first CRC is the payload's, the second that of the eight bytes
before it, so that a length can be believed before its payload is there. A log that stops in the
middle of a frame is *torn*: `scan` returns the whole frames before it and counts the bytes lost.
A bad frame with a good one behind it is no torn write but damage, and raises Corrupt with its
offset; what a payload contains is never taken for a frame.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

from infra.errors import Corrupt, UsageError
from infra.limits import RECORD_BYTES

VERSION: Final = 1
PREAMBLE: Final = b"TRAWLREC" + struct.pack("<I", VERSION)
HEAD_BYTES: Final = 12
_CLAIM = struct.Struct("<II")
_CHECK = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Scan:
    """The payloads of a log's whole frames, and what its tail lost."""

    payloads: tuple[bytes, ...]
    end: int
    """The offset just after the last whole frame."""
    lost_bytes: int

    @property
    def torn(self) -> bool:
        """Whether bytes after the last whole frame were dropped."""
        return self.lost_bytes > 0


@dataclass(frozen=True, slots=True)
class _Head:
    """What a frame's first bytes claim of its payload."""

    start: int
    end: int
    crc: int


def frame(payload: bytes) -> bytes:
    """The payload as it stands in the log. Raises UsageError for an empty or oversized one."""
    if not 0 < len(payload) <= RECORD_BYTES:
        raise UsageError(f"a record has 1 to {RECORD_BYTES} bytes, not {len(payload)}")
    claim = _CLAIM.pack(len(payload), zlib.crc32(payload))
    return claim + _CHECK.pack(zlib.crc32(claim)) + payload


def scan(data: bytes) -> Scan:
    """Every whole frame of a log. Raises Corrupt for another format or for damage in the middle."""
    if not data.startswith(PREAMBLE):
        if PREAMBLE.startswith(data):
            return Scan((), 0, len(data))
        raise Corrupt("this is not a recording of version 1", "its first bytes do not match")
    payloads: list[bytes] = []
    at = len(PREAMBLE)
    while (head := _head(data, at)) is not None and _is_whole(data, head):
        payloads.append(data[head.start : head.end])
        at = head.end
    if at < len(data):
        _refuse_damage(data, at, head)
    return Scan(tuple(payloads), at, len(data) - at)


def _refuse_damage(data: bytes, at: int, head: _Head | None) -> None:
    """Raise Corrupt where a whole frame follows the bad one at `at`."""
    search = at + 1 if head is None else head.end
    good = next((o for o in range(search, len(data) - HEAD_BYTES) if _stands(data, o)), None)
    if good is not None:
        raise Corrupt(
            f"the record at byte {at} was changed: a whole record follows at byte {good}",
            "restore the file from a copy, or delete the episode",
        )


def _head(data: bytes, at: int) -> _Head | None:
    """The believable head at that offset, None where there is none."""
    if at + HEAD_BYTES > len(data):
        return None
    length, crc = _CLAIM.unpack_from(data, at)
    (check,) = _CHECK.unpack_from(data, at + _CLAIM.size)
    if check != zlib.crc32(data[at : at + _CLAIM.size]) or not 0 < length <= RECORD_BYTES:
        return None
    return _Head(at + HEAD_BYTES, at + HEAD_BYTES + length, crc)


def _is_whole(data: bytes, head: _Head) -> bool:
    """Whether the payload is all there and is what its head says."""
    return head.end <= len(data) and zlib.crc32(data[head.start : head.end]) == head.crc


def _stands(data: bytes, at: int) -> bool:
    """Whether a whole frame stands at that offset."""
    head = _head(data, at)
    return head is not None and _is_whole(data, head)
