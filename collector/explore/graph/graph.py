"""The states a run has met and the actions between them; shared by all its episodes.

Near states are one node. A node remembers what was tried from it, so that whoever comes back
tries something else. Safe to use from several threads.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from collector.explore.graph.signature import State

Try = tuple[str, ...]
"""A kind of move and the signature of what it is made on."""
NEWEST: Final = 400
"""Nodes with the same windows that a state is compared with, the latest met first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a state was seen: the recording, the number of the observation, its screen's blob."""

    recording: str = ""
    number: int = 0
    screen: str = ""


@dataclass(slots=True)
class Node:
    """One state: what it is, where it was first seen, how often it was met, what was tried."""

    id: int
    state: State
    place: Place
    met: int = 1
    tried: set[Try] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Edge:
    """An action that led from one state to another, in words."""

    source: int
    target: int
    action: str
    on: str = ""


Heard = Callable[["Node | Edge"], None]


def _nobody(news: Node | Edge) -> None:
    """The listener of a graph that is not stored."""


class StateGraph:
    """Nodes by number and the edges between them; `heard` is told of each new one."""

    def __init__(self, heard: Heard = _nobody) -> None:
        self.nodes: list[Node] = []
        self.edges: dict[Edge, int] = {}
        self._by_windows: dict[tuple[str, ...], list[Node]] = defaultdict(list)
        self._lock = threading.RLock()
        self._heard = heard

    def met(self, state: State, place: Place | None = None) -> tuple[Node, bool]:
        """The node of a state, and whether it is new."""
        with self._lock:
            known = self._near(state)
            if known is not None:
                known.met += 1
                return known, False
            node = self.restore_node(state, place or Place())
            self._heard(node)
            return node, True

    def led(self, edge: Edge) -> None:
        """Count an action that led from one node to another."""
        with self._lock:
            if edge not in self.edges:
                self.edges[edge] = 0
                self._heard(edge)
            self.edges[edge] += 1

    def restore_node(self, state: State, place: Place) -> Node:
        """Add a node that was stored."""
        node = Node(len(self.nodes), state, place)
        self.nodes.append(node)
        self._by_windows[state.windows].append(node)
        return node

    def restore_edge(self, edge: Edge) -> None:
        """Add an edge that was stored."""
        self.edges[edge] = self.edges.get(edge, 0) + 1

    def try_at(self, node: Node, move: Try) -> None:
        """Remember that a move was tried from a node."""
        with self._lock:
            node.tried.add(move)

    def _near(self, state: State) -> Node | None:
        """The node most like the state among those near it."""
        among = self._by_windows[state.windows][-NEWEST:]
        near = [node for node in among if node.state.is_near(state)]
        return max(near, key=lambda n: n.state.likeness(state), default=None)
