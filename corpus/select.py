"""The selector: which samples of a source are in, by a keyed hash of their ids.

A sample's rank depends on the seed and its id alone, so that adding a source or a sample does not
reshuffle the others. Each further epoch is a whole pass more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.sample import Sample


@dataclass(frozen=True, slots=True)
class Pick:
    """A sample taken into the mixture, and in which pass over its source."""

    sample: Sample
    epoch: int

    @property
    def key(self) -> str:
        """The name of this pick in the mixture: the sample's id, and the pass where it is not the first."""
        return f"{self.sample.id}-r{self.epoch}" if self.epoch else self.sample.id


def rank(seed: int, sample_id: str, epoch: int = 0) -> bytes:
    """Where a sample stands in the order of its source."""
    key = seed.to_bytes(8, "big") + epoch.to_bytes(4, "big")
    return hashlib.blake2b(sample_id.encode(), key=key, digest_size=16).digest()


def select(samples: Sequence[Sample], tokens: int, seed: int) -> list[Pick]:
    """The first samples by rank that make `tokens`; the last one may go over by half of itself."""
    picks: list[Pick] = []
    whole = sum(sample.tokens for sample in samples)
    left, epoch = tokens, 0
    while left > 0 and whole > 0:
        for sample in sorted(samples, key=lambda s: (rank(seed, s.id, epoch), s.id)):
            if left * 2 < sample.tokens:
                return picks
            picks.append(Pick(sample, epoch))
            left -= sample.tokens
        epoch += 1
    return picks
