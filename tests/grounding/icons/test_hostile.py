"""Pictures that lie, crash or ask for more are refused by reason; the icons beside them stay."""

from __future__ import annotations

import struct
import zlib

import pytest

from grounding.icons.paint import FILE_BYTES, paint
from tests.grounding.icons.made import PLUS, svg

HEAD = b"\x89PNG\r\n\x1a\n"
NS = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"'


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, body: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return HEAD + head + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


HOSTILE = {
    "too large": b" " * (FILE_BYTES + 1),
    "declares entities": b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
    "holds a script": f"<svg {NS}><script>alert(1)</script></svg>".encode(),
    "refers to something outside itself": f'<svg {NS}><image href="file:///etc/passwd"/></svg>'.encode(),
    "is not well-formed XML": b"<svg",
    "is no drawing": b"<html/>",
    "no usable size": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "renders blank": f"<svg {NS}/>".encode(),
    "has no usable size": png(1_000_000, 1_000_000),
    "is of a size that is not kept": png(4, 4, bytes(4 * 17)),
    "is no whole PNG": HEAD,
}


@pytest.mark.parametrize("reason", HOSTILE)
def test_a_hostile_file_is_refused_by_its_reason_and_its_neighbour_is_drawn(reason: str) -> None:
    given = [
        {"data": HOSTILE[reason], "size_px": 24, "sizes": [24]},
        {"data": svg(PLUS), "size_px": 24, "sizes": [24]},
    ]
    made = paint({"files": given})
    assert made["refused"] == [[0, reason]]
    assert [(p["width"], p["file"]) for p in made["pictures"]] == [(24, 1)]


def test_a_fully_transparent_png_shows_nothing() -> None:
    made = paint({"files": [{"data": png(24, 24, bytes(24 * 97)), "size_px": 24, "sizes": []}]})
    assert made["refused"] == [[0, "renders blank"]]
