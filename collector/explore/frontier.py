"""The frozen states of a run that are worth going back to; which next, and which to let go.

A state's worth is what it offered when it was frozen, less what was tried from it since, raised
by how many new states its branches found. At most `most` are kept: the least worth goes first.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Final

from collector.explore.graph import Node

BRANCHES: Final = 8
"""After so many branches a state is done."""


@dataclass(slots=True)
class Held:
    """A frozen state: its node, what it offered, what came of going back to it."""

    node: Node
    offered: float
    branches: int = 0
    found: int = 0

    @property
    def worth(self) -> float:
        """What going back to it promises."""
        if self.branches >= BRANCHES:
            return 0.0
        left = max(self.offered - len(self.node.tried), 1.0)
        yielded = (self.found + 2.0) / (self.branches + 1.0)
        return math.sqrt(left) * yielded


class Frontier:
    """The frozen states of one run on one host; safe to use from several threads."""

    def __init__(self, most: int = 0) -> None:
        self.most = most
        self._held: dict[int, Held] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def wants(self, offered: float) -> bool:
        """Whether a state that offers so much is worth more than the least that is held."""
        with self._lock:
            if len(self._held) < self.most:
                return True
            fresh = math.sqrt(max(offered, 1.0)) * 2.0
            return bool(self._held) and fresh > min(h.worth for h in self._held.values())

    def kept(self, node: Node, offered: float) -> None:
        """A state was frozen."""
        with self._lock:
            self._held[node.id] = Held(node, offered)

    def surplus(self) -> list[int]:
        """The nodes whose frozen states are to be let go: done, or too many; forgotten here."""
        with self._lock:
            done = [key for key, held in self._held.items() if held.worth <= 0.0]
            ranked = sorted((k for k in self._held if k not in done),
                            key=lambda k: self._held[k].worth)  # fmt: skip
            gone = done + ranked[: max(0, len(ranked) - self.most)]
            for key in gone:
                del self._held[key]
            return gone

    def next(self) -> Held | None:
        """The state to go back to, counted as gone back to; None where none is held."""
        with self._lock:
            best = max(self._held.values(), key=lambda h: h.worth, default=None)
            if best is None or best.worth <= 0.0:
                return None
            best.branches += 1
            return best

    def came_back(self, node_id: int, found: int) -> None:
        """A branch from that node ended after so many new states."""
        with self._lock:
            if (held := self._held.get(node_id)) is not None:
                held.found += found

    def lost(self, node_id: int) -> None:
        """A frozen state is no longer there."""
        with self._lock:
            self._held.pop(node_id, None)
