"""The effects of a recording's steps, each looked for once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from envs.recording.types import ObservationRef, Step
from grounding.effects.found import Found, found
from grounding.effects.shown import Shown
from grounding.scene import Scene

TURNING: Final = frozenset({"scroll", "press", "hotkey", "drag"})
"""Actions that may scroll."""


class Effects:
    """What each step did, from the scenes that `look` gives of observations."""

    def __init__(self, look: Callable[[ObservationRef], Scene]) -> None:
        self._look = look
        self._shown: dict[int, Shown] = {}
        self._found: dict[int, Found] = {}

    def shown(self, ref: ObservationRef) -> Shown:
        """What can be seen and named in an observation."""
        if ref.number not in self._shown:
            self._shown[ref.number] = Shown(self._look(ref))
        return self._shown[ref.number]

    def of(self, step: Step) -> Found:
        """What a step did."""
        if step.index not in self._found:
            self._found[step.index] = self._read(step)
        return self._found[step.index]

    def _read(self, step: Step) -> Found:
        if step.result.outcome != "applied":
            return Found("refused")
        if not step.effect.did_anything:
            return Found("nothing")
        before = self.shown(step.before)
        node = before.scene.nodes.get(step.element_id or "")
        element = None if node is None else node.element
        return found(before, self.shown(step.after), element, turns=step.action.name in TURNING)
