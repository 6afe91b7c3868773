"""Which steps of an episode count: those that did nothing, or were undone at once, are dead.

A dead step leaves no gap: what was seen before it is seen after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from envs.recording.types import ObservationRef, Step
from envs.types import Observation
from grounding import screens
from grounding.effects import Effects

ALWAYS: Final = frozenset(
    ["key_down", "key_up", "mouse_down", "mouse_up", "hold_key", "terminate", "answer", "ask_user"]
)
"""Actions that count whether or not something can be seen of them."""
EVERY_PX: Final = 4
ALIKE: Final = 0.995
"""Share of the pixels that two looks of one state have in common."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A step left out: its index in the recording, and `nothing`, `refused` or `undone`."""

    index: int
    reason: str

    def as_record(self) -> dict[str, int | str]:
        """As it stands in a trajectory."""
        return {"index": self.index, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Living:
    """The steps that count, in order, and the dead ones."""

    steps: tuple[Step, ...]
    removed: tuple[Removed, ...]

    @property
    def reasons(self) -> Counter[str]:
        """How many steps were left out, by reason."""
        return Counter(one.reason for one in self.removed)


def living(steps: Sequence[Step], effects: Effects) -> Living:
    """Part the steps that count from the dead ones."""
    kept: list[Step] = []
    removed: list[Removed] = []
    for step in steps:
        kind = effects.of(step).kind
        if kind in {"nothing", "refused"} and not _counts(step):
            removed.append(Removed(step.index, kind))
        elif kept and _undoes(step, kept[-1], effects):
            removed += [Removed(kept.pop().index, "undone"), Removed(step.index, "undone")]
        else:
            kept.append(step)
    return Living(tuple(kept), tuple(sorted(removed, key=lambda one: one.index)))


def _undoes(step: Step, earlier: Step, effects: Effects) -> bool:
    """Whether a step led back to what was there before the one before it."""
    if _counts(step) or _counts(earlier):
        return False
    return _same(earlier.before, step.after, effects)


def _counts(step: Step) -> bool:
    """Whether a step counts whatever can be seen of it; what a secret does is never seen."""
    return step.redacted or step.action.name in ALWAYS


def _same(one: ObservationRef, other: ObservationRef, effects: Effects) -> bool:
    """Whether two observations show one state."""
    if one.tree.elements != other.tree.elements:
        return False
    if _held(effects, one) != _held(effects, other):
        return False
    first, second = (effects.shown(ref).scene.observation for ref in (one, other))
    return _alike(first, second) and screens.agree(first, second)


def _held(effects: Effects, ref: ObservationRef) -> tuple[str, list[tuple[str, str]]]:
    """What a picture hardly shows and the next key depends on: the focus, and what was typed."""
    shown = effects.shown(ref)
    values = [(key, node.element.value) for key, node in shown.nodes.items() if node.element.value]
    return "" if shown.focus is None else shown.focus.id, values


def _alike(one: Observation, other: Observation) -> bool:
    a, b = (o.screen.pixels[::EVERY_PX, ::EVERY_PX] for o in (one, other))
    return a.shape == b.shape and float(np.mean((a == b).all(axis=2))) >= ALIKE
