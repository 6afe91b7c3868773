"""A machine whose looks give up soon after a stop was asked for, however slow it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from envs.base import Observes
from envs.types import Screen, Tree
from infra.clock import Clock
from infra.errors import Interrupted

GRACE_S: Final = 8.0
"""A step that is under way has so long to be finished and committed."""


class Watched:
    """`Observes` over a machine; each look first asks whether to stop."""

    def __init__(self, env: Observes, stop: Callable[[], bool], clock: Clock) -> None:
        self._env, self._stop, self._clock = env, stop, clock
        self._asked_s: float | None = None

    def tree(self) -> Tree:
        """The element tree now. Raises Interrupted."""
        self._heed()
        return self._env.tree()

    def screen(self) -> Screen:
        """The screen now. Raises Interrupted."""
        self._heed()
        return self._env.screen()

    def hit(self, x: int, y: int) -> str | None:
        """What is on top at that pixel. Raises Interrupted."""
        self._heed()
        return self._env.hit(x, y)

    def _heed(self) -> None:
        if self._asked_s is None:
            self._asked_s = self._clock.monotonic_s() if self._stop() else None
        elif self._clock.monotonic_s() - self._asked_s >= GRACE_S:
            raise Interrupted("it was told to stop in the middle of a step")
