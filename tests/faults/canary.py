"""Where a word that must be nowhere is: in names of files, their bytes, and what they compress."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import zstandard

ZSTD = zstandard.MAGIC_NUMBER.to_bytes(4, "little")
GZIP = b"\x1f\x8b"


def holding(word: str, *places: Path) -> list[str]:
    """The files and directories below these places that hold the word."""
    return [
        str(path)
        for place in places
        for path in place.rglob("*")
        if any(word.encode() in text for text in texts(path))
    ]


def texts(path: Path) -> Iterator[bytes]:
    """A file's name, its bytes, and those that it compresses, whole or in frames."""
    yield path.name.encode()
    if path.is_file():
        data = path.read_bytes()
        yield data
        if data.startswith(GZIP):
            yield gzip.decompress(data)
        yield from frames(data)


def frames(data: bytes) -> Iterator[bytes]:
    start = data.find(ZSTD)
    while start >= 0:
        with suppress(zstandard.ZstdError):  # four bytes may only look like a frame's first
            yield zstandard.ZstdDecompressor().decompressobj().decompress(data[start:])
        start = data.find(ZSTD, start + 1)
