"""Words and marks of a text, told apart on arrays of its code points.

Every character that is no space is part of one token. Letters, digits, marks and underscores make
words, with a dot, comma, colon or `@` inside where no space follows; an apostrophe begins a token,
as in `it 's`; a run of one sign is a token.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.operators.folded import KNOWN, Places
from corpus.operators.units import Hashes, mixed

LETTER, DIGIT, SPACE, SIGN, DOT, INSIDE, IN_NUMBERS, APOSTROPHE = (1 << n for n in range(8))
SIGNS: Final = {".": DOT | INSIDE | IN_NUMBERS, "@": INSIDE, ",": IN_NUMBERS, ":": IN_NUMBERS,
                "'": APOSTROPHE, "’": APOSTROPHE}  # fmt: skip
WORD: Final = LETTER | DIGIT
END: Final = re.compile(
    r"""[.!?…。！？](?:(?<=[。！？])[。！？”’）」]*|(?<!\b[^\W\d_]\.)["'”’)\]]*(?=\s|$))"""
)
BASE: Final = 0xD6E8FEB86659FD93


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, without its spaces.

    Token `n` is `solid[at[n]:at[n + 1]]`, code points; `kinds[n]` are those of its characters
    together; `sums` are what hashes of any stretch are made of.
    """

    solid: NDArray[np.uint32]
    at: Places
    kinds: NDArray[np.uint8]
    sums: Hashes

    def __len__(self) -> int:
        return len(self.at) - 1

    @property
    def lengths(self) -> Places:
        """Characters of each token."""
        return self.at[1:] - self.at[:-1]

    def hashes(self, width: int) -> Hashes:
        """A hash of the characters of each run of `width` tokens."""
        starts, ends = self.at[:-width], self.at[width:]
        return mixed((self.sums[ends] - self.sums[starts]) * _powers(len(self.solid))[1][starts])

    def having(self, kind: int) -> NDArray[np.bool_]:
        """Which tokens have a character of one of the kinds in `kind`."""
        has: NDArray[np.bool_] = (self.kinds & kind) != 0
        return has


def tokens(text: str) -> Tokens:
    """The tokens of `text`."""
    return tokens_of([text])[0]


def tokens_of(texts: Sequence[str]) -> list[Tokens]:
    """The tokens of each text; many short ones together take less time than one by one."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds().take(codes, mode="clip")
    solid = np.flatnonzero(kinds != SPACE)
    held = codes[solid]
    starts = np.flatnonzero(~_joins(codes, kinds)[solid])
    sums = np.zeros(len(held) + 1, np.uint64)
    np.cumsum(_terms().take(held, mode="clip") * _powers(len(held))[0][: len(held)], out=sums[1:])
    merged = np.bitwise_or.reduceat(kinds[solid], starts) if len(starts) else kinds[:0]
    at = np.append(starts, len(held))
    ends = np.cumsum([len(text) + 1 for text in texts])
    bounds = [0, *np.searchsorted(solid[starts], ends).tolist()]
    return [Tokens(held, at[a : b + 1], merged[a:b], sums) for a, b in pairwise(bounds)]


def _joins(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether each character belongs to the token of the one before it."""
    if not len(codes):
        return np.zeros(0, np.bool_)
    padded = np.zeros(len(codes) + 3, np.uint8)
    padded[2:-1] = kinds
    before_that, before, after = padded[:-3], padded[1:-2], padded[3:]
    word = (padded & WORD) != 0
    word_before, word_after = word[1:-2], word[3:]
    inside = ((kinds & INSIDE) != 0) & word_before & word_after
    inside |= ((kinds & IN_NUMBERS) != 0) & (before == DIGIT) & (after == DIGIT)
    inside |= ((kinds & DOT) != 0) & (before == LETTER) & ((before_that & WORD) == 0)  # e.g., J.
    opens_word = (((kinds & APOSTROPHE) != 0) & word_after) | inside
    same = (kinds & SIGN) != 0
    same[0] = False
    same[1:] &= (codes[1:] == codes[:-1]) & ~opens_word[:-1] & ~opens_word[1:]
    goes_on = word[2:-1] & word_before
    goes_on[1:] |= word[3:-1] & opens_word[:-1]
    joins: NDArray[np.bool_] = inside | same | goes_on
    return joins


def words(text: str) -> list[str]:
    """The tokens as strings."""
    found = tokens(text)
    solid = found.solid.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    at = found.at.tolist()
    return [solid[start:end] for start, end in pairwise(at)]


def sentences(text: str) -> list[str]:
    """Stretches of a text that end with a full stop, or another mark, before a space or its end."""
    return [part for part in _stretches(text) if part.strip()]


def _stretches(text: str) -> Iterator[str]:
    at = 0
    for match in END.finditer(text):
        yield text[at : match.end()]
        at = match.end()
    yield text[at:]


@cache
def _kinds() -> NDArray[np.uint8]:
    kinds = np.full(KNOWN + 1, SIGN, np.uint8)
    for code in range(KNOWN):
        char = chr(code)
        category = unicodedata.category(char)[0]
        if char.isspace():
            kinds[code] = SPACE
        elif category in "LM" or char == "_":
            kinds[code] = LETTER
        elif category == "N":
            kinds[code] = DIGIT
    for char, flags in SIGNS.items():
        kinds[ord(char)] |= flags
    return kinds


@cache
def _terms() -> Hashes:
    """What stands for each code point in a hash."""
    return mixed(np.arange(1, KNOWN + 2, dtype=np.uint64))


_held: list[tuple[Hashes, Hashes]] = []


def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Powers of BASE and of its inverse modulo 2**64, at least `size` of each."""
    if not _held or len(_held[0][0]) < size:
        count = 1 << max(16, size.bit_length())
        factors = np.full(count, BASE, np.uint64)
        factors[0] = 1
        inverses = np.full(count, pow(BASE, -1, 1 << 64), np.uint64)
        inverses[0] = 1
        _held[:] = [(np.cumprod(factors), np.cumprod(inverses))]
    return _held[0]
