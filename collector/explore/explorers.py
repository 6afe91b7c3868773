"""The explorers by name, and a run's mixture of them: `walk`, or `tree=3,forms=1,menus=1`.

Each episode has one explorer. A mixture's shares are kept as closely as they can be at every
moment of the run, so that a run that is cut short was mixed as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from collector.explore.base import Policy
from collector.explore.forms import Forms
from collector.explore.menus import Menus
from collector.explore.start import Start
from collector.explore.tasks import Tasks
from collector.explore.tree import Tree
from collector.explore.walk import Walk
from infra.errors import NotFound, UsageError

Explorer = Callable[[Start], Policy]


EXPLORERS: Final[dict[str, Explorer]] = {
    "walk": Walk.of,
    "tree": Tree,
    "forms": Forms,
    "menus": Menus,
    "tasks": Tasks,
}
GOING_BACK: Final = frozenset({"tree"})
"""Explorers whose episodes begin from frozen states, where the machine can be branched."""


def mixture(text: str) -> dict[str, float]:
    """Explorers and their weights. Raises NotFound with the nearest name, UsageError."""
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, weight = (piece.strip() for piece in part.partition("="))
        if name not in EXPLORERS:
            raise NotFound.among("explorer", name, EXPLORERS)
        try:
            shares[name] = shares.get(name, 0.0) + (float(weight) if weight else 1.0)
        except ValueError:
            raise UsageError(f"the weight of {name} is no number: {weight!r}", "walk=2,tree=1",
                             name) from None  # fmt: skip
        if not 0.0 < shares[name] < 1e6:
            raise UsageError(f"the weight of {name} is above 0", "walk=2,tree=1", name)
    return shares


def chosen(shares: Mapping[str, float], number: int) -> str:
    """The explorer of a run's episode: the one whose share is furthest behind."""
    total = sum(shares.values())
    given = dict.fromkeys(shares, 0)
    name = ""
    for count in range(number + 1):
        name = max(shares, key=lambda n: shares[n] / total * (count + 1) - given[n])
        given[name] += 1
    return name
