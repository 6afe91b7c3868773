"""Checks of the rules of acting: once per step, no older driver, nothing that is not ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from envs.actions import Action, Click, Drag, MoveTo, PathPoint, Press, Tap, Terminate, Wait, Write
from envs.base import ActResult
from envs.conformance.subject import Subject, expect

FAR = 10**9


@dataclass(frozen=True, slots=True)
class Conjure(Action):
    """An action of nobody's."""

    name: ClassVar[str] = "conjure"
    families: ClassVar[frozenset[str]] = frozenset()


def _refused(result: ActResult, what: str) -> None:
    expect(result.outcome == "rejected", f"{what} was {result.outcome}, not rejected")
    expect(bool(result.reason), f"{what} was rejected without a reason")


def act_reports_what_happened(s: Subject) -> None:
    """A result has an outcome, times in order, and the way it went in."""
    s.playground.prepare()
    result = s.act(Write("a"))
    expect(result.outcome == "applied", f"{result.outcome}: {result.reason}")
    expect(result.t_start_ns <= result.t_end_ns, "it ended before it began")
    expect(bool(result.path), "it does not say which way it went in")


def act_happens_once_per_step(s: Subject) -> None:
    """A repeated step id is answered with the first result, and nothing happens again."""
    s.playground.prepare()
    step = s.ids.new("st")
    first = s.env.act(Write("once"), step, s.fence)
    s.reads("once")
    expect(s.env.act(Write("once"), step, s.fence) == first, "the second answer differs")
    s.settle()
    s.reads("once")


def act_ignores_another_action_under_a_known_step(s: Subject) -> None:
    """A step id belongs to the action it came with."""
    s.playground.prepare()
    step = s.ids.new("st")
    first = s.env.act(Write("mine"), step, s.fence)
    expect(s.env.act(Write("other"), step, s.fence) == first, "the other action was taken")
    s.settle()
    s.reads("mine")


def act_refuses_an_older_fence(s: Subject) -> None:
    """Who lost the lease drives no more."""
    s.playground.prepare()
    s.fence += 1
    s.applied(Write("new"))
    result = s.env.act(Write("old"), s.ids.new("st"), s.fence - 1)
    _refused(result, "an older fence")
    s.settle()
    s.reads("new")


def act_refuses_actions_it_does_not_perform(s: Subject) -> None:
    """Neither an unknown action, nor another family's, nor one that only ends an episode."""
    _refused(s.act(Conjure()), "an unknown action")
    _refused(s.act(Terminate()), "terminate")
    if s.env.capabilities.family != "mobile":
        _refused(s.act(Tap(1, 1)), "a touch")


def act_refuses_points_off_the_screen(s: Subject) -> None:
    """Nothing is moved to the nearest edge."""
    width, height = s.env.info.width, s.env.info.height
    for x, y in ((-1, 5), (5, -1), (width, 5), (5, height), (FAR, FAR), (-FAR, 5)):
        _refused(s.act(MoveTo(x, y)), f"moving to ({x}, {y})")
        _refused(s.act(Click(x, y)), f"a click at ({x}, {y})")


def act_refuses_a_drag_that_leaves_the_screen(s: Subject) -> None:
    """Every point of a path counts."""
    path = (PathPoint(5, 5, 0), PathPoint(s.env.info.width, 5, 50), PathPoint(5, 5, 90))
    _refused(s.act(Drag(path)), "a drag over the edge")


def act_refuses_an_unknown_key(s: Subject) -> None:
    """A key that no keyboard has is not dropped in silence, and nothing of its row is pressed."""
    s.playground.prepare()
    s.needs_action("press")
    _refused(s.act(Press(("q", "nosuchkey"))), "an unknown key")
    s.settle()
    s.reads("")


def act_accepts_the_corners(s: Subject) -> None:
    """The first and the last pixel are on the screen."""
    s.applied(MoveTo(0, 0), MoveTo(s.env.info.width - 1, s.env.info.height - 1))


def wait_takes_its_time(s: Subject) -> None:
    """Waiting is an action like others."""
    result = s.act(Wait(0.3))
    expect(result.outcome == "applied", f"{result.outcome}: {result.reason}")
    expect(result.t_end_ns - result.t_start_ns >= 0.28e9, "it did not wait")


CHECKS = (
    act_reports_what_happened,
    act_happens_once_per_step,
    act_ignores_another_action_under_a_known_step,
    act_refuses_an_older_fence,
    act_refuses_actions_it_does_not_perform,
    act_refuses_points_off_the_screen,
    act_refuses_a_drag_that_leaves_the_screen,
    act_refuses_an_unknown_key,
    act_accepts_the_corners,
    wait_takes_its_time,
)
