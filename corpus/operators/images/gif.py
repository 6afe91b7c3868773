"""The blocks of a GIF: the first picture is handed on with what stands before it (GIF89a, 16–27)."""

from __future__ import annotations

from corpus.operators.images.header import CUT, DAMAGED, MOST_PARTS, PARTS, Header, refused

EXTENSION = 0x21
PICTURE = 0x2C
TRAILER = 0x3B


def read(data: bytes) -> Header:
    """The header of a GIF that has its end. Raises HostileInput."""
    width, height = _short(data, 6), _short(data, 8)
    at = 13 + _table_bytes(data[10])
    pictures, first_end = 0, 0
    for _ in range(MOST_PARTS):
        kind = data[at]
        if kind == TRAILER:
            if not pictures:
                raise refused(DAMAGED)
            return Header("gif", width, height, data[:first_end] + b";", moving=pictures > 1)
        if kind == EXTENSION:
            at = _behind_blocks(data, at + 2)
        elif kind == PICTURE:
            pictures += 1
            _check_frame(data, at, width, height)
            at = _behind_blocks(data, at + 11 + _table_bytes(data[at + 9]))
            first_end = first_end or at
        else:
            raise refused(DAMAGED)
    raise refused(PARTS)


def _short(data: bytes, at: int) -> int:
    if at + 2 > len(data):
        raise refused(CUT)
    return int.from_bytes(data[at : at + 2], "little")


def _table_bytes(flags: int) -> int:
    """The length of the colour table that a flags byte announces."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _check_frame(data: bytes, at: int, width: int, height: int) -> None:
    """Refuse a picture that lies beside its screen: decoders differ over it, and some crash."""
    left, top, wide, high = (_short(data, at + n) for n in (1, 3, 5, 7))
    if not wide or not high or left + wide > width or top + high > height:
        raise refused(DAMAGED)


def _behind_blocks(data: bytes, at: int) -> int:
    """The place behind a chain of length-prefixed blocks."""
    while length := data[at]:
        at += 1 + length
    return at + 1
