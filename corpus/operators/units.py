"""Texts as units: words where writing has spaces, single characters where it has none.

Everything is done on arrays of code points, many texts at a time. A unit is a run of letters,
digits, marks and underscores, in lower case; a Han, kana, Thai, Lao, Khmer or Burmese character is
a unit by itself. A unit's hash depends on its characters alone: not on the process, the batch or
its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

MOST_CHARS: Final = 1 << 18
"""Texts are joined and hashed up to so many characters at a time: some 20 MiB of arrays."""
KNOWN: Final = 0x32400
"""Code points from here on are no letters of any language yet."""
UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
BASE: Final = 0x9E3779B97F4A7C15
BREAK: Final = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Units:
    """The units of several texts, one after another: uint64 hashes, and where each text begins.

    Units of text `t` are `hashes[first[t]:first[t + 1]]`; `alone` says which are no words.
    """

    hashes: Hashes
    first: Places
    alone: NDArray[np.bool_]


def split(texts: Sequence[str]) -> Units:
    """The units of `texts`, which hold at most MOST_CHARS characters and one more for each text."""
    joined = "\n".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    terms = _terms().take(codes, mode="clip")
    alone = np.zeros(len(codes), np.bool_)
    if (high := codes >= UNSPACED[0][0]).any():
        alone[high] = _alone().take(codes[high], mode="clip")
    opens = terms != 0
    opens[1:] &= alone[1:] | alone[:-1] | ~opens[:-1]
    starts = np.flatnonzero(opens)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    places = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    return Units(_hashes(terms, starts), np.searchsorted(starts, places), alone[starts])


def parts(text: str) -> Iterator[str]:
    """A long text in parts of at most MOST_CHARS, cut between words where there is a border."""
    at = 0
    while len(text) - at > MOST_CHARS:
        borders = BREAK.finditer(text, at + MOST_CHARS - 1000, at + MOST_CHARS)
        end = max((border.end() for border in borders), default=at + MOST_CHARS)
        yield text[at:end]
        at = end
    yield text[at:]


def mixed(values: Hashes) -> Hashes:
    """A bijection of 64-bit values in which every bit depends on every other (Stafford's mix 13)."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _hashes(terms: Hashes, starts: Places) -> Hashes:
    """Each unit's polynomial hash modulo 2**64; what stands between units counts as nothing."""
    if not len(starts):
        return np.empty(0, np.uint64)
    powers, inverses = _powers()
    sums = np.add.reduceat(terms * powers[: len(terms)], starts)
    return mixed(sums * inverses[starts])


@cache
def _powers() -> tuple[Hashes, Hashes]:
    """The powers of BASE and of its inverse modulo 2**64."""

    def powers(base: int) -> Hashes:
        factors = np.full(MOST_CHARS + 1, base, np.uint64)
        factors[0] = 1
        return np.cumprod(factors, dtype=np.uint64)

    return powers(BASE), powers(pow(BASE, -1, 1 << 64))


@cache
def _terms() -> Hashes:
    """What stands for each code point in a hash: that of its lower case, and 0 for no unit's part."""
    lower = np.array([ord(chr(code).lower()[0]) for code in range(KNOWN + 1)], np.uint64)
    terms = mixed(lower + np.uint64(1))
    for code in range(KNOWN + 1):
        if code != ord("_") and unicodedata.category(chr(code))[0] not in "LNM":
            terms[code] = 0
    terms[KNOWN] = 0
    return terms


@cache
def _alone() -> NDArray[np.bool_]:
    """Which code points are units by themselves."""
    alone = np.zeros(KNOWN + 1, np.bool_)
    for low, high in UNSPACED:
        alone[low : high + 1] = True
    alone &= _terms() != 0
    return alone
