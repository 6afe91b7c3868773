"""The rules of acting that every machine keeps: at most once, no older driver, nothing off-screen.

A backend says how one action is done; `Once` decides whether it is, and what became of it. A step
is remembered before it is tried, so that a failure in the middle is `unknown` and never retried.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from envs.actions import Action, Family, names_of
from envs.base import ActResult, Outcome
from infra.clock import Clock
from infra.errors import ActionRejected, DeadlineExceeded, TrawlError, UsageError

SAID: Final = frozenset({"terminate", "answer", "ask_user"})
"""Actions that end or talk about an episode; no machine performs them."""
REMEMBERED: Final = 4096
"""Results kept for repeated step ids."""
LONGEST_WAIT_S: Final = 60.0


def performed_by(family: Family) -> frozenset[str]:
    """The canonical names of the actions that a whole machine of that family performs."""
    return frozenset(names_of(family)) - SAID


class Once:
    """The results of one machine's steps, and the newest fence it has seen."""

    def __init__(self, performs: frozenset[str], clock: Clock) -> None:
        self.fence = 0
        self._performs = performs
        self._clock = clock
        self._results: OrderedDict[str, ActResult] = OrderedDict()

    def perform(
        self,
        action: Action,
        step_id: str,
        fence: int,
        size: tuple[int, int],
        do: Callable[[Action], str],
    ) -> ActResult:
        """Have `do` perform `action`, unless this step was tried before or may not be.

        `do` returns the way the action went in; ActionRejected and UsageError from it mean that
        nothing happened, DeadlineExceeded that nobody knows. Any other error leaves the step
        `unknown` and is raised.
        """
        if (known := self._results.get(step_id)) is not None:
            return known
        start = self._clock.now_ns()
        if refusal := self._refusal(action, fence, size):
            return self._result("rejected", refusal, start)
        self.fence = fence
        self._remember(step_id, self._result("unknown", "it did not end", start))
        try:
            result = self._result("applied", "", start, do(action))
        except (ActionRejected, UsageError) as error:
            result = self._result("rejected", str(error), start)
        except DeadlineExceeded as error:
            result = self._result("unknown", str(error), start)
        except TrawlError as error:
            self._remember(step_id, self._result("unknown", str(error), start))
            raise
        self._remember(step_id, result)
        return result

    def _refusal(self, action: Action, fence: int, size: tuple[int, int]) -> str:
        """Why this action may not be tried; empty where it may."""
        if fence < self.fence:
            return f"fence {fence} is older than {self.fence}"
        if action.name not in self._performs:
            return f"this machine does not perform {action.name or type(action).__name__!r}"
        for x, y in action.points():
            if not (0 <= x < size[0] and 0 <= y < size[1]):
                return f"({x}, {y}) is not on the screen of {size[0]}x{size[1]}"
        return ""

    def _result(self, outcome: Outcome, reason: str, start: int, path: str = "") -> ActResult:
        return ActResult(outcome, reason, start, max(start, self._clock.now_ns()), path)

    def _remember(self, step_id: str, result: ActResult) -> None:
        self._results[step_id] = result
        while len(self._results) > REMEMBERED:
            self._results.popitem(last=False)
