"""Rows: what a recipe promises, each as a linear inequality over the tokens of the cells.

A row holds where `weights @ tokens >= bound`. A share of the mixture is linear too: at least a
tenth of the whole is `tokens of it - 0.1 * all tokens >= 0`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.recipe import Recipe
from corpus.solver.cells import Cell

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One promise, in words and as numbers."""

    says: str
    weights: Vector
    bound: float = 0.0

    def slack(self, tokens: Vector) -> float:
        """By how many tokens it holds; below zero where it does not."""
        return float(self.weights @ tokens) - self.bound


def rows(recipe: Recipe, cells: Sequence[Cell]) -> list[Row]:
    """Every promise of the recipe, in the order of its keys."""
    return [*_least(recipe, cells), *_categories(recipe, cells), *_whole(recipe, cells),
            *_quotas(recipe, cells)]  # fmt: skip


def _least(recipe: Recipe, cells: Sequence[Cell]) -> Iterator[Row]:
    least = max(1, recipe.least_tokens)
    yield Row(f"the mixture has at least {least} tokens", np.ones(len(cells)), float(least))


def _categories(recipe: Recipe, cells: Sequence[Cell]) -> Iterator[Row]:
    for name, share in recipe.categories.items():
        mine = _marked(cell.category == name for cell in cells)
        if share.floor > 0:
            yield Row(f"category {name} is at least {share.floor:g}", mine - share.floor)
        if share.cap < 1:
            yield Row(f"category {name} is at most {share.cap:g}", share.cap - mine)


def _whole(recipe: Recipe, cells: Sequence[Cell]) -> Iterator[Row]:
    if recipe.synthetic_max_share < 1:
        made = _marked(recipe.sources[cell.source].synthetic for cell in cells)
        yield Row(
            f"synthetic sources are at most {recipe.synthetic_max_share:g}",
            recipe.synthetic_max_share - made,
        )
    images = np.array([cell.image_tokens / max(1, cell.tokens) for cell in cells])
    if recipe.image_share.min > 0:
        yield Row(
            f"image tokens are at least {recipe.image_share.min:g}", images - recipe.image_share.min
        )
    if recipe.image_share.max < 1:
        yield Row(
            f"image tokens are at most {recipe.image_share.max:g}", recipe.image_share.max - images
        )


def _quotas(recipe: Recipe, cells: Sequence[Cell]) -> Iterator[Row]:
    for quota in recipe.quotas:
        mine, what = (
            _marked(cell.has(quota.by, quota.of) for cell in cells),
            f"{quota.by} {quota.of}",
        )
        if quota.min > 0:
            yield Row(f"{what} is at least {quota.min:g}", mine - quota.min)
        if quota.max < 1:
            yield Row(f"{what} is at most {quota.max:g}", quota.max - mine)
        if quota.min_tokens:
            yield Row(f"{what} has at least {quota.min_tokens} tokens", mine, quota.min_tokens)
        if quota.max_tokens is not None:
            yield Row(f"{what} has at most {quota.max_tokens} tokens", -mine, -quota.max_tokens)


def _marked(which: Iterator[bool]) -> Vector:
    return np.fromiter(which, dtype=np.float64)
