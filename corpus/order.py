"""The order of a mixture: which sample stands where, in which sequence, as arrays.

Selected rows are packed to sequences category by category, the sequences interleaved; what is kept
of all that is 16 bytes a sample.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.interleave import interleave
from corpus.pack import Sequence as Packed
from corpus.pack import pack
from corpus.recipe import Recipe
from corpus.select import Numbers, Takes, select
from corpus.settle import settle
from corpus.solver.cells import Cell
from corpus.solver.rows import rows as promises
from corpus.store.stock import Stock


@dataclass(frozen=True, slots=True)
class Order:
    """Rows of a stock in the order of the mixture, each with its pass and its sequence's number."""

    rows: NDArray[np.uint64]
    epochs: NDArray[np.uint32]
    sequences: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def sequence_count(self) -> int:
        """How many sequences there are."""
        return int(self.sequences[-1]) + 1 if len(self) else 0


@dataclass(slots=True)
class _Line:
    """The packed sequences of one category, one after another."""

    rows: array[int] = field(default_factory=lambda: array("Q"))
    epochs: array[int] = field(default_factory=lambda: array("I"))
    ends: array[int] = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        return len(self.ends)

    def __iter__(self) -> Iterator[tuple[array[int], array[int]]]:
        """Rows and passes of each sequence."""
        for start, end in pairwise((0, *self.ends)):
            yield self.rows[start:end], self.epochs[start:end]

    def add(self, sequence: Packed) -> None:
        self.rows.extend(take.row for take in sequence.takes)
        self.epochs.extend(take.epoch for take in sequence.takes)
        self.ends.append(len(self.rows))


def arrange(
    recipe: Recipe, stock: Stock, cells: Sequence[tuple[Cell, Numbers]], given: Iterable[int]
) -> Order:
    """The mixture's order: `given` tokens of each cell selected, packed and interleaved."""
    ids = stock.column("id")
    taken = [
        select(ids[rows], rows, stock.tokens[rows], tokens, recipe.seed)
        for (_, rows), tokens in zip(cells, given, strict=True)
    ]
    promised = promises(recipe, [cell for cell, _ in cells])
    groups: dict[str, dict[str, Takes]] = {name: {} for name in recipe.categories}
    for number, takes in enumerate(settle(taken, promised, recipe.budget_tokens)):
        cell, _ = cells[number]
        groups[cell.category][f"{cell.source}/{number}"] = takes
    lines = {name: _packed(name, takes, recipe) for name, takes in groups.items()}
    return _joined(lines)


def _packed(name: str, groups: dict[str, Takes], recipe: Recipe) -> _Line:
    line = _Line()
    for sequence in pack(name, interleave(groups), recipe.context_tokens):
        line.add(sequence)
    return line


def _joined(lines: dict[str, _Line]) -> Order:
    """Every line's sequences in their interleaved order."""
    many = sum(len(line.rows) for line in lines.values())
    made = Order(np.zeros(many, np.uint64), np.zeros(many, np.uint32), np.zeros(many, np.uint32))
    at = 0
    for number, (rows, epochs) in enumerate(interleave(lines)):
        here = slice(at, at + len(rows))
        made.rows[here], made.epochs[here], made.sequences[here] = rows, epochs, number
        at = here.stop
    return made
