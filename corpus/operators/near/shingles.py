"""Shingle sets of texts, and their signatures of fixed length.

A shingle is WIDTH consecutive units (see `corpus.operators.units`); a text of fewer is one shingle.
A set is the sorted 48-bit hashes of a text's shingles; of a text with more than MOST only the MOST
smallest are held, a fair sample by which longer texts are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.operators.folded import Places
from corpus.operators.units import Hashes, Units, mixed, parts, split

WIDTH: Final = 5
MOST: Final = 1 << 16
HASH_BITS: Final = 48
MOST_TEXTS: Final = 1 << 9
"""Texts in one call: a text's number stands above its slot and hash in 64 bits."""
SLOTS: Final = 128
SLOT_BITS: Final = 7
ROUNDS: Final = 4
EMPTY: Final = np.uint64((1 << 64) - 1)
_FACTORS: Final = np.array(
    [0x9FB21C651E98DF25, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
     0xFF51AFD7ED558CCD], np.uint64,
)  # fmt: skip
_HASH_MASK: Final = np.uint64((1 << HASH_BITS) - 1)


def keyed_sets(texts: Sequence[str]) -> Hashes:
    """The sets of short texts (see `units.split`), one after another: `text << 48 | hash`, sorted."""
    units = split(texts)
    hashes, owners = _shingles(units)
    keyed = hashes | (owners.astype(np.uint64) << np.uint64(HASH_BITS))
    return _bounded(_distinct(keyed), len(texts))


def keyed_set(text: str) -> Hashes:
    """The set of one text of any length, in memory bounded by MOST and a part of the text."""
    held: Hashes = np.empty(0, np.uint64)
    carried: Hashes = np.empty(0, np.uint64)
    for part in parts(text):
        hashes = np.concatenate((carried, split([part]).hashes))
        found, _ = _shingles(Units(hashes, np.array([0, len(hashes)]), np.empty(0, np.bool_)))
        carried = hashes[len(hashes) - WIDTH + 1 :] if len(hashes) >= WIDTH else hashes
        held = _distinct(np.concatenate((held, found)))[:MOST]
    return held


def _shingles(units: Units) -> tuple[Hashes, Places]:
    """The hash of every shingle, and which text it is of."""
    hashes, first = units.hashes, units.first
    counts = np.diff(first)
    owner = np.repeat(np.arange(len(counts)), counts)
    held = np.concatenate((hashes, np.zeros(WIDTH - 1, np.uint64)))
    sums = hashes * _FACTORS[0]
    for step in range(1, WIDTH):
        sums += held[step : step + len(hashes)] * _FACTORS[step]
    whole = np.arange(len(hashes)) + WIDTH <= first[1:][owner]
    for text in np.flatnonzero((counts > 0) & (counts < WIDTH)):
        start, end = first[text], first[text + 1]
        sums[start] = (hashes[start:end] * _FACTORS[: end - start]).sum(dtype=np.uint64)
        whole[start] = True
    return mixed(sums[whole]) & _HASH_MASK, owner[whole]


def _distinct(values: Hashes) -> Hashes:
    values.sort()
    return values[_is_first(values)]


def _is_first(values: Hashes) -> NDArray[np.bool_]:
    """Whether each of sorted values is the first of its equals."""
    first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first


def _bounded(keyed: Hashes, texts: int) -> Hashes:
    """Without what a text has beyond MOST."""
    if len(keyed) <= MOST:
        return keyed
    first = first_of(keyed, texts)
    number = np.arange(len(keyed)) - np.repeat(first[:-1], np.diff(first))
    return keyed[number < MOST]


def first_of(keyed: Hashes, texts: int) -> Places:
    """Where each text's set begins, and after the last where it ends."""
    marks = np.arange(texts + 1, dtype=np.uint64) << np.uint64(HASH_BITS)
    return np.searchsorted(keyed, marks)


def signatures(keyed: Hashes, texts: int) -> NDArray[np.uint64]:
    """SLOTS values for each text; those of two texts are equal as often as their sets overlap.

    Fast similarity sketching (Dahlgaard, Knudsen, Thorup: FOCS 2017): in each round every shingle
    falls into one slot, and an empty slot takes the least of those that fall into it; slots that
    are empty after ROUNDS take the least under a hash of their own. A text without shingles
    has the largest values.
    """
    made = np.full(texts * SLOTS, EMPTY, np.uint64)
    hashes, owner = keyed & _HASH_MASK, (keyed >> np.uint64(HASH_BITS)) << np.uint64(SLOT_BITS)
    slots = keyed >> np.uint64(HASH_BITS - SLOT_BITS)  # the first round takes the hash as it is
    least = np.flatnonzero(_is_first(slots))
    made[slots[least]] = hashes[least]
    for number in range(1, ROUNDS):
        again = hashes * _FACTORS[number]
        slots = owner | (again >> np.uint64(64 - SLOT_BITS))
        wanted = np.flatnonzero((made == EMPTY).take(slots.view(np.int64)))
        value = (again[wanted] >> np.uint64(64 - SLOT_BITS - HASH_BITS)) & _HASH_MASK
        falls = (slots[wanted] << np.uint64(HASH_BITS)) | value
        falls.sort()
        falls = falls[_is_first(falls >> np.uint64(HASH_BITS))]
        made[falls >> np.uint64(HASH_BITS)] = (falls & _HASH_MASK) | np.uint64(number << HASH_BITS)
    _fill(made, hashes, first_of(keyed, texts))
    return made.reshape(texts, SLOTS)


def _fill(made: Hashes, hashes: Hashes, first: Places) -> None:
    """Give each slot that is still empty the least of its text's shingles under its own hash."""
    sizes = np.diff(first)
    empty = np.flatnonzero(made == EMPTY)
    empty = empty[sizes[empty // SLOTS] > 0]
    if not len(empty):
        return
    text, counts = empty // SLOTS, sizes[empty // SLOTS]
    starts = np.cumsum(counts) - counts
    shingle = np.arange(counts.sum()) + np.repeat(first[text] - starts, counts)
    salts = mixed(np.arange(1, SLOTS + 1, dtype=np.uint64))
    salted = mixed(hashes[shingle] ^ np.repeat(salts[empty % SLOTS], counts))
    least = np.minimum.reduceat(salted, starts)
    made[empty] = (least >> np.uint64(2)) | np.uint64(1 << 63)


def jaccard(one: Hashes, other: Hashes) -> float:
    """How much of two sets together is in both; of sets that were cut, below the nearer cut."""
    cut = min((int(s[-1]) for s in (one, other) if len(s) >= MOST), default=None)
    if cut is not None:
        one, other = one[one <= cut], other[other <= cut]
    both = np.concatenate((one, other))
    both.sort()
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(both) - shared) if len(both) else 0.0
