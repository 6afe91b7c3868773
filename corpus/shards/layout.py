"""Which picks go into which shard, known before any is written.

Every member's size follows from the store's columns, so shards can be written side by side, in any
order and by anybody, and are the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from corpus.select import Numbers
from corpus.shards import tar


def sizes(members: Numbers, lines: Numbers, epochs: Numbers, sequences: Numbers) -> Numbers:
    """Bytes that each pick takes in its shard.

    `members` are those of its pictures, `lines` its line in the first pass and sequence 0.
    """
    later = np.where(epochs > 0, 2 + _digits(epochs), 0)  # the key's ending: -r1
    data = lines.astype(np.int64) - 1 + later + _digits(sequences) - 1
    blocks = -(-data // tar.BLOCK)
    taken: Numbers = members.astype(np.int64) + tar.BLOCK * (blocks + 1)
    return taken


def layout(sizes_bytes: Numbers, shard_bytes: int) -> Iterator[range]:
    """The picks of each shard: as many as it has room for, one at least."""
    ends, start = np.cumsum(sizes_bytes), 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        room = before + shard_bytes - len(tar.END)
        stop = max(start + 1, int(np.searchsorted(ends, room, side="right")))
        yield range(start, stop)
        start = stop


def _digits(numbers: Numbers) -> Numbers:
    """How many digits each number has."""
    bounds = 10 ** np.arange(1, 11, dtype=np.int64)
    return 1 + np.searchsorted(bounds, numbers.astype(np.int64), side="right")
