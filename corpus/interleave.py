"""The interleaver: one order of all sequences in which every prefix has each category's share.

Tijdeman's rule: among the categories whose share is far enough ahead of what they got, take the one
whose next sequence is due first. No prefix is ever a whole sequence away from its exact quota.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

Item = TypeVar("Item")


def order(counts: Mapping[str, int]) -> Iterator[str]:
    """Names in an order that keeps every prefix within one of its exact quotas."""
    names = sorted(name for name, count in counts.items() if count > 0)
    total = sum(counts[name] for name in names)
    slack = Fraction(1, 2 * len(names) - 2) if len(names) > 1 else Fraction(0)
    taken = dict.fromkeys(names, 0)
    for position in range(1, total + 1):
        due = [
            name for name in names
            if counts[name] * position - taken[name] * total >= slack * total and taken[name] < counts[name]
        ]  # fmt: skip
        name = min(due, key=lambda n: (Fraction(taken[n] + 1, 1) - slack) / counts[n])
        taken[name] += 1
        yield name


def interleave(groups: Mapping[str, Sequence[Item]]) -> Iterator[Item]:
    """The items of all groups in one order, each group's own order kept."""
    sources = {name: iter(items) for name, items in groups.items()}
    for name in order({name: len(items) for name, items in groups.items()}):
        yield next(sources[name])
