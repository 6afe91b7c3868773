"""Looking at a machine: tree, screen, tree until the trees agree; and waiting until it is still."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from envs.base import Observes
from envs.tree.audit import audits_of
from envs.types import Observation, Screen, Tree
from infra.clock import Clock, Deadline

BLINK_PX: Final = 400


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient an episode is."""

    tries: int = 4
    """Rounds of tree, screen, tree before an observation is taken as not stable."""
    restless_tries: int = 2
    """Rounds after which agreeing trees are enough, though pixels still move."""
    between_s: float = 0.3
    """Pause before the next round."""
    reaction_s: float = 0.8
    """A machine that shows no change for so long after an action is taken not to answer it."""
    gap_s: float = 0.2
    """Time between two screens that must agree."""
    settle_s: float = 5.0
    """A machine that has not come to rest by then does not."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation, and the other trees read for it: what they call secret is secret too."""

    observation: Observation
    also: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True)
class Rest:
    """How long a machine took to come to rest, and whether it did."""

    took_s: float
    reached: bool


def observe(env: Observes, clock: Clock, pace: Pace) -> Seen:
    """What the machine shows; `stable` where the trees before and after the screen agree.

    Where they agree and the screen moved on all the same, or a program was late to answer, it
    looks a second time, but not for ever: some pages never rest. The tree that is kept carries
    the word of every audit made meanwhile, whichever tree was being read.
    """
    read: list[Tree] = []
    while True:
        before, screen, after = env.tree(), env.screen(), env.tree()
        read += before, after
        tried = len(read) // 2
        agree = before.agrees_with(after)
        restless = any(e.stale for e in before.elements) or not alike(screen, env.screen())
        rested = agree and (not restless or tried >= pace.restless_tries)
        if rested or tried >= pace.tries:
            earlier = audits_of([tree for tree in read if tree is not before])
            kept = replace(before, notes=before.notes + earlier)
            return Seen(Observation(screen, kept, agree, tried), (after,))
        clock.sleep(pace.between_s)


def alike(one: Screen, other: Screen) -> bool:
    """Whether no more changed than a caret or a digit of a clock."""
    if one.pixels.shape != other.pixels.shape:
        return False
    return int((one.pixels != other.pixels).any(axis=2).sum()) <= BLINK_PX


def settle(env: Observes, before: Screen, clock: Clock, pace: Pace) -> Rest:
    """Wait until two screens in a row agree, once the first change has shown or had its time."""
    start = clock.monotonic_s()
    deadline = Deadline.after(clock, pace.settle_s)
    latest, changed = before, False
    while not deadline.is_past():
        clock.sleep(pace.gap_s)
        screen = env.screen()
        same = screen.equals(latest)
        took = clock.monotonic_s() - start
        if same and (changed or took >= pace.reaction_s):
            return Rest(took, reached=True)
        latest, changed = screen, changed or not same
    return Rest(clock.monotonic_s() - start, reached=False)
