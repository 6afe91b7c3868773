"""The plan of a mixture: how many tokens each source gives, and which promises bind.

The mixture is as large as its budget, its sources and its promises allow. Water poured by weight
says what it would be without promises; where those do not hold then, the nearest mixture in which
all do is taken. A promise is never weakened: a mixture becomes smaller, and where none can be made
at all the promises that clash are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from corpus.recipe import Recipe
from corpus.solver.cells import Cell
from corpus.solver.nearest import nearest
from corpus.solver.pour import pour
from corpus.solver.programme import Clash, clash, most
from corpus.solver.rows import Row, Vector, rows
from infra.errors import Conflict

BINDS: Final = 1e-6
"""A promise binds where no larger part of the mixture than this is between it and its bound."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What one source gives."""

    source: str
    category: str
    available: int
    tokens: int
    exhausted: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The portions of a mixture, the tokens of each cell, and what binds."""

    budget: int
    portions: tuple[Portion, ...]
    given: tuple[int, ...]
    """Tokens by cell, in the order in which the cells were given."""
    binds: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """All tokens planned."""
        return sum(self.given)

    def as_record(self) -> dict[str, Any]:
        """The plan as plain values."""
        total = max(1, self.tokens)
        return {
            "budget_tokens": self.budget,
            "planned_tokens": self.tokens,
            "sources": [
                {
                    "source": p.source, "category": p.category, "available_tokens": p.available,
                    "planned_tokens": p.tokens, "share": round(p.tokens / total, 4),
                    "exhausted": p.exhausted,
                }
                for p in self.portions
            ],
            "binds": list(self.binds),
            "notes": list(self.notes),
        }  # fmt: skip


def solve(recipe: Recipe, cells: Sequence[Cell]) -> Plan:
    """The plan for these cells. Raises Conflict where the recipe's promises clash."""
    limits = np.array([c.tokens * recipe.sources[c.source].max_epochs for c in cells], dtype=float)
    promised = rows(recipe, cells)
    given = _given(recipe, cells, promised, limits)
    whole = tuple(int(tokens) for tokens in given)
    portions = tuple(_portions(recipe, cells, whole, limits))
    near = BINDS * sum(whole) + len(cells)
    binds = tuple(r.says for r in promised[1:] if r.weights.any() and r.slack(given) <= near)
    return Plan(recipe.budget_tokens, portions, whole, binds, tuple(_notes(recipe, portions)))


def _given(
    recipe: Recipe, cells: Sequence[Cell], promised: Sequence[Row], limits: Vector
) -> Vector:
    """Whole tokens of each cell, every promise kept."""
    if not limits.any():
        return np.zeros(len(cells))
    # So much room in every promise that none is broken when each cell is cut to whole tokens.
    careful = [
        Row(row.says, row.weights, row.bound + float(np.maximum(row.weights, 0).sum()))
        for row in promised
    ]
    for tried in (careful, promised):
        largest = most(tried, limits, recipe.budget_tokens)
        if largest is not None:
            amount = float(largest.sum())
            poured = pour(recipe, cells, limits, amount)
            return np.floor(nearest(tried, limits, poured, amount) + BINDS)
    raise _refusal(clash(promised, limits, recipe.budget_tokens))


def _refusal(found: Clash) -> Conflict:
    relaxed = "; ".join(f"{says} (short of {tokens} tokens)" for says, tokens in found.relaxed)
    return Conflict(
        f"these promises cannot be kept together: {'; '.join(found.rows)}",
        f"give way in one of them; the least in all would be: {relaxed}",
    )


def _portions(
    recipe: Recipe, cells: Sequence[Cell], given: Sequence[int], limits: Vector
) -> Iterator[Portion]:
    there, tokens = Counter[str](), Counter[str]()
    room, parts = Counter[str](), Counter(cell.source for cell in cells)
    for cell, amount, limit in zip(cells, given, limits, strict=True):
        there[cell.source] += cell.tokens
        tokens[cell.source] += amount
        room[cell.source] += int(limit)
    for name, source in recipe.sources.items():
        is_exhausted = tokens[name] >= room[name] - parts[name]
        yield Portion(name, source.category, there[name], tokens[name], is_exhausted)


def _notes(recipe: Recipe, portions: Sequence[Portion]) -> list[str]:
    notes = [
        f"source {p.source} is exhausted at {p.tokens} tokens"
        for p in portions
        if p.exhausted and p.source in recipe.read
    ]
    notes += [f"source {name} is left out" for name in recipe.sources if name not in recipe.read]
    total = sum(portion.tokens for portion in portions)
    if total < recipe.budget_tokens - len(portions):
        notes.append(f"the mixture has {total} of the {recipe.budget_tokens} tokens asked for")
    return notes
