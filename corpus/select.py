"""The selector: which samples of a source are in, by a keyed hash of their ids.

A sample's rank depends on the seed and its id alone, so that adding a source or a sample does not
reshuffle the others. Each further epoch is a whole pass more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.sample import Sample

Numbers = NDArray[Any]
RANK_BYTES: Final = 16
AT_ONCE: Final = 1 << 13
"""So many values are Python's own at a time: each weighs three times what it does in an array."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A sample taken into the mixture, and in which pass over its source."""

    sample: Sample
    epoch: int

    @property
    def key(self) -> str:
        """The name of this pick in the mixture: the sample's id, and the pass where it is not the first."""
        return f"{self.sample.id}-r{self.epoch}" if self.epoch else self.sample.id


@dataclass(frozen=True, slots=True)
class Takes:
    """Rows of a stock in the order they are taken, each with its pass and its tokens."""

    rows: NDArray[np.int64]
    epochs: NDArray[np.int64]
    tokens: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def first(self, count: int) -> Takes:
        """The first `count` of them."""
        return Takes(self.rows[:count], self.epochs[:count], self.tokens[:count])

    def __iter__(self) -> Iterator[Take]:
        """Each as a value, made as it is asked for."""
        for start in range(0, len(self), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            columns = (self.rows[part], self.epochs[part], self.tokens[part])
            yield from map(Take._make, zip(*(one.tolist() for one in columns), strict=True))


class Take(NamedTuple):
    """One row that is taken, in which pass, and what it weighs."""

    row: int
    epoch: int
    tokens: int


def select(ids: Numbers, rows: Numbers, weights: Numbers, tokens: int, seed: int) -> Takes:
    """The first of a cell's rows by rank that make `tokens`; the last may go over by half of itself.

    `ids` and `weights` are the samples' ids and tokens, row by row.
    """
    passes: list[tuple[Numbers, int]] = []
    whole, left, epoch = int(weights.sum()), tokens, 0
    while left > 0 and whole > 0:
        order = by_rank(ids, seed, epoch)
        before = np.cumsum(weights[order]) - weights[order]
        over = np.flatnonzero((left - before) * 2 < weights[order])
        count = int(over[0]) if len(over) else len(order)
        passes.append((order[:count], epoch))
        left -= whole
        epoch += 1
    chosen = np.concatenate([order for order, _ in passes]) if passes else np.zeros(0, np.int64)
    epochs = np.repeat([e for _, e in passes], [len(order) for order, _ in passes])
    return Takes(rows[chosen], epochs.astype(np.int64), weights[chosen])


def by_rank(ids: Numbers, seed: int, epoch: int) -> Numbers:
    """The places of `ids`, an array of bytes, ordered by their ranks; equal ids keep their order."""
    key = seed.to_bytes(8, "big") + epoch.to_bytes(4, "big")
    ranks = np.empty((len(ids), 2), dtype=np.uint64)
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE].tolist()
        made = b"".join(blake2b(name, key=key, digest_size=RANK_BYTES).digest() for name in part)
        ranks[start : start + len(part)] = np.frombuffer(made, dtype=">u8").reshape(-1, 2)
    order: Numbers = np.lexsort((ranks[:, 1], ranks[:, 0]))
    return order
