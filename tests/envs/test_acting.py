"""The rules of acting, whatever a backend does: once, in order of fences, and never after doubt."""

from __future__ import annotations

import pytest

from envs.acting import REMEMBERED, Once, performed_by
from envs.actions import Action, Click, Drag, Goto, MoveTo, PathPoint, Tap, Wait
from infra.clock import FakeClock
from infra.errors import ActionRejected, DeadlineExceeded, HostileInput, InfraLost, UsageError

SIZE = (100, 50)


class Doing:
    """A backend that counts what it is given, and fails when told to."""

    def __init__(self) -> None:
        self.done: list[Action] = []
        self.error: Exception | None = None
        self.once = Once(performed_by("desktop"), FakeClock())

    def do(self, action: Action) -> str:
        self.done.append(action)
        if self.error is not None:
            raise self.error
        return "toy"

    def act(self, action: Action, step: str = "s", fence: int = 1) -> str:
        return self.once.perform(action, step, fence, SIZE, self.do).outcome


def test_a_step_happens_once_and_its_first_result_is_the_answer() -> None:
    doing = Doing()
    assert doing.act(MoveTo(1, 1)) == "applied"
    doing.error = ActionRejected("no")
    assert doing.act(MoveTo(2, 2)) == "applied"
    assert doing.done == [MoveTo(1, 1)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ActionRejected("no"), "rejected"),
        (UsageError("no"), "rejected"),
        (DeadlineExceeded("late"), "unknown"),
    ],
)
def test_each_error_is_an_outcome_and_stays_it(error: Exception, outcome: str) -> None:
    doing = Doing()
    doing.error = error
    assert doing.act(MoveTo(1, 1)) == outcome
    doing.error = None
    assert doing.act(MoveTo(1, 1)) == outcome
    assert len(doing.done) == 1


@pytest.mark.parametrize("error", [InfraLost("gone"), HostileInput("lies"), RuntimeError("bug")])
def test_a_machine_that_breaks_under_a_step_leaves_it_unknown(error: Exception) -> None:
    doing = Doing()
    doing.error = error
    with pytest.raises(type(error)):
        doing.act(MoveTo(1, 1))
    doing.error = None
    assert doing.act(MoveTo(1, 1)) == "unknown"
    assert len(doing.done) == 1


def test_an_older_fence_is_refused_and_may_come_back_under_another_step() -> None:
    doing = Doing()
    assert doing.act(Wait(), "a", 5) == "applied"
    assert doing.act(Wait(), "b", 4) == "rejected"
    assert doing.act(Wait(), "b", 5) == "applied"
    assert doing.once.fence == 5


@pytest.mark.parametrize(
    "action",
    [
        Click(-1, 0),
        Click(100, 0),
        MoveTo(0, 50),
        Drag((PathPoint(0, 0, 0), PathPoint(0, 50, 9), PathPoint(0, 0, 20))),
        Tap(1, 1),
        Goto("http://example.org/"),
    ],
)
def test_what_is_off_the_screen_or_not_its_own_never_reaches_the_backend(action: Action) -> None:
    doing = Doing()
    assert doing.act(action) == "rejected"
    assert doing.done == []


def test_a_family_performs_all_its_actions_but_those_that_only_talk() -> None:
    for family in ("desktop", "mobile", "web"):
        assert not performed_by(family) & {"terminate", "answer", "ask_user"}
        assert "wait" in performed_by(family)


def test_what_is_remembered_is_bounded() -> None:
    doing = Doing()
    for n in range(REMEMBERED + 10):
        doing.act(Wait(), f"s{n}")
    assert len(doing.once._results) == REMEMBERED
