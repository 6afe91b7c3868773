"""The interleaver: one order of all sequences in which every prefix has each category's share.

Tijdeman's rule (The chairman assignment problem, Discrete Mathematics 32, 1980): the k-th item of a
category may come once its share is far enough ahead of what it got and is due before it falls too
far behind; of those that may come, the one that is due first. No prefix is ever a whole sequence
away from its exact quota.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import heapify, heappop, heappush, heapreplace
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)


def order(counts: Mapping[str, int]) -> Iterator[str]:
    """Names in an order that keeps every prefix within one of its exact quotas."""
    names = sorted(name for name, count in counts.items() if count > 0)
    if len(names) < 2:
        yield from names * sum(counts[name] for name in names)
        return
    total, slack = sum(counts[name] for name in names), 2 * len(names) - 2

    def comes(name: str, number: int) -> tuple[int, int, str, int]:
        """From which position on, and until which, the item of that number has its place."""
        unit = slack * counts[name]
        first = -(-((number - 1) * slack + 1) * total // unit)
        return first, (number * slack - 1) * total // unit, name, number

    later = [comes(name, 1) for name in names]
    heapify(later)
    ready: list[tuple[int, str, int]] = []
    for position in range(1, total + 1):
        while later and later[0][0] <= position:
            _, due, name, number = later[0]
            heappush(ready, (due, name, number))
            if number < counts[name]:
                heapreplace(later, comes(name, number + 1))
            else:
                heappop(later)
        yield heappop(ready)[1]


class Counted(Protocol[Item_co]):
    """Items whose number is known."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Item_co]: ...


def interleave(groups: Mapping[str, Counted[Item]]) -> Iterator[Item]:
    """The items of all groups in one order, each group's own order kept."""
    sources = {name: iter(items) for name, items in groups.items()}
    for name in order({name: len(items) for name, items in groups.items()}):
        yield next(sources[name])
