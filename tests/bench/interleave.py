"""Interleaving: how far any prefix is from its exact quotas, against blending by chance.

Counts of nine categories are drawn, with ten thousand sources in a last case; the error is the
largest distance of any name's items in any prefix from its share of that prefix, in items.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Final

from corpus.interleave import order
from infra.progress import Progress
from tests.bench.machines import CLOCK
from tests.bench.report import Report

CASES: Final = (9, 9, 9, 9, 9, 60, 10_000)
ITEMS: Final = 200_000
NINE: Final = 9


def run(progress: Progress) -> Report:
    """The same counts in our order and in one drawn by weight."""
    draw = random.Random(1)
    ours, theirs, took_s, ordered = 0.0, 0.0, 0.0, 0
    for number, names in enumerate(CASES):
        progress.say(f"case {number + 1} of {len(CASES)}: {names} names")
        counts = _drawn(names, draw)
        start = CLOCK.monotonic_s()
        made = list(order(counts))
        took_s += CLOCK.monotonic_s() - start
        ordered += len(made)
        ours = max(ours, worst_error(counts, made))
        if names == NINE:
            theirs = max(theirs, worst_error(counts, _by_chance(counts, draw)))
    figures = {
        "worst_prefix_error": round(ours, 4),
        "random_worst_prefix_error": round(theirs, 1),
        "items_per_s": round(ordered / took_s),
    }
    return Report("interleave", figures, "random blending by weight", round(theirs / ours, 1))


def _drawn(names: int, draw: random.Random) -> dict[str, int]:
    weights = [draw.lognormvariate(0, 1.5) for _ in range(names)]
    return {f"s{n}": max(1, round(ITEMS * w / sum(weights))) for n, w in enumerate(weights)}


def _by_chance(counts: Mapping[str, int], draw: random.Random) -> list[str]:
    names = list(counts)
    return draw.choices(names, [counts[name] for name in names], k=sum(counts.values()))


def worst_error(counts: Mapping[str, int], made: Iterable[str]) -> float:
    """The largest error of any name in any prefix; between its own items a name's error is linear,
    so that it is greatest just before and just after each of them, and at the end."""
    total = sum(counts.values())
    taken = dict.fromkeys(counts, 0)
    worst = 0.0
    for position, name in enumerate(made, 1):
        share = counts[name] / total
        worst = max(worst, share * (position - 1) - taken[name])
        taken[name] += 1
        worst = max(worst, taken[name] - share * position)
    left = (abs(count - taken[name]) for name, count in counts.items())
    return max(worst, *left)
