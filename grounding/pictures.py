"""Screens as PNG: the lossless form that readers open. The same pixels give the same bytes."""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np

from envs.types import Pixels
from infra.blobs import Blobs

COMPRESSION: Final = 3
"""Where size flattens for screens: level 6 takes a tenth off in twice the time."""
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def png(pixels: Pixels) -> bytes:
    """The pixels as a PNG.

    Rows are stored as they are, without a filter: the flat colours and repeated letters of a
    screen compress best so. An encoder made for photographs takes four times as long for more bytes.
    """
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(rows.data, COMPRESSION)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checked)


class Pictures:
    """Stores each screen once: by the hash of its recorded blob, then as a PNG blob."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs
        self.names: dict[str, str] = {}
        """PNG hash of each recorded screen's hash."""

    def store(self, screen_sha256: str, pixels: Pixels) -> str:
        """The hash of the PNG of a recorded screen."""
        if screen_sha256 not in self.names:
            self.names[screen_sha256] = self.blobs.put(png(pixels))
        return self.names[screen_sha256]
