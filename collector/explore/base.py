"""What an explorer is: a policy that, from what is seen and what was done, chooses what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from envs.actions import Action
from envs.base import Env
from envs.recording.types import Step
from envs.types import Observation
from infra.ids import Ids


@dataclass(frozen=True, slots=True)
class Choice:
    """An action, the element of the observation it is aimed at, and the reason for it."""

    action: Action
    element_id: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """There is no more to do, and why."""

    why: str = "the explorer had no more to do"


@runtime_checkable
class Policy(Protocol):
    """Chooses actions; the same seed and the same observations give the same choices."""

    @property
    def name(self) -> str:
        """What recordings call this explorer."""
        ...

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Its own parameters, as the recording's header keeps them."""
        ...

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        """The next action, or why there is none."""
        ...


@runtime_checkable
class HasGoal(Protocol):
    """A policy with a goal, for which it sets its machine up before the first look."""

    @property
    def goal(self) -> str:
        """The goal in the machine's language, once it is prepared; empty where there is none."""
        ...

    def prepare(self, machine: Env, fence: int, ids: Ids) -> None:
        """Draw a goal for the machine and set it up; raises what the machine raises."""
        ...
