"""Covering designs: few rows in which every two values of different factors meet at least once.

Making one is a pure function of the factors. What a design must cover is counted here and not by
whoever made it: a pair counts where both values can stand in one row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

Row = Mapping[str, str]
Factors = Mapping[str, Sequence[str]]
Pair = tuple[str, str, str, str]
"""A factor with its value, and another with its own, in the order of their names."""
Fits = Callable[[Row], bool]
"""Whether a row, or a part of one, may be."""
STRENGTH: Final = 2


def pairs(row: Row) -> set[Pair]:
    """The pairs that meet in a row."""
    return {(a, row[a], b, row[b]) for a, b in combinations(sorted(row), STRENGTH)}


def possible(factors: Factors, fits: Fits) -> frozenset[Pair]:
    """Every pair that may be."""
    found = set()
    for a, b in combinations(sorted(factors), STRENGTH):
        for x, y in product(factors[a], factors[b]):
            if fits({a: x, b: y}):
                found.add((a, x, b, y))
    return frozenset(found)


def rows(
    factors: Factors, fits: Fits, within: Sequence[Row] = ({},), first: Sequence[Row] = ()
) -> list[dict[str, str]]:
    """Rows in which all pairs meet that can, begun with those of `first`.

    Every row begins with one of `within`, parts of rows; of a factor that none of them names, any
    value is free. Each row is made around a pair that has not met, then filled by what is newest.
    """
    made = [dict(row) for row in first]
    left = possible(factors, fits).difference(*map(pairs, made))
    for pair in sorted(left, key=_shuffled):
        if pair not in left:
            continue
        a, x, b, y = pair
        fitting = [
            {**part, a: x, b: y} for part in within if part.get(a, x) == x and part.get(b, y) == y
        ]
        filled = [row for part in fitting if (row := _filled(part, factors, fits, left))]
        if filled:
            best = max(filled, key=lambda row: len(pairs(row) & left))
            made.append(best)
            left -= pairs(best)
    return made


def _filled(part: Row, factors: Factors, fits: Fits, left: frozenset[Pair]) -> dict[str, str]:
    """A row that begins so and has the most pairs of `left`, value by value; {} where none fits."""
    row = dict(part)
    if not fits(row):
        return {}
    for name in sorted(factors, key=lambda name: -len(factors[name])):
        if name in row:
            continue
        options = [value for value in factors[name] if fits({**row, name: value})]
        if not options:
            return {}
        row[name] = max(options, key=lambda value: len(pairs({**row, name: value}) & left))
    return {name: row[name] for name in factors}


def _shuffled(pair: Pair) -> str:
    """An order that is no order of the factors, and always the same."""
    return hashlib.sha256(repr(pair).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a design has been seen: pairs met of all that can meet."""

    covered: int
    possible: int
    rows: int
    """Different rows seen."""
    missing: tuple[Pair, ...] = ()
    """Some that have not met, in order."""

    @property
    def share(self) -> float:
        """From 0 to 1; of nothing, all is covered."""
        return self.covered / self.possible if self.possible else 1.0


def coverage(seen: Iterable[Row], factors: Factors, fits: Fits, most: int = 20) -> Coverage:
    """What these rows cover; values that are none of the factors' do not count."""
    wanted = possible(factors, fits)
    met: set[Pair] = set()
    kinds: set[tuple[tuple[str, str], ...]] = set()
    for row in seen:
        kinds.add(tuple(sorted(row.items())))
        met |= pairs(row) & wanted
    return Coverage(len(met), len(wanted), len(kinds), tuple(sorted(wanted - met))[:most])
