"""The policy that does a recording's actions again, as long as what it meets is what was met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from collector.explore.base import Choice, Done
from collector.explore.graph.signature import state_of
from collector.replay.sameness import Looks, like
from envs.acting import SAID
from envs.recording.types import Recording, Step
from envs.types import Observation
from grounding.scene import Scene

NAME: Final = "replay"


class Replay:
    """Chooses what the recording chose; it stops where the screen is another, or goes on if told."""

    name = NAME

    def __init__(self, recording: Recording, looks: Looks, *, keep_going: bool) -> None:
        self._recording, self._looks, self._keep_going = recording, looks, keep_going

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The recording it repeats."""
        return {
            "replays": self._recording.header.episode_id,
            "steps": len(self._recording.steps),
            "keep_going": self._keep_going,
        }

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        """The next recorded action, at the pixels where it was made."""
        number = len(history)
        if number >= len(self._recording.steps):
            return Done("every step was done again")
        step = self._recording.steps[number]
        if step.action.name in SAID:
            return Done("what is left only says something")
        if step.redacted:
            return Done(f"step {number} typed a secret, which was not kept")
        scene = Scene(observation)
        element = self._looks.element(step)
        found = None if element is None else like(element, scene)
        away = self._is_elsewhere(step, scene) or (element is not None and found is None)
        if away and not self._keep_going:
            return Done(f"it went elsewhere before step {number}")
        aimed = None if found is None else found.id
        return Choice(step.action, aimed, f"as in step {number}: {step.why}")

    def _is_elsewhere(self, step: Step, scene: Scene) -> bool:
        return not self._looks.state(step.before).is_near(state_of(scene))
