"""Water poured by weight: what a mixture would be if a recipe had weights and no promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from corpus.recipe import Recipe
from corpus.solver.cells import Cell
from corpus.solver.rows import Vector


def pour(recipe: Recipe, cells: Sequence[Cell], limits: Vector, amount: float) -> Vector:
    """Categories by weight, the sources of each by weight, a source's cells by what they hold.

    A source that runs out leaves its part to the others of its category, then to the others.
    """
    of_source = dict.fromkeys(recipe.sources, 0.0)
    for cell, limit in zip(cells, limits, strict=True):
        of_source[cell.source] += limit
    members: dict[str, list[str]] = {category: [] for category in recipe.categories}
    for name, source in recipe.sources.items():
        members[source.category].append(name)
    whole = {c: sum(of_source[n] for n in names) for c, names in members.items()}
    by_category = fill(amount, {c: s.weight for c, s in recipe.categories.items()}, whole)
    given: dict[str, float] = {}
    for category, names in members.items():
        weights = {n: recipe.sources[n].weight for n in names}
        given |= fill(by_category[category], weights, of_source)
    return np.array(
        [given[c.source] * limit / max(of_source[c.source], 1e-9)
         for c, limit in zip(cells, limits, strict=True)]
    )  # fmt: skip


def fill(
    amount: float, weights: Mapping[str, float], limits: Mapping[str, float]
) -> dict[str, float]:
    """Pour `amount` into vessels by weight, none over its limit."""
    given = dict.fromkeys(weights, 0.0)
    open_names = sorted(name for name in weights if limits[name] > 0)
    left = min(amount, sum(limits[name] for name in weights))
    while left > 0 and open_names:
        total = sum(weights[name] for name in open_names)
        full = [n for n in open_names if limits[n] <= left * weights[n] / total]
        if not full:
            return given | {n: left * weights[n] / total for n in open_names}
        for name in full:
            given[name] = limits[name]
            left -= limits[name]
        open_names = [name for name in open_names if name not in full]
    return given
