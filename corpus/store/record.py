"""A sample as bytes and back: msgpack, so that what is kept between builds is no program's own."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Any, Final

import msgpack

from corpus.sample import Change, Licence, Origin, Picture, Sample, Turn
from infra.errors import Corrupt

FORMAT = 2
HINT: Final = "delete it and build again"


def encode(sample: Sample) -> bytes:
    """The sample's bytes; lone surrogates of file names pass."""
    origin = sample.origin
    licence = origin.licence
    values = [
        sample.id, sample.category, sample.source, sample.kind, sample.language,
        [[turn.role, turn.content] for turn in sample.messages],
        [[p.sha256, p.width, p.height, p.suffix, str(p.path)] for p in sample.pictures],
        sample.text_tokens, sample.image_tokens,
        [origin.package, origin.version, origin.file, origin.file_sha256],
        [licence.form, licence.name, licence.text_sha256, licence.declared],
        [[change.name, [list(pair) for pair in change.parameters]] for change in sample.changes],
        [list(pair) for pair in sample.traits],
        [list(pair) for pair in sample.scores],
    ]  # fmt: skip
    packed: bytes = msgpack.packb(values, unicode_errors="surrogatepass")
    return packed


def read(file: int, at: int, size: int, crc: int, where: str) -> Sample:
    """The sample whose record of that size and checksum lies `at` in a file, `where` it is told.

    Raises Corrupt where the record was changed.
    """
    data = os.pread(file, size, at)
    if zlib.crc32(data) != crc:
        raise Corrupt(f"a record of {where} was changed", HINT, where)
    return decode(data)


def decode(data: bytes) -> Sample:
    """The sample that `encode` made these bytes of."""
    values: list[Any] = msgpack.unpackb(data, unicode_errors="surrogatepass")
    messages, pictures, origin, licence, changes = (values[n] for n in (5, 6, 9, 10, 11))
    rest: list[Any] = [
        tuple(Turn(*turn) for turn in messages),
        tuple(Picture(*[*picture[:4], Path(picture[4])]) for picture in pictures),
        values[7], values[8],
        Origin(*[*origin, Licence(*licence)]),
        tuple(Change(name, tuple((k, v) for k, v in pairs)) for name, pairs in changes),
        *(tuple((name, value) for name, value in pairs) for pairs in values[12:]),
    ]  # fmt: skip
    return Sample(*[*values[:5], *rest])
