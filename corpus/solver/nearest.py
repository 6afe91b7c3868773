"""The mixture nearest to the poured one that keeps every promise.

Near means the least sum of (given - poured)^2 / poured, so that what has to grow or to shrink does
so in proportion. That is solved by its dual, which has one multiplier a promise (Boyd and
Vandenberghe, Convex Optimization, 5.5); a linear programme then moves the answer by the least that
makes each promise hold exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import linprog, minimize

from corpus.solver.rows import Row, Vector

LEAST: Final = 1e-3
"""A cell that nothing was poured into can still be given some: as if it had this part of its own."""
ROUNDS: Final = 500


def nearest(rows: Sequence[Row], limits: Vector, poured: Vector, amount: float) -> Vector:
    """Tokens of each cell, `amount` in all, within the limits."""
    if all(row.slack(poured) >= 0 for row in rows) and np.isclose(poured.sum(), amount):
        return poured
    return _moved(rows, limits, _by_dual(rows, limits, poured, amount), amount)


def _by_dual(rows: Sequence[Row], limits: Vector, poured: Vector, amount: float) -> Vector:
    weights = np.array([*(row.weights for row in rows), np.ones(len(limits))])
    bounds = np.array([*(row.bound for row in rows), amount]) / amount
    wanted, most = poured / amount, limits / amount
    gives_way = np.maximum(wanted, LEAST * most) + 1e-12

    def at(multipliers: Vector) -> Vector:
        return np.asarray(np.clip(wanted + gives_way * (multipliers @ weights), 0, most))

    def dual(multipliers: Vector) -> tuple[float, Vector]:
        given = at(multipliers)
        short = bounds - weights @ given
        cost = float(((given - wanted) ** 2 / (2 * gives_way)).sum())
        return -(cost + float(multipliers @ short)), -short

    found = minimize(
        dual, np.zeros(len(bounds)), jac=True, method="L-BFGS-B",
        bounds=[*((0, None) for _ in rows), (None, None)],
        options={"maxiter": ROUNDS, "ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    return at(np.asarray(found.x)) * amount


def _moved(rows: Sequence[Row], limits: Vector, given: Vector, amount: float) -> Vector:
    """The least that has to move, up or down, for every promise to hold; it is known to be possible."""
    weights = np.array([row.weights for row in rows])
    slack = np.array([row.slack(given) for row in rows])
    up, down = (limits - given) / amount, given / amount
    found = linprog(
        np.ones(2 * len(limits)),
        np.hstack([-weights, weights]), slack / amount,
        np.concatenate([np.ones(len(limits)), -np.ones(len(limits))])[None, :],
        [(amount - given.sum()) / amount],
        bounds=np.column_stack([np.zeros(2 * len(limits)), np.concatenate([up, down])]),
        method="highs",
    )  # fmt: skip
    more, less = np.split(np.asarray(found.x, dtype=np.float64), 2)
    return given + (more - less) * amount
