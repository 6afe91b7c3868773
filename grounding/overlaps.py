"""Elements of one surface that claim the same pixels, of which a tree does not say who is on top.

A window that is smaller than what it holds lays its parts over each other, and all of them still
count as showing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from grounding.scene import Node

SHARED: Final = 0.25
"""So much of the smaller one under or over the other is no border that touches."""


def entangled(nodes: Sequence[Node]) -> set[str]:
    """The ids of nodes that lie over each other, neither in the other, and no hit test tells."""
    asked = [node for node in nodes if node.element.hit is None]
    found: set[str] = set()
    for one, other in _overlapping(asked):
        a, b = asked[one], asked[other]
        if a.surface == b.surface and a not in b.above and b not in a.above:
            found |= {a.id, b.id}
    return found


def _overlapping(nodes: Sequence[Node]) -> list[tuple[int, int]]:
    """The pairs whose boxes share enough, by their places in the list."""
    if not nodes:
        return []
    left, top, right, bottom = np.array([node.box.as_list() for node in nodes], np.int32).T
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    down = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    shared = np.maximum(across, 0) * np.maximum(down, 0)
    areas = (right - left) * (bottom - top)
    much = shared > SHARED * np.minimum(areas[:, None], areas)
    return [(int(i), int(j)) for i, j in np.argwhere(np.triu(much, 1))]
