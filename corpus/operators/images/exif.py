"""The orientation in an EXIF block: one tag of the first directory of a TIFF (Exif 2.32, 4.6.4)."""

from __future__ import annotations

import struct
from typing import Final

TAG: Final = 0x0112
SHORT: Final = 3
MOST_ENTRIES: Final = 512


def orientation(block: bytes) -> int:
    """The number 1 to 8; 1 where nothing or nonsense is said, as every viewer takes it."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(f"{order}I", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, at)
        for number in range(min(count, MOST_ENTRIES)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", block, at + 2 + 12 * number)
            if tag == TAG and kind == SHORT:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1
