"""Texts as UTF-8 in lower case in which all that is no part of a unit is zero; see `corpus.operators.units`.

Bytes of ASCII are looked up in one pass; other characters are decoded, folded and written in their
places. The few whose lower case takes another number of bytes, such as the Kelvin sign, are
replaced before.
"""

from __future__ import annotations

import re
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
    """Where characters begin that are units by themselves, in ascending order."""


def fold(texts: Sequence[str]) -> Folded:
    """The texts folded. Lone surrogates are no part of a unit."""
    coded = [text.encode("utf-8", "surrogatepass") for text in texts]
    first = np.cumsum([1, *(len(data) + 1 for data in coded)])
    joined = b"\n".join((b"", *coded, GUARD)).translate(_plain())
    data = np.frombuffer(joined, np.uint8)
    if all(map(str.isascii, texts)):
        return Folded(data, first, np.empty(0, np.int64))
    data = data.copy()
    leads = np.flatnonzero(data >= 0xC0)
    sizes = 2 + (data[leads] >= 0xE0).astype(np.int8) + (data[leads] >= 0xF0)
    alone = []
    for size in (2, 3, 4):
        places = _fold_wide(data, leads[sizes == size], size)
        if places is None:
            return fold([_resized().sub(_lower_of, text) for text in texts])
        alone.append(places)
    return Folded(data, first, np.sort(np.concatenate(alone)))


def _fold_wide(data: NDArray[np.uint8], at: Places, size: int) -> Places | None:
    """Fold the characters of `size` bytes where they stand, and say where those are that stand alone.

    None where one takes another number of bytes in lower case.
    """
    own = 0x7F >> size
    code: Any = (data[at] & own).astype(np.uint32)
    for step in range(1, size):
        code = (code << np.uint32(6)) | (data[at + step] & 0x3F)
    found = _fold_table().take(code, mode="clip")
    if (found & RESIZED).any():
        return None
    lower = found & CODE
    changed = np.flatnonzero(lower != code)
    place, lower = at[changed], lower[changed]
    gone = lower == 0
    for step in range(size - 1, 0, -1):
        data[place + step] = np.where(gone, 0, (lower & 0x3F) | 0x80)
        lower = lower >> np.uint32(6)
    data[place] = np.where(gone, 0, lower | (0xFF ^ (2 * own + 1)))
    alone: Places = at[(found & ALONE) != 0]
    return alone


def starts(folded: Folded) -> Places:
    """Where each unit begins; from its end to the next all is zero."""
    data, alone = folded.data, folded.alone
    inside = data != 0
    opens = np.zeros_like(inside)
    np.greater(inside[1:], inside[:-1], out=opens[1:])
    if len(alone):
        opens[alone] = True
        behind = alone + 2 + (data[alone] >= 0xE0) + (data[alone] >= 0xF0)
        opens[behind[inside[behind]]] = True
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
        if unicodedata.category(chr(code))[0] in "LNM":
            lower = chr(code).lower()[0]
            resized = len(lower.encode()) != len(chr(code).encode())
            table[code] = ord(lower) | (int(RESIZED) if resized else 0)
    for low, high in UNSPACED:
        units = table[low : high + 1]
        units[units != 0] |= ALONE
    return table


@cache
def _resized() -> re.Pattern[str]:
    """Characters whose lower case takes another number of bytes."""
    codes = np.flatnonzero(_fold_table() & RESIZED).tolist()
    return re.compile(f"[{''.join(map(chr, codes))}]")


def _lower_of(match: Any) -> str:
    return str(match[0]).lower()[0]
