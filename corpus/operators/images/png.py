"""The chunks of a PNG: those that show the still picture are handed on, the others are left out.

An animated PNG without its animation chunks is an ordinary one (APNG 1.0).
"""

from __future__ import annotations

from typing import Final

from corpus.operators.images import exif
from corpus.operators.images.header import CUT, DAMAGED, MOST_PARTS, PARTS, Header, refused

MARK_BYTES: Final = 8
SHOWN: Final = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))


def read(data: bytes) -> Header:
    """The header of a PNG that has its end. Raises HostileInput."""
    at, turned, moving = MARK_BYTES, 1, False
    kept = [data[:MARK_BYTES]]
    if data[at + 4 : at + 8] != b"IHDR" or data[at : at + 4] != b"\0\0\0\x0d":
        raise refused(DAMAGED if len(data) > at + 8 else CUT)
    for _ in range(MOST_PARTS):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data) or len(kind) < 4:
            raise refused(CUT)
        if kind in SHOWN:
            kept.append(data[at:end])
        elif kind == b"eXIf":
            turned = exif.orientation(data[at + 8 : end - 4])
        moving = moving or kind == b"acTL"
        at = end
        if kind == b"IEND":
            width, height = (int.from_bytes(data[n : n + 4], "big") for n in (16, 20))
            return Header("png", width, height, b"".join(kept), turned, moving)
    raise refused(PARTS)
