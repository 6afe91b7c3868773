"""The chunks of a WebP: size, orientation, and the first frame where it moves (RFC 9649)."""

from __future__ import annotations

from typing import Final

from corpus.operators.images import exif
from corpus.operators.images.header import (
    CUT,
    DAMAGED,
    MOST_PARTS,
    PARTS,
    UNKNOWN,
    Header,
    refused,
)  # fmt: skip

HEAD_BYTES: Final = 12
SHOWN: Final = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"))


def read(data: bytes) -> Header:
    """The header of a WebP that has all of its chunks. Raises HostileInput."""
    if data[8:HEAD_BYTES] != b"WEBP":
        raise refused(UNKNOWN)
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise refused(CUT)
    size, turned, frames, kept = (0, 0), 1, 0, []
    at = HEAD_BYTES
    for _ in range(MOST_PARTS):
        if at + 8 > end:
            break
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if at + 8 + length > end:
            raise refused(CUT)
        frames += kind == b"ANMF"
        if kind in SHOWN and not (kind == b"ANMF" and frames > 1):
            kept.append(data[at : at + 8 + length] + b"\0" * (length & 1))
        if kind == b"EXIF":
            turned = exif.orientation(body.removeprefix(b"Exif\0\0"))
        size = size if size != (0, 0) else _size(kind, body)
        at += 8 + length + (length & 1)
    else:
        raise refused(PARTS)
    if not kept:
        raise refused(DAMAGED)
    shown = b"WEBP" + b"".join(kept)
    still = b"RIFF" + len(shown).to_bytes(4, "little") + shown
    return Header("webp", *size, still, turned, frames > 1)


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Width and height as the first chunk says them; zeros where it does not."""
    if kind == b"VP8X" and len(body) >= 10:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(body[n : n + 2], "little") & 0x3FFF for n in (6, 8))
        return width, height
    if kind == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return 0, 0
