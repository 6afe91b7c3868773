"""Whether a PNG is whole: every chunk as its checksum says, every row there, nothing behind the end.

Decoders show a picture whose last rows are missing as if it were whole, so the rows are counted.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

from infra.limits import SCREEN_PIXELS

MARK: Final = b"\x89PNG\r\n\x1a\n"
HEAD: Final = struct.Struct(">IIBBBBB")
CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
NOT_WHOLE: Final = "its screen is not a whole PNG"
OTHER_SIZE: Final = "its screen has another size"


def fault(data: bytes, size: tuple[int, int]) -> str:
    """Why `data` is no whole PNG of that width and height; empty where it is one."""
    chunks = _chunks(data)
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != HEAD.size:
        return NOT_WHOLE
    width, height, depth, colour, _, _, interlaced = HEAD.unpack(chunks[0][1])
    if (width, height) != size or width * height > SCREEN_PIXELS:
        return OTHER_SIZE
    if chunks[-1][0] != b"IEND" or interlaced or colour not in CHANNELS:
        return NOT_WHOLE
    row_bytes = 1 + (width * depth * CHANNELS[colour] + 7) // 8
    rows = b"".join(body for kind, body in chunks if kind == b"IDAT")
    return "" if _inflates_to(rows, height * row_bytes) else NOT_WHOLE


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and body of each chunk up to the first IEND; none where one is not what it says."""
    found: list[tuple[bytes, bytes]] = []
    at = len(MARK)
    if not data.startswith(MARK):
        return []
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 8 + length
        if end + 4 > len(data) or zlib.crc32(data[at + 4 : end]) != int.from_bytes(
            data[end : end + 4], "big"
        ):
            return []
        found.append((data[at + 4 : at + 8], data[at + 8 : end]))
        at = end + 4
        if found[-1][0] == b"IEND":
            break
    return found if at == len(data) else []


def _inflates_to(data: bytes, size: int) -> bool:
    """Whether `data` is one zlib stream of exactly that many bytes; no more are ever made."""
    stream = zlib.decompressobj()
    try:
        made = len(stream.decompress(data, size + 1))
    except zlib.error:
        return False
    return made == size and stream.eof and not stream.unused_data
