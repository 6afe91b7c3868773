"""An environment that lives on a thread of its own, for libraries that insist on one.

Calls from any thread are carried there and wait for the answer; a call past its deadline gives
up on the thread, which is then of no more use.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from envs.actions import Action
from envs.base import ActResult, Capabilities, Env
from envs.types import EnvInfo, Screen, Tree
from infra.errors import InfraLost

CALL_S: Final = 60.0
Answer = TypeVar("Answer")


class BoundEnv:
    """`Env` over a factory whose product must be used by the thread that made it."""

    capabilities: Capabilities

    def __init__(self, name: str, factory: Callable[[], Env]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        try:
            self._env: Env = self._call(factory)
        except BaseException:
            self._thread.shutdown(wait=False, cancel_futures=True)
            raise
        self.capabilities = self._env.capabilities

    def _call(self, function: Callable[..., Answer], *args: Any) -> Answer:
        try:
            future = self._thread.submit(function, *args)
        except RuntimeError as error:
            raise InfraLost("the machine was closed") from error
        try:
            return future.result(CALL_S)
        except TimeoutError as error:
            if future.done():
                raise
            raise InfraLost(f"the machine did not answer within {CALL_S:.0f} s") from error

    @property
    def info(self) -> EnvInfo:
        """Where its observations come from."""
        return self._call(lambda: self._env.info)

    def tree(self) -> Tree:
        """The element tree now."""
        return self._call(self._env.tree)

    def screen(self) -> Screen:
        """The screen now."""
        return self._call(self._env.screen)

    def hit(self, x: int, y: int) -> str | None:
        """The id of the element on top at that pixel."""
        return self._call(self._env.hit, x, y)

    def act(self, action: Action, step_id: str, fence: int) -> ActResult:
        """Perform `action` at most once per `step_id`."""
        return self._call(self._env.act, action, step_id, fence)

    def health(self) -> dict[str, str | int | float]:
        """A live answer."""
        return self._call(self._env.health)

    def close(self) -> None:
        """Close it and end its thread; twice is fine."""
        try:
            self._call(self._env.close)
        except InfraLost:
            pass
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)
