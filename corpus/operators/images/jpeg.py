"""The segments of a JPEG: size, orientation, colours, and that every scan is there (ITU T.81, B)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from corpus.operators.images import exif
from corpus.operators.images.header import (
    CUT,
    DAMAGED,
    MOST_PARTS,
    PARTS,
    SCANS,
    UNREAD,
    Header,
    check_size,
    refused,
)  # fmt: skip
from infra.limits import SCREEN_PIXELS

READ: Final = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive, coded by Huffman."""
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
BARE: Final = frozenset((0x01, *range(0xD0, 0xD8)))
SCAN: Final = 0xDA
END: Final = 0xD9
IN_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
MOST_WORK: Final = 16 * SCREEN_PIXELS
"""Pixels times scans: each scan of a progressive file passes over all of them."""


def read(data: bytes) -> Header:
    """The header of a whole JPEG. Raises HostileInput."""
    at, scans, said = 2, 0, _Said()
    for _ in range(MOST_PARTS):
        at, marker = _marker(data, at)
        if marker == END:
            return _header(said, scans, data[:at])
        if marker in BARE:
            continue
        body = data[at + 2 : at + int.from_bytes(data[at : at + 2], "big")]
        at += 2 + len(body)
        said.take(marker, body)
        if marker == SCAN:
            scans += 1
            if said.width * said.height * scans > MOST_WORK:
                raise refused(SCANS)
            found = IN_SCAN.search(data, at)
            if found is None:
                raise refused(CUT)
            at = found.start()
    raise refused(PARTS)


@dataclass(slots=True)
class _Said:
    """What the segments said so far."""

    width: int = 0
    height: int = 0
    parts: int = 0
    """Components: one, three or four."""
    orientation: int = 1
    adobe: bool = False

    def take(self, marker: int, body: bytes) -> None:
        """Note what one segment says. Raises HostileInput for a frame that is not read."""
        if marker in FRAMES:
            if marker not in READ or body[0] != 8 or body[5] not in {1, 3, 4}:
                raise refused(UNREAD)
            self.height, self.width = (int.from_bytes(body[n : n + 2], "big") for n in (1, 3))
            self.parts = body[5]
            check_size(self.width, self.height, 1)
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            self.orientation = exif.orientation(body[6:])
        elif marker == 0xEE and body.startswith(b"Adobe"):
            self.adobe = True


def _header(said: _Said, scans: int, data: bytes) -> Header:
    if not said.parts or not scans:
        raise refused(DAMAGED)
    colours = "rgb" if said.parts < 4 else "inverted cmyk" if said.adobe else "cmyk"
    return Header("jpeg", said.width, said.height, data, said.orientation, colours=colours)


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The next marker and the place behind it."""
    if at + 2 > len(data):
        raise refused(CUT)
    if data[at] != 0xFF:
        raise refused(DAMAGED)
    while data[at + 1] == 0xFF:  # fill bytes
        at += 1
    return at + 2, data[at + 1]
