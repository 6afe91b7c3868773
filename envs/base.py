"""The protocols one machine is made of, and what a caller may ask about it.

An environment is owned by one thread at a time. Its methods raise `InfraLost` when the machine
is gone, `DeadlineExceeded` when it did not answer, `HostileInput` when what it said broke a
bound; a failed *action* is never an exception but an `ActResult`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from envs.actions import Action, Family
from envs.types import EnvInfo, Screen, Tree

Outcome = Literal["applied", "rejected", "unknown"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind of machine can do; callers ask, tests parametrise over it."""

    family: Family
    tree: bool = True
    hit_test: bool = False
    checkpoint: bool = False
    branch: bool = False
    """Its states can be frozen, and other machines begin from them."""
    install: bool = False
    touch: bool = False
    console: bool = False
    any_script: bool = True
    """`Write` enters text in any script."""
    actions: frozenset[str] = frozenset()
    """Canonical names of the actions that `act` performs."""


@dataclass(frozen=True, slots=True)
class ActResult:
    """What became of one action.

    `applied`: it was performed once. `rejected`: it was refused and nothing happened, `reason`
    says why. `unknown`: the answer was lost; it may have happened, and it is never retried.
    """

    outcome: Outcome
    reason: str
    t_start_ns: int
    t_end_ns: int
    path: str = ""
    """Which way it went in: `host`, `guest`, `playwright`, …"""


@runtime_checkable
class Observes(Protocol):
    """Reads a machine without changing it."""

    def tree(self) -> Tree:
        """The element tree now."""
        ...

    def screen(self) -> Screen:
        """The screen now."""
        ...

    def hit(self, x: int, y: int) -> str | None:
        """The id of the element on top at that pixel, None where the machine cannot say."""
        ...


@runtime_checkable
class Acts(Protocol):
    """Changes a machine."""

    def act(self, action: Action, step_id: str, fence: int) -> ActResult:
        """Perform `action` at most once per `step_id`; an older `fence` than seen is refused.

        On a repeated step id the first result is returned and nothing happens again.
        """
        ...


@runtime_checkable
class Checkpoints(Protocol):
    """Freezes its state and goes back to it."""

    def checkpoint(self) -> str:
        """Freeze the present state; returns its name."""
        ...

    def restore(self, name: str) -> None:
        """Return to a frozen state."""
        ...


@runtime_checkable
class Branches(Protocol):
    """Freezes what it is while it goes on, and lets other machines begin from there."""

    def freeze(self) -> str:
        """Freeze the present state; its name. Raises Conflict, Unavailable where it cannot."""
        ...

    def branch(self, name: str = "") -> Env:
        """Another machine, awake, in a frozen state, or where this one began; closing destroys it.

        Raises NotFound where the state is gone, Unavailable where there is no room.
        """
        ...

    def forget(self, name: str) -> None:
        """Let a frozen state go; nothing there is fine."""
        ...


@runtime_checkable
class Installs(Protocol):
    """Moves files in and out of the machine's own directories."""

    def put_file(self, name: str, data: bytes) -> None:
        """Store `data` under `name` in the machine's transfer directory."""
        ...

    def get_file(self, name: str) -> bytes:
        """Read `name` from the machine's transfer directory."""
        ...


@runtime_checkable
class Env(Observes, Acts, Protocol):
    """One machine that is ready: observed, acted upon, closed."""

    capabilities: Capabilities

    @property
    def info(self) -> EnvInfo:
        """Where its observations come from."""
        ...

    def health(self) -> dict[str, str | int | float]:
        """A live answer from the machine, with its own figures. Raises where it does not come."""
        ...

    def close(self) -> None:
        """Give back everything it holds; closing twice is fine."""
        ...
