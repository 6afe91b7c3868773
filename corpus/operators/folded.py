"""Texts as UTF-8 in lower case in which all that is no part of a unit is zero; see `corpus.operators.units`.

Bytes of ASCII are looked up in one pass; where other characters are few, they are decoded, folded and
written in their places. Where they are many, or one's lower case takes another number of bytes (the
Kelvin sign), all is done by code points.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

KNOWN: Final = 0x32400
"""Code points from here on are no letters of any language yet."""
UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
MANY: Final = 0.2
"""So many bytes more than characters, by their share, are many."""
GUARD: Final = b"\n" * 8
"""So much behind the last text that eight bytes can be read from anywhere in it."""
ALONE: Final = np.uint32(1 << 31)
RESIZED: Final = np.uint32(1 << 30)
CODE: Final = np.uint32((1 << 21) - 1)


@dataclass(frozen=True, slots=True)
class Folded:
    """Texts one after another, a zero before each: bytes, and where each text begins and the last ends."""

    data: NDArray[np.uint8]
    first: Places
    alone: Places
    """Where characters begin that are units by themselves."""
    behind: Places
    """Where the text goes on behind each of those."""


def fold(texts: Sequence[str]) -> Folded:
    """The texts folded. Lone surrogates are no part of a unit."""
    coded = [text.encode("utf-8", "surrogatepass") for text in texts]
    first = np.cumsum([1, *(len(data) + 1 for data in coded)])
    joined = b"\n".join((b"", *coded, GUARD)).translate(_plain())
    data = np.frombuffer(joined, np.uint8)
    if all(map(str.isascii, texts)):
        return Folded(data, first, *(np.empty(0, np.int64),) * 2)
    chars = sum(map(len, texts))
    if len(data) - chars > chars * MANY:
        return _fold_wide(texts)
    data = data.copy()
    leads = np.flatnonzero(data >= 0xC0)
    fours: Any = np.ndarray((len(data) - 3,), "<u4", data, strides=(1,))  # one from every byte on
    held = fours[leads]
    sizes = 2 + ((held & 0xFF) >= 0xE0).astype(np.int8) + ((held & 0xFF) >= 0xF0)
    alone = np.zeros(len(leads), np.bool_)
    for size in (2, 3, 4):
        some = np.flatnonzero(sizes == size)
        codes = _codes(held[some], size)
        found = _fold_table().take(codes, mode="clip")
        if (found & RESIZED).any():
            return _fold_wide(texts)
        alone[some] = found >= ALONE
        changed = np.flatnonzero((found & CODE) != codes)
        _write(data, leads[some[changed]], found[changed] & CODE, size)
    return Folded(data, first, leads[alone], leads[alone] + sizes[alone])


def _fold_wide(texts: Sequence[str]) -> Folded:
    text = "\n".join(("", *texts, GUARD.decode()))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    found = _fold_table().take(codes, mode="clip")
    lower = (found & CODE).astype("<u4")
    data = np.frombuffer(lower.tobytes().decode("utf-32-le").encode(), np.uint8)
    sizes = np.ones(len(lower), np.int64)
    for least in (0x80, 0x800, 0x10000):
        sizes += lower >= least
    ends = np.cumsum(sizes)
    alone = np.flatnonzero(found >= ALONE)
    first = ends[np.cumsum([0, *(len(one) + 1 for one in texts)])]
    return Folded(data, first, ends[alone] - sizes[alone], ends[alone])


def _codes(held: NDArray[np.uint32], size: int) -> NDArray[np.uint32]:
    """The code points of characters of `size` bytes, which come lowest first."""
    codes: Any = held & (0x7F >> size)
    for step in range(1, size):
        codes = (codes << np.uint32(6)) | ((held >> np.uint32(8 * step)) & np.uint32(0x3F))
    made: NDArray[np.uint32] = codes
    return made


def _write(data: NDArray[np.uint8], place: Places, lower: NDArray[np.uint32], size: int) -> None:
    """Put the lower case of characters where they stand, or zeros for what is no unit's part."""
    gone = lower == 0
    for step in range(size - 1, 0, -1):
        data[place + step] = np.where(gone, 0, (lower & 0x3F) | 0x80)
        lower = lower >> np.uint32(6)
    data[place] = np.where(gone, 0, lower | (0xFF ^ (2 * (0x7F >> size) + 1)))


def starts(folded: Folded) -> Places:
    """Where each unit begins; from its end to the next all is zero."""
    inside = folded.data != 0
    opens = np.zeros_like(inside)
    np.greater(inside[1:], inside[:-1], out=opens[1:])
    if len(folded.alone):
        opens[folded.alone] = True
        opens[folded.behind] = inside[folded.behind]
    return np.flatnonzero(opens)


@cache
def _plain() -> bytes:
    """What becomes of each byte: letters and digits of ASCII in lower case, others zero."""
    kept = {code for code in range(128) if chr(code).isalnum() or chr(code) == "_"}
    lower = (ord(chr(code).lower()) if code in kept else 0 for code in range(128))
    return bytes((*lower, *range(128, 256)))


@cache
def _fold_table() -> NDArray[np.uint32]:
    """The lower case of each code point, 0 for no unit's part, with what else must be known of it."""
    table = np.zeros(KNOWN + 1, np.uint32)
    for code in range(KNOWN):
        if unicodedata.category(chr(code))[0] in "LNM" or chr(code) == "_":
            lower = chr(code).lower()[0]
            resized = len(lower.encode()) != len(chr(code).encode())
            table[code] = ord(lower) | (int(RESIZED) if resized else 0)
    for low, high in UNSPACED:
        units = table[low : high + 1]
        units[units != 0] |= ALONE
    return table
