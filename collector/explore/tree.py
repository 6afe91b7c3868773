"""The tree: goes deeper while there is news, and back by forking a frozen state, never by replay.

It walks, but only forward: each new state that leaves much to do is frozen (as long as there is
memory for it) and the walk goes on from there. Where nothing new came for a while the branch is
done and the episode ends; the next one begins at the frozen state that promises most, chosen by
the run's `Frontier`, on this or on another machine of the host.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from collector.explore import moves
from collector.explore.base import Choice, Done
from collector.explore.graph import Node
from collector.explore.novelty import signature_of
from collector.explore.start import Start
from collector.explore.view import View
from collector.explore.walk import SHARES, Walk
from envs.recording.types import Step
from envs.types import Observation

SEEKING: Final = {
    **SHARES, "click": 0.6, "right_click": 0.1, "double_click": 0.08, "type": 0.05, "keys": 0.06,
    "scroll": 0.05, "drag": 0.02, "hover": 0.01, "mark": 0.01,
}  # fmt: skip
"""What opens and leads on is done more often than what fills in and marks."""
BARREN: Final = 6
"""Steps without a new state after which a branch is done."""
PROMISING: Final = 4.0
"""A state is worth freezing when it offers so many moves that nobody made."""
APART: Final = 3
"""Steps between two frozen states of a branch: neighbours lead to the same."""


class Tree:
    """One branch of a run's tree."""

    name = "tree"

    def __init__(self, start: Start) -> None:
        self._start = start
        self._walk = Walk.of(start, SEEKING)
        self._barren = 0
        self._since_kept = APART if start.origin else 0

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What it was made with, and the frozen state it began from."""
        return {**self._walk.parameters, "origin": self._start.origin}

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        """The next action of the branch, until it is done."""
        view = View.of(observation, isolated=self._start.isolated)
        self._walk.take_in(view, history)
        trail = self._walk.trail
        self._barren = 0 if trail.is_new else self._barren + 1
        if self._barren > BARREN:
            return Done(f"the branch is done: {self._barren} steps without a new state")
        self._since_kept += 1
        if trail.node is not None and trail.is_new and history:
            self._consider(view, trail.node)
        return self._walk.move_on(view)

    def _consider(self, view: View, node: Node) -> None:
        """Freeze the state where it is worth its memory."""
        keep = self._start.keep
        if keep is None or self._since_kept <= APART:
            return
        frontier = self._start.memory.frontier
        worth = promise(view, self._walk)
        if worth >= PROMISING and frontier.wants(worth) and keep(node.id):
            frontier.kept(node, worth)
            self._since_kept = 0


def promise(view: View, walk: Walk) -> float:
    """How much a state offers: the newness of every move that what is in front invites."""
    front = view.front
    nodes = view.nodes if front is None else view.on(front)
    newness = walk.novelty.newness
    total = 0.0
    for node in nodes:
        signature = signature_of(node, view.scene)
        total += max((newness(signature, move) for move in moves.moves_of(node)), default=0.0)
    return total
