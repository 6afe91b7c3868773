"""A recording as the trajectories it holds: one for a task, one for each goal of an exploration.

A free exploration has no goal until something came of it. Where a step opened a dialog, filled a
field, changed a setting or led to another page, that was a goal, and the steps that it needed are
its trajectory: each of them made the next one possible. Everything else is an aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from envs.recording.types import Header, Recording, Step
from grounding import text
from grounding.effects import Effects
from grounding.goals import words
from grounding.goals.living import Living, Removed, living
from grounding.scene import Node

MOST_STEPS: Final = 20
LEADING: Final = frozenset({"menu", "focus", "holds", "selected", "unfolded", "opened"})
"""Effects that a key press may rest on."""
BEHIND: Final = frozenset({"menu", "opened"})
"""Effects that a key may rest on that leaves what is in front."""
ANYWHERE: Final = frozenset({"goto", "hotkey", "go_back", "go_forward", "new_tab"})
"""Actions that need nothing on the screen."""
SUBMITTED: Final = frozenset({"opened", "closed", "page", "leads", "came", "went", "renamed"})


@dataclass(frozen=True, slots=True)
class Cut:
    """One trajectory to be told: its goal by language, its steps, what was left out of it."""

    id: str
    goals: dict[str, str]
    source: str
    """`recorded` (a task), `effect` (learnt afterwards)."""
    kind: str
    steps: tuple[Step, ...]
    removed: tuple[Removed, ...] = ()
    completed: bool | None = None
    """Whether the goal was reached; None where nobody judged."""


@dataclass(slots=True)
class Cuts:
    """The trajectories of one recording, and what became of its other steps."""

    cuts: list[Cut] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def cuts(recording: Recording, effects: Effects) -> Cuts:
    """Cut a recording at its goals."""
    alive = living(recording.steps, effects)
    if text.clean(recording.header.goal):
        return _task(recording, alive)
    return _Free(recording.header.episode_id, alive, effects).cut()


def _task(recording: Recording, alive: Living) -> Cuts:
    """The whole episode of a task, with its verdict."""
    header, last = recording.header, recording.steps[-1].action.as_record()
    completed = None
    if last["name"] == "terminate":
        completed = last["args"].get("status", "success") == "success"
    made = Cuts(left=alive.reasons)
    goals, name = goals_of(header), header.episode_id
    if alive.steps:
        task = Cut(name, goals, "recorded", "task", alive.steps, alive.removed, completed)
        made.cuts.append(task)
    return made


def goals_of(header: Header) -> dict[str, str]:
    """The goal of a task by language, as far as it was recorded."""
    goal = text.clean(header.goal)
    said = header.parameters.get("goals")
    goals = {
        lang: text.clean(str(said[lang]))
        for lang in ("en", "zh")
        if isinstance(said, dict) and isinstance(said.get(lang), str) and said[lang].strip()
    }
    return goals or {text.language(goal) if text.language(goal) == "zh" else "en": goal}


class _Free:
    """The goals of one free exploration."""

    def __init__(self, name: str, alive: Living, effects: Effects) -> None:
        self._name, self._alive, self._effects = name, alive, effects

    def cut(self) -> Cuts:
        """From the last step backwards, so that a goal takes the lesser ones that led to it."""
        steps, found = self._alive.steps, []
        end = len(steps) - 1
        while end >= 0:
            start = self._start(end)
            made = self._goal(steps[start : end + 1])
            if made is None:
                end -= 1
                continue
            found.append((start, end, made))
            end = start - 1
        made_cuts = Cuts(left=self._alive.reasons)
        for number, (start, end, goal) in enumerate(reversed(found)):
            made_cuts.cuts.append(self._made(number, steps[start : end + 1], goal))
        taken = sum(end - start + 1 for start, end, _ in found)
        made_cuts.left["aside"] += len(steps) - taken
        return made_cuts

    def _made(self, number: int, steps: tuple[Step, ...], goal: words.Goal) -> Cut:
        first, last = steps[0].index, steps[-1].index
        removed = tuple(one for one in self._alive.removed if first < one.index < last)
        said = {"en": goal.en, "zh": goal.zh}
        name = f"{self._name}.g{number}"
        return Cut(name, said, "effect", goal.kind, steps, removed, completed=True)

    def _goal(self, steps: Sequence[Step]) -> words.Goal | None:
        """The goal that these steps reached, None where it is not one."""
        if len(steps) > MOST_STEPS or not all(s.before.stable and s.after.stable for s in steps):
            return None
        if any(step.redacted for step in steps):
            return None
        done = [words.Did(s.action, self._node(s), self._effects.of(s)) for s in steps]
        return words.goal(done, seed=f"{self._name}/{steps[-1].index}")

    def _start(self, end: int) -> int:
        """The first of the steps in a row that the step at `end` needed."""
        start = end
        while start > 0 and self._rests_on(self._alive.steps[start], self._alive.steps[start - 1]):
            start -= 1
        return start

    def _rests_on(self, step: Step, earlier: Step) -> bool:
        """Whether a step could not have been taken, or not so, without the one before it."""
        node, effect = self._node(step), self._effects.of(earlier)
        if step.action.name in ANYWHERE:
            return False
        if node is None:
            return effect.kind in (BEHIND if _leaves(step) else LEADING) and _types(step)
        if effect.kind in {"page", "leads"} or (effect.kind, effect.what) == ("opened", "window"):
            return False  # getting there was a goal of its own
        if node.id not in self._effects.shown(earlier.before).nodes:
            return True
        return self._goes_on(step, node, earlier)

    def _goes_on(self, step: Step, node: Node, earlier: Step) -> bool:
        """Whether a step stays in the field, or fills the next one or sends the same form."""
        there, effect = self._node(earlier), self._effects.of(earlier)
        if there is None or there.id == node.id:
            return there is not None and effect.kind in {"focus", "holds"} and _adds(step, earlier)
        if earlier.action.name != "write" or effect.kind != "holds":
            return False
        if _window(node) != _window(there):
            return False
        submits = "button" in node.element.role and self._effects.of(step).kind in SUBMITTED
        return node.kind == "field" or submits

    def _node(self, step: Step) -> Node | None:
        return self._effects.shown(step.before).scene.nodes.get(step.element_id or "")


def _types(step: Step) -> bool:
    return step.action.name in {"press", "write"}


def _leaves(step: Step) -> bool:
    """Whether a key is pressed that leaves what is in front, whatever was chosen in it."""
    return step.action.name == "press" and "esc" in step.action.as_record()["args"]["keys"]


def _adds(step: Step, earlier: Step) -> bool:
    """Whether a step in a field needs what an earlier one typed there: not what was sent or replaced."""
    if step.action.name != "write" or earlier.action.name != "write":
        return True
    sent = earlier.action.as_record()["args"].get("submit")
    replaced = step.action.as_record()["args"].get("clear")
    return not (sent or replaced)


def _window(node: Node) -> str:
    """The window or dialog that something stands in, by id."""
    for above in node.above:
        if above.kind in {"window", "popup"}:
            return above.id
    return ""
