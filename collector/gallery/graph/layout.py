"""Where the nodes of a state graph stand: in layers by their distance from where the run began.

Within a layer a node stands near the middle of its neighbours in the layer before, so that fewer
edges cross (the barycentre rule of Sugiyama, Tagawa and Toda 1981). Plain numbers, no drawing.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from collector.explore.graph import Edge, StateGraph

SHOWN: Final = 200
"""Most nodes of a page."""
NODE: Final = (168, 132)
GAP: Final = (56, 26)
MARGIN: Final = 24
PASSES: Final = 3
TALLEST: Final = 12
"""Nodes one under the other; a layer of more takes several columns."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Each shown node's left upper corner, and the size of the whole, in pixels."""

    places: dict[int, tuple[int, int]]
    width: int
    height: int


def shown(graph: StateGraph, most: int = SHOWN) -> list[int]:
    """The nodes that a page shows: the first, then those with the most edges, the older first."""
    degree: Counter[int] = Counter()
    for edge in graph.edges:
        degree[edge.source] += 1
        degree[edge.target] += 1
    ranked = sorted((n.id for n in graph.nodes), key=lambda key: (key != 0, -degree[key], key))
    return sorted(ranked[:most])


def layout(nodes: Collection[int], edges: Iterable[Edge]) -> Layout:
    """The places of these nodes."""
    pairs = [(e.source, e.target) for e in edges if e.source in nodes and e.target in nodes]
    layers = _ordered(_layers(sorted(nodes), pairs), pairs)
    places: dict[int, tuple[int, int]] = {}
    column, height = 0, 0
    for layer in layers:
        for start in range(0, len(layer), TALLEST):
            for row, node in enumerate(layer[start : start + TALLEST]):
                x = MARGIN + column * (NODE[0] + GAP[0])
                y = MARGIN + row * (NODE[1] + GAP[1])
                places[node] = (x, y)
                height = max(height, y + NODE[1] + MARGIN)
            column += 1
    width = MARGIN * 2 + column * (NODE[0] + GAP[0])
    return Layout(places, width, height)


def _layers(nodes: list[int], pairs: list[tuple[int, int]]) -> list[list[int]]:
    """The nodes by their distance from the oldest; what it does not reach begins anew."""
    after: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in pairs:
        after[source].append(target)
    depth: dict[int, int] = {}
    for root in nodes:
        if root in depth:
            continue
        depth[root] = 0
        pending = deque([root])
        while pending:
            at = pending.popleft()
            for target in after[at]:
                if target not in depth:
                    depth[target] = depth[at] + 1
                    pending.append(target)
    layers: list[list[int]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        layers[depth[node]].append(node)
    return layers


def _ordered(layers: list[list[int]], pairs: list[tuple[int, int]]) -> list[list[int]]:
    near: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in pairs:
        near[source].append(target)
        near[target].append(source)
    for _ in range(PASSES):
        for before, layer in pairwise(layers):
            order = {node: float(place) for place, node in enumerate(before)}
            layer.sort(key=lambda node: (_middle(node, near, order), node))
    return layers


def _middle(node: int, near: dict[int, list[int]], order: dict[int, float]) -> float:
    places = [order[other] for other in near[node] if other in order]
    return sum(places) / len(places) if places else float(len(order))
