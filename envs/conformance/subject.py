"""The machine under check: acting on it by fresh step ids, waiting for it, looking at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, runtime_checkable

import numpy as np

from envs.actions import Action
from envs.base import ActResult, Env
from envs.playground import Playable, Playground
from envs.types import Box, Screen
from infra.clock import Clock, Deadline
from infra.ids import Ids

SEEN_WITHIN_S: Final = 6.0
"""How long an effect may take to be seen: an emulated guest is slow."""
QUIET_WITHIN_S: Final = 10.0
LOOK_S: Final = 0.15
FEWEST_LOOKS: Final = 3
"""So often it is looked before something is said to be missing: a look itself may take long."""
QUIET_SHARE: Final = 0.002
"""A caret's blink is no change: so small a share of pixels may differ between two screens."""


class Failed(AssertionError):
    """A check's finding: what was expected and what was there."""


class Skipped(Exception):
    """A check that asks for a capability this machine says it lacks."""


@runtime_checkable
class Ways(Protocol):
    """A machine whose actions can go in by more than one way; each is checked."""

    ways: tuple[str, ...]

    def use_way(self, name: str) -> None:
        """Let the next actions go in that way."""
        ...


class Subject:
    """One live machine, its playground, and the fence that the suite drives it with."""

    def __init__(self, env: Env, clock: Clock, ids: Ids) -> None:
        self.env = env
        self.clock = clock
        self.ids = ids
        self.fence = 1
        self._playground: Playground | None = None

    @property
    def playground(self) -> Playground:
        """The machine's playground, opened once. Raises Failed where it offers none."""
        if self._playground is None:
            if not isinstance(self.env, Playable):
                raise Failed("the machine offers no playground (envs.playground.Playable)")
            self._playground = self.env.playground()
        return self._playground

    def act(self, action: Action) -> ActResult:
        """Perform an action under a step id of its own."""
        return self.env.act(action, self.ids.new("st"), self.fence)

    def applied(self, *actions: Action) -> None:
        """Perform actions that must be applied; skipped where the machine does not offer one."""
        for action in actions:
            self.needs_action(action.name)
        for action in actions:
            result = self.act(action)
            if result.outcome != "applied":
                raise Failed(f"{action.name} was {result.outcome}: {result.reason}")

    def needs_action(self, name: str) -> None:
        """Skip where the machine does not perform that action."""
        if name not in self.env.capabilities.actions:
            raise Skipped(f"this machine does not perform {name}")

    def reads(self, *expected: str) -> None:
        """Wait until the field holds one of `expected`, as long as what it holds still changes."""
        deadline, last, looks = Deadline.after(self.clock, SEEN_WITHIN_S), "", 0
        while (found := self.playground.text()) not in expected:
            looks += 1
            if found != last:
                deadline, last = Deadline.after(self.clock, SEEN_WITHIN_S), found
            elif deadline.is_past() and looks >= FEWEST_LOOKS:
                raise Failed(f"the field holds {found[:200]!r}, not {expected[0][:200]!r}")
            self.clock.sleep(LOOK_S)

    def sees(self, claim: Callable[[], bool], otherwise: str) -> None:
        """Wait until the claim holds. Raises Failed with `otherwise`."""
        deadline, looks = Deadline.after(self.clock, SEEN_WITHIN_S), 0
        while not claim():
            looks += 1
            if deadline.is_past() and looks >= FEWEST_LOOKS:
                raise Failed(otherwise)
            self.clock.sleep(LOOK_S)

    def settle(self) -> Screen:
        """Wait until two screens in a row agree; the last one. Raises Failed."""
        deadline = Deadline.after(self.clock, QUIET_WITHIN_S)
        before = self.env.screen()
        while True:
            self.clock.sleep(LOOK_S)
            after = self.env.screen()
            if difference(before, after) <= QUIET_SHARE:
                return after
            if deadline.is_past():
                raise Failed(f"the screen is not quiet after {QUIET_WITHIN_S:.0f} s")
            before = after


def difference(one: Screen, other: Screen, box: Box | None = None) -> float:
    """The share of pixels, of the whole screen or a box of it, that differ."""
    if one.pixels.shape != other.pixels.shape:
        return 1.0
    a, b = one.pixels, other.pixels
    if box is not None:
        a, b = (p[max(0, box.top) : box.bottom, max(0, box.left) : box.right] for p in (a, b))
    return float(np.any(a != b, axis=2).mean()) if a.size else 1.0


def expect(claim: bool, otherwise: str) -> None:
    """Raise Failed with `otherwise` unless the claim holds."""
    if not claim:
        raise Failed(otherwise)
