"""Whole samples: what a plan promises in tokens, kept when each cell's last sample goes over.

A selection misses its tokens by up to half a sample in every cell. Where that breaks a promise or the
budget, last samples are left out again, each time that which leaves the least of all breaches. What
of a cell's tokens is pictures' counts as in the whole cell; a least number of tokens that its cells
miss by parts of a sample stays missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from corpus.select import Takes
from corpus.solver.rows import Row

NONE: Final = 1e-6
"""Tokens that are no breach, but the last digit of a share."""
FIRST: Final = 1e6
"""So much more than a promise the budget counts: it is never gone over."""


def settle(taken: Sequence[Takes], promised: Sequence[Row], budget: int) -> list[Takes]:
    """The selections of the cells, shorter by what keeps the promises and at most `budget` tokens."""
    weights = np.array([*(row.weights for row in promised), np.full(len(taken), -FIRST)])
    bounds = np.array([*(row.bound for row in promised), -budget * FIRST], dtype=float)
    tokens = np.array([takes.tokens.sum() for takes in taken], dtype=float)
    counts = [len(takes) for takes in taken]
    while True:
        slack = weights @ tokens - bounds
        breach = np.maximum(-slack - NONE, 0).sum()
        last = np.array([t.tokens[n - 1] if n else 0 for t, n in zip(taken, counts, strict=True)])
        left = np.maximum(-(slack[:, None] - weights * last) - NONE, 0).sum(axis=0)
        left[last == 0] = np.inf
        best = int(np.lexsort((last, left))[0]) if len(left) else 0
        if not breach or left[best] >= breach:
            return [takes.first(count) for takes, count in zip(taken, counts, strict=True)]
        counts[best] -= 1
        tokens[best] -= last[best]
