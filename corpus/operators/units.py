"""Texts as units: words where writing has spaces, single characters where it has none.

Everything is done on arrays of bytes, many texts at a time. A unit is a run of letters,
digits, marks and underscores, in lower case; a Han, kana, Thai, Lao, Khmer or Burmese character is
a unit by itself. A unit's hash depends on its characters alone: not on the process, the batch or
its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpus.operators.folded import Places, fold, starts

Hashes = NDArray[np.uint64]

MOST_CHARS: Final = 1 << 18
"""Texts are joined and hashed up to so many characters at a time: some 20 MiB of arrays."""
BASE: Final = np.uint64(0x9E3779B97F4A7C15)
BREAK: Final = re.compile(r"\W")
_LOWEST: Final = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
"""The lowest so many bytes of a number."""


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
    folded = fold(texts)
    at = starts(folded)
    if len(folded.alone):
        marks = np.zeros(len(folded.data), np.bool_)
        marks[folded.alone] = True
        alone = marks[at]
    else:
        alone = np.zeros(len(at), np.bool_)
    return Units(_hashes(folded.data, at), np.searchsorted(at, folded.first), alone)


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


def _hashes(data: NDArray[np.uint8], at: Places) -> Hashes:
    """A hash of the bytes of each unit: eight are a number, and those a polynomial modulo 2**64.

    What follows a unit is zero up to the next, and counts as nothing.
    """
    eights: Any = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))  # one from every byte on
    left = np.diff(at, append=len(eights))
    sums: Hashes = eights[at] & _LOWEST.take(left, mode="clip")
    long = np.flatnonzero(left > 8)
    at, left = at[long] + 8, left[long] - 8
    sums[long] += (eights[at] & _LOWEST.take(left, mode="clip")) * BASE
    if len(more := np.flatnonzero(left > 8)):
        count = (left[more] - 1) >> 3
        ends = np.cumsum(count)
        step = 8 * (np.arange(1, ends[-1] + 1) - np.repeat(ends - count, count))
        rest = eights[np.repeat(at[more], count) + step]
        rest &= _LOWEST.take(np.repeat(left[more], count) - step, mode="clip")
        sums[long[more]] += np.add.reduceat(rest * _powers()[1 + step // 8], ends - count)
    return mixed(sums)


@cache
def _powers() -> Hashes:
    """The powers of BASE modulo 2**64, as many as the longest unit has eights."""
    factors = np.full(MOST_CHARS // 2 + 1, BASE, np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)
