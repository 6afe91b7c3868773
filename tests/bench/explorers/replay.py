"""TreeCUA's exploration, written from its public code: back to a node by replay from the root.

arXiv 2602.09662, exploration/worker.py and tree_manager.py: take an unexplored node, reset, 10 s,
each ancestor's action with OSWorld's pause of 2 s, compare the screen with the stored one (its own
older test, RMS of the RGB difference at most 10; else the node is dropped as diverged), then the
node's own action and forward from there, 5 s after each new action, up to 20 steps or two actions
in a row that did nothing. Candidates per state: 10 up to depth 2, 6 up to 10, 3 after
(exploration_agent.py). Nodes of depth at most 2 come first. Kinder than the original: its reset is
one of our forks instead of a container's start, and candidates are drawn among the elements that
can be used, so that no model has to be asked.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from envs.actions import Action
from infra.clock import Clock
from tests.bench.explorers.genesis import is_usable, press
from tests.bench.explorers.machine import Machine
from tests.bench.explorers.neutral import Found, Seen

MOST_STEPS: Final = 20
RESET_S, ANCESTOR_S, NEW_S = 10.0, 2.0, 5.0
RMS: Final = 10.0
IDLE: Final = 2
Path = tuple[tuple[Action, ...], ...]


@dataclass(slots=True)
class Node:
    """An action not tried yet: the way to it, and the screen it was seen on."""

    way: Path
    action: tuple[Action, ...]
    screen: NDArray[np.uint8]


def explore(machine: Machine, clock: Clock, within_s: float, seed: int) -> Found:
    """Explore for so many seconds of the machine's time."""
    rng, found = random.Random(f"replay {seed}"), Found()
    start = clock.monotonic_s() + machine.restart()
    _pause(machine, clock, RESET_S)
    waiting = _look(machine, found, (), rng)
    while waiting and clock.monotonic_s() - start < within_s:
        node = waiting.pop(_next(waiting, rng))
        start += machine.restart()
        _pause(machine, clock, RESET_S)
        if _replay(machine, clock, node):
            waiting += _forward(machine, clock, node, found, rng, start + within_s)
        else:
            found.diverged += 1
        found.worked_s = clock.monotonic_s() - start
    return found


def _next(waiting: list[Node], rng: random.Random) -> int:
    """The shallow nodes first, at random among them."""
    shallow = [i for i, node in enumerate(waiting) if len(node.way) <= 2]
    return rng.choice(shallow or range(len(waiting)))


def _replay(machine: Machine, clock: Clock, node: Node) -> bool:
    """Do again what led to the node; whether its screen came back."""
    for step in node.way:
        for action in step:
            machine.act(action)
        _pause(machine, clock, ANCESTOR_S)
    return _rms(machine.screen(), node.screen) <= RMS


def _forward(
    machine: Machine,
    clock: Clock,
    node: Node,
    found: Found,
    rng: random.Random,
    until_s: float,
) -> list[Node]:
    """Do the node's action and go on; the nodes that were left on the way."""
    way, action, left, idle = node.way, node.action, list[Node](), 0
    while len(way) < MOST_STEPS and idle < IDLE and clock.monotonic_s() < until_s:
        before = machine.screen()
        for part in action:
            machine.act(part)
        _pause(machine, clock, NEW_S)
        way = (*way, action)
        found.steps += 1
        here = _look(machine, found, way, rng)
        idle = idle + 1 if _rms(machine.screen(), before) == 0.0 else 0
        if not here:
            break
        action = here.pop(rng.randrange(len(here))).action
        left += here
    return left


def _look(machine: Machine, found: Found, way: Path, rng: random.Random) -> list[Node]:
    """What is there, counted, and the nodes it offers."""
    things = machine.look()
    found.saw(things)
    screen = machine.screen()
    usable = [thing for thing in things if is_usable(thing)]
    most = 10 if len(way) <= 2 else 6 if len(way) <= 10 else 3
    drawn: list[Seen] = rng.sample(usable, min(most, len(usable)))
    return [Node(way, tuple(press(thing, rng)), screen) for thing in drawn]


def _rms(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    if one.shape != other.shape:
        return float("inf")
    difference = one.astype(np.int16) - other.astype(np.int16)
    return float(np.sqrt(np.mean(np.square(difference.astype(np.float32)))))


def _pause(machine: Machine, clock: Clock, seconds: float) -> None:
    if machine.sleeps:
        clock.sleep(seconds)
