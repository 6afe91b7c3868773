"""Plays a task on a real machine, as it is meant or with a slip, and says what its check says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from collector.episode.observing import Pace, observe, settle
from collector.explore.base import Done
from collector.explore.start import Start
from collector.explore.tasks import Tasks
from collector.explore.tasks.catalogue import TASKS
from collector.explore.tasks.state import Verdict
from envs.types import Observation, Screen
from infra.clock import SystemClock
from infra.ids import RandomIds

CLOCK = SystemClock()
IDS = RandomIds()
FENCE = 1
MOST = 120


@dataclass(frozen=True)
class Slip:
    """What goes wrong: other values than the goal's, or intents left out at the end."""

    values: Callable[[dict], dict] = dict
    left_out: int = 0


@dataclass
class Played:
    """What came of one play."""

    untouched: Verdict
    end: Verdict
    goal: str
    told: list[str] = field(default_factory=list)
    lost: str = ""
    """What was not there, where the play could not go on: no proof of a check."""

    def __str__(self):
        return "\n".join(
            [self.goal, f"untouched: {self.untouched}", *self.told, f"end: {self.end}"]
        )


@dataclass
class _Past:
    """A step as far as the explorer looks back."""

    action: object
    why: str


def glance(env, before):
    """What a page shows, by its tree alone: pages of ours are still once they were drawn."""
    tree, size = env.tree(), env.info
    blank = np.zeros((size.height, size.width, 3), np.uint8)
    return Observation(Screen(blank, tree.t_start_ns), tree, stable=True)


def look(env, before):
    """What a desktop shows once it has come to rest."""
    if before is not None:
        settle(env, before.screen, CLOCK, Pace())
    return observe(env, CLOCK, Pace()).observation


def play(env, task, seed=1, slip=None, see=None):
    """Set up, look at what the check says of the untouched machine, play to the end."""
    see = see or (glance if env.capabilities.family == "web" else look)
    explorer = Tasks(Start(seed, env.capabilities.family), only=task)
    explorer.prepare(env, FENCE, IDS)
    if slip is not None:
        _swap(explorer, slip)
    played = Played(explorer.verdict(), Verdict(ok=False, reason="not played"), explorer.goal)
    past, observation = [], None
    for _ in range(MOST):
        observation = see(env, observation)
        choice = explorer.choose(observation, past)
        if isinstance(choice, Done):
            break
        past.append(_Past(choice.action, choice.why))
        played.told.append(f"  {choice.action.name} {choice.action.points()[:1]} {choice.why}")
        if choice.action.name == "terminate":
            said = choice.action.status == "success"
            played.end = Verdict(said, choice.why)
            break
        result = env.act(choice.action, IDS.new("st"), FENCE)
        if result.outcome != "applied":
            played.told.append(f"  !! {result.outcome}: {result.reason}")
    played.lost = explorer._astray
    return played


def _swap(explorer, slip):
    """Have the play go by other values; the check keeps the goal's."""
    task = TASKS[explorer.parameters["task"]]
    values = {**explorer._values, **slip.values(dict(explorer._values))}
    intents = list(task.steps(values))
    kept = intents[: len(intents) - slip.left_out]
    explorer._rechecks = 0
    explorer._play = (choice for intent in kept for choice in intent.play(explorer._stage))
