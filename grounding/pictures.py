"""Screens as PNG: the lossless form that readers open. The same pixels give the same bytes.

Rows are stored as they are, without a filter: the flat colours and repeated letters of a screen
compress best so. An encoder made for photographs takes four times as long for more bytes.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from envs.types import Pixels

COMPRESSION: Final = 3
"""Where size flattens for screens: level 6 takes a tenth off in twice the time."""
BAND_ROWS: Final = 16
"""Rows of a screen that are compressed by themselves: 2 % larger than compressed as a whole."""
REMEMBERED: Final = 1024
"""Bands whose compressed form is kept: those of some twenty screens."""
COLOUR: Final = {3: 2, 4: 6}
"""PNG's number for pixels of so many channels."""
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
ZLIB: Final = zlib.compress(b"", COMPRESSION)[:2]
"""How a stream of zlib begins; after it come the bands."""
LAST_BLOCK: Final = b"\x03\x00"
"""An empty block of deflate that says it is the last."""
ADLER_BASE: Final = 65521


class Band(NamedTuple):
    """Some rows of a picture: their chunk of PNG, and what the stream's checksum needs of them."""

    chunk: bytes
    adler: int
    size_bytes: int


def png(pixels: Pixels, compression: int = COMPRESSION) -> bytes:
    """The pixels as a PNG: RGB, or RGBA with straight alpha."""
    return _framed(pixels, _chunk(b"IDAT", zlib.compress(_rows(pixels), compression)))


class Encoder:
    """Makes the PNG of one screen after another; rows that were seen before are not packed again.

    The bands of a screen are whole blocks of deflate, so that each is the same bytes wherever it
    stands. What is remembered saves time and changes no byte.
    """

    def __init__(self) -> None:
        self._pixels: Pixels = np.zeros((0, 0, 3), np.uint8)
        self._bands: list[Band] = []
        self._packed = lru_cache(REMEMBERED)(_packed)

    def png(self, pixels: Pixels) -> bytes:
        """The pixels of a screen as a PNG."""
        tops = range(0, len(pixels), BAND_ROWS)
        again = _equal_bands(self._pixels, pixels, tops)
        self._bands = [
            self._bands[number] if again[number] else self._band(pixels[top : top + BAND_ROWS])
            for number, top in enumerate(tops)
        ]
        self._pixels = pixels
        return _framed(pixels, _joined(self._bands))

    def _band(self, part: Pixels) -> Band:
        height, width, _ = part.shape
        return self._packed(part.tobytes(), (height, width, 3))


def _equal_bands(last: Pixels, pixels: Pixels, tops: range) -> list[bool]:
    """Of each band whether the last screen had the same pixels there."""
    if last.shape != pixels.shape:
        return [False] * len(tops)
    word = np.uint64 if 3 * pixels.shape[1] % 8 == 0 else np.uint8
    rows, others = (a.reshape(len(a), -1).view(word) for a in (pixels, last))
    other_rows = (rows != others).any(axis=1)
    return (~np.logical_or.reduceat(other_rows, tops)).tolist()  # type: ignore[no-any-return]


def _packed(data: bytes, shape: tuple[int, int, int]) -> Band:
    """Some rows, compressed so that others may stand before and after them."""
    rows = _rows(np.frombuffer(data, np.uint8).reshape(shape))
    packer = zlib.compressobj(COMPRESSION, wbits=-zlib.MAX_WBITS)
    body = packer.compress(rows) + packer.flush(zlib.Z_FULL_FLUSH)
    return Band(_chunk(b"IDAT", body), zlib.adler32(rows), len(rows))


def _rows(pixels: Pixels) -> bytes:
    """The rows as PNG compresses them: each after the number of its filter, which is none."""
    height, width, channels = pixels.shape
    rows = np.empty((height, 1 + channels * width), np.uint8)
    rows[:, 0] = 0
    rows[:, 1:] = pixels.reshape(height, -1)
    return rows.tobytes()


def _joined(bands: list[Band]) -> bytes:
    """The chunks of one stream: its start, its bands, its end with the checksum of all."""
    low, high = 1, 0
    for band in bands:  # as zlib's adler32_combine
        high = (high + (band.adler >> 16) + band.size_bytes * (low - 1)) % ADLER_BASE
        low = (low + (band.adler & 0xFFFF) - 1) % ADLER_BASE
    end = LAST_BLOCK + struct.pack(">I", high << 16 | low)
    chunks = (band.chunk for band in bands)
    return b"".join((_chunk(b"IDAT", ZLIB), *chunks, _chunk(b"IDAT", end)))


def _framed(pixels: Pixels, body: bytes) -> bytes:
    """A PNG of the chunks of its pixels."""
    height, width, channels = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, COLOUR[channels], 0, 0, 0)
    return b"".join((SIGNATURE, _chunk(b"IHDR", header), body, _chunk(b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checked)
