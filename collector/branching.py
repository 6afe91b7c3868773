"""Where a tree's episodes begin: on a fork of the run's most promising frozen state on this host.

The leased machine is the seat: it stays as it is, and the episode runs on a fork with memory of its
own, from a frozen state or from where the seat began. A run's states are let go when they are done,
too many, or when the run is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from collector.explore.memory import Memory
from envs.base import Branches, Env
from infra.errors import NotFound, Unavailable

STATES: Final = 8
"""Frozen states of a run: each holds as much memory as a desktop uses, about 600 MB."""


@dataclass(slots=True)
class Branch:
    """The machine of one branch: where it begins, and how it freezes what it meets."""

    env: Env
    keep: Callable[[int], bool]
    origin: str = ""


@dataclass(slots=True)
class Forest:
    """The frozen states of one run by the graph's nodes; safe to share between threads."""

    memory: Memory
    names: dict[int, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def branch(self, seat: Env) -> Iterator[Branch]:
        """A machine for the next branch; what came of it is counted when it is given back."""
        assert isinstance(seat, Branches)
        found, held = len(self.memory.graph.nodes), None
        env: Env | None = None
        while env is None:
            held = self.memory.frontier.next()
            env = self._begin(seat, None if held is None else held.node.id)
        origin = "" if held is None else f"{held.node.place.recording}#{held.node.place.number}"
        machine = env
        try:
            yield Branch(machine, lambda node: self._keep(machine, node), origin)
        finally:
            if held is not None:
                news = len(self.memory.graph.nodes) - found
                self.memory.frontier.came_back(held.node.id, news)
            self.thin(seat)
            machine.close()

    def _begin(self, seat: Branches, node: int | None) -> Env | None:
        """A machine in that node's state, or where the seat began; None where the state is gone."""
        if node is None:
            return seat.branch()
        try:
            return seat.branch(self.names[node])
        except (KeyError, NotFound):
            self.memory.frontier.lost(node)
            return None

    def _keep(self, env: Env, node: int) -> bool:
        """Freeze the machine for a node; False where there is no room or it cannot be."""
        assert isinstance(env, Branches)
        try:
            name = env.freeze()
        except Unavailable:
            return False
        with self.lock:
            self.names[node] = name
        return True

    def thin(self, seat: Branches) -> None:
        """Let go of the states that are done or too many."""
        for node in self.memory.frontier.surplus():
            self._forget(seat, node)

    def clear(self, seat: Env) -> None:
        """Let go of all of them."""
        if not isinstance(seat, Branches):
            return
        for node in list(self.names):
            self.memory.frontier.lost(node)
            self._forget(seat, node)

    def _forget(self, seat: Branches, node: int) -> None:
        with self.lock:
            name = self.names.pop(node, "")
        if name:
            seat.forget(name)


@contextmanager
def seated(seat: Env, forest: Forest, *, branches: bool) -> Iterator[Branch | None]:
    """The branch for an explorer that goes back, None for one that does not or a machine that cannot."""
    if not branches or not seat.capabilities.branch:
        yield None
        return
    with forest.branch(seat) as branch:
        yield branch
