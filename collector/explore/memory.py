"""What a run knows, shared by its episodes: what was done, the graph of states, how much is new."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from collector.explore.frontier import Frontier
from collector.explore.graph import Edge, Node, Place, StateGraph, state_of
from collector.explore.novelty import Novelty
from envs.recording.types import Step
from grounding.scene import Scene

LOOK_BACK_S: Final = 600.0
"""Novelty is judged over so much of the machines' working time."""


class Yield:
    """New states per minute of a machine's work, over the last ten minutes of it."""

    def __init__(self, floor_per_min: float = 0.0) -> None:
        self.floor_per_min = floor_per_min
        """Below this the run has dried up; 0 never does."""
        self._worked_s = 0.0
        self._news: deque[float] = deque()
        self._lock = threading.Lock()

    def worked(self, took_s: float, *, new: bool) -> None:
        """Count a step that took so long, and whether it led to a new state."""
        with self._lock:
            self._worked_s += max(took_s, 0.0)
            if new:
                self._news.append(self._worked_s)
            while self._news and self._news[0] < self._worked_s - LOOK_BACK_S:
                self._news.popleft()

    @property
    def per_min(self) -> float:
        """New states per minute of work, over the time looked back upon."""
        with self._lock:
            return 60.0 * len(self._news) / max(min(self._worked_s, LOOK_BACK_S), 1.0)

    def dried_up(self) -> str:
        """Why there is no use in going on; empty while there is."""
        if self._worked_s < LOOK_BACK_S or (rate := self.per_min) >= self.floor_per_min:
            return ""
        floor, minutes = self.floor_per_min, LOOK_BACK_S / 60
        return (
            f"novelty dried up: {rate:.2f} new states/min over {minutes:.0f} min (floor {floor:g})"
        )


@dataclass(slots=True)
class Memory:
    """All that the episodes of one run share."""

    novelty: Novelty = field(default_factory=Novelty)
    graph: StateGraph = field(default_factory=StateGraph)
    found: Yield = field(default_factory=Yield)
    frontier: Frontier = field(default_factory=Frontier)


@dataclass(slots=True)
class Trail:
    """One episode's way through the graph."""

    memory: Memory
    recording: str = ""
    node: Node | None = None
    """Where it is."""
    is_new: bool = False
    """Whether nobody had been there."""
    _seen_ns: int = 0

    def arrive(self, scene: Scene, history: Sequence[Step]) -> Node:
        """Take in what is seen after the last step; the node that it is."""
        last = history[-1] if history else None
        number = last.after.number if last else 0
        screen = last.after.screen.sha256 if last else ""
        before = self.node
        self.node, self.is_new = self.memory.graph.met(
            state_of(scene), Place(self.recording, number, screen)
        )
        now_ns = scene.tree.t_end_ns
        if last is not None and before is not None:
            self.memory.graph.led(Edge(before.id, self.node.id, last.action.name, last.why[:120]))
            self.memory.found.worked((now_ns - self._seen_ns) / 1e9, new=self.is_new)
        self._seen_ns = now_ns
        return self.node
