"""The linear programme: how large a mixture can be, and where none can, which promises clash.

HiGHS by scipy; tokens are scaled by the budget, so that its tolerances mean the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog

from corpus.solver.rows import Row, Vector

FEASIBLE: Final = 0


@dataclass(frozen=True, slots=True)
class Clash:
    """Promises that cannot be kept together, though without any one of them the others can.

    `relaxed` tells the cheapest way out of all clashes: by how many tokens each promise would have
    to give way, in sum the least.
    """

    rows: tuple[str, ...]
    relaxed: tuple[tuple[str, int], ...]


def most(rows: Sequence[Row], limits: Vector, budget: float) -> Vector | None:
    """The tokens of a mixture that is as large as the promises allow; None where they clash."""
    scale = max(1.0, budget)
    cells = len(limits)
    above = [*(-row.weights for row in rows), np.ones(cells)]
    bounds = [*(-row.bound / scale for row in rows), budget / scale]
    found = linprog(
        -np.ones(cells), np.array(above), bounds,
        bounds=np.column_stack([np.zeros(cells), limits / scale]), method="highs",
    )  # fmt: skip
    return np.asarray(found.x) * scale if found.status == FEASIBLE else None


def clash(rows: Sequence[Row], limits: Vector, budget: float) -> Clash:
    """Why there is no mixture: a deletion filter leaves a set from which none can be missed."""
    kept = list(rows)
    for row in rows:
        without = [other for other in kept if other is not row]
        if most(without, limits, budget) is None:
            kept = without
    return Clash(tuple(row.says for row in kept), _relaxed(rows, limits, budget))


def _relaxed(rows: Sequence[Row], limits: Vector, budget: float) -> tuple[tuple[str, int], ...]:
    """What each promise gives way, where the sum of all that is least."""
    scale, cells, count = max(1.0, budget), len(limits), len(rows)
    weights = np.array([row.weights for row in rows])
    whole = np.concatenate([np.ones(cells), np.zeros(count)])
    found = linprog(
        np.concatenate([np.zeros(cells), np.ones(count)]),
        np.vstack([np.hstack([-weights, -np.eye(count)]), whole]),
        [*(-row.bound / scale for row in rows), budget / scale],
        bounds=[*((0, limit / scale) for limit in limits), *((0, None) for _ in rows)],
        method="highs",
    )  # fmt: skip
    gives = np.ceil(np.asarray(found.x)[cells:] * scale - 1e-6).astype(int)
    return tuple((row.says, int(n)) for row, n in zip(rows, gives, strict=True) if n > 0)
