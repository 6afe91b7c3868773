"""Two recordings of the same actions, step by step: where they are alike and where they part."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from collector.replay.sameness import Looks, is_same_effect, like
from envs.recording.types import Recording, Step
from grounding.thoughts.reflections import reflect


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step of both: was the state the same, was the element there, did the same come of it.

    `element_there` is None for a step that had no element. `was` and `came` tell in words what the
    step did then and now.
    """

    index: int
    action: str
    same_state: bool
    element_there: bool | None
    same_effect: bool
    was: str
    came: str

    @property
    def is_same(self) -> bool:
        """Whether nothing parted them here."""
        return self.same_state and self.element_there is not False and self.same_effect


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay found; `diverged_at` is the first step that was not the same, None for none.

    A replay that stopped before its last step diverged at the step that it did not take.
    """

    episode: str
    replay: str
    status: str
    reason: str
    recorded: int
    replayed: int
    diverged_at: int | None
    why: str
    steps: tuple[StepReport, ...]

    @property
    def is_same(self) -> bool:
        """Whether every step that can be repeated went as it had gone."""
        return self.diverged_at is None

    def as_record(self) -> dict[str, Any]:
        """The report as plain data."""
        return {**asdict(self), "steps": [asdict(step) for step in self.steps]}


def compare(was: Recording, now: Recording, then: Looks, here: Looks, expected: int) -> Report:
    """Compare a recording with its replay; `expected` is how many steps can be repeated."""
    pairs = zip(was.steps, now.steps, strict=False)
    steps = tuple(_step(old, new, then, here) for old, new in pairs)
    close = now.close
    diverged = next((step.index for step in steps if not step.is_same), None)
    why = "" if diverged is None else _why(steps[diverged])
    if diverged is None and len(steps) < expected:
        diverged, why = len(steps), _why_it_stopped(was, now, then, here)
    return Report(
        episode=was.header.episode_id,
        replay=now.header.episode_id,
        status=close.status if close else "open",
        reason=close.reason if close else "",
        recorded=len(was.steps),
        replayed=len(now.steps),
        diverged_at=diverged,
        why=why,
        steps=steps,
    )


def _step(old: Step, new: Step, then: Looks, here: Looks) -> StepReport:
    element = then.element(old)
    was, came = then.effect(old), here.effect(new)
    return StepReport(
        index=old.index,
        action=old.action.name,
        same_state=then.state(old.before).is_near(here.state(new.before)),
        element_there=None
        if element is None
        else like(element, here.scene(new.before)) is not None,
        same_effect=old.result.outcome == new.result.outcome and is_same_effect(was, came),
        was=reflect("en", was, ""),
        came=reflect("en", came, ""),
    )


def _why(step: StepReport) -> str:
    """What parted them at a step, the first cause first."""
    if not step.same_state:
        return "another state"
    return "no such element" if step.element_there is False else "another effect"


def _why_it_stopped(was: Recording, now: Recording, then: Looks, here: Looks) -> str:
    """Why a step was not taken at all."""
    if len(now.steps) >= len(was.steps) or now.first is None:
        return now.close.reason if now.close else "it was cut off"
    step, seen = was.steps[len(now.steps)], now.observations()[len(now.steps)]
    if not then.state(step.before).is_near(here.state(seen)):
        return "another state"
    element = then.element(step)
    if element is not None and like(element, here.scene(seen)) is None:
        return "no such element"
    return now.close.reason if now.close else "it was cut off"
