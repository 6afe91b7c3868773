"""Looking at a machine: tree, screen, tree until the trees agree; and waiting until it is still."""

from __future__ import annotations

from dataclasses import dataclass

from collector.episode.hitting import hit_tested
from envs.base import HitTests, Observes
from envs.types import Observation, Screen, Tree
from infra.clock import Clock, Deadline


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient an episode is."""

    tries: int = 4
    """Rounds of tree, screen, tree before an observation is taken as not stable."""
    between_s: float = 0.3
    """Pause before the next round."""
    reaction_s: float = 0.7
    """A machine that shows no change for so long after an action is taken not to answer it."""
    gap_s: float = 0.15
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

    Hit tests a tree does not bring are asked once it is stable, and a third tree must agree too.
    """
    tried = 0
    while True:
        tried += 1
        before, screen, after = env.tree(), env.screen(), env.tree()
        told, agree = before, before.agrees_with(after)
        if agree and isinstance(env, HitTests):
            told, after = hit_tested(before, screen, env), env.tree()
            agree = before.agrees_with(after)
        if agree or tried >= pace.tries:
            return Seen(Observation(screen, told, agree, tried), (after,))
        clock.sleep(pace.between_s)


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
