"""Boxes are pixels at every scale: what a box says is pressed, and the program's own answer agrees.

The usual desktop and one of larger units are always tried, others where this host has warmed them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from envs.actions import Click
from envs.types import Box, Element
from envs.ubuntu import UbuntuEnv, template
from envs.ubuntu.session import Session
from infra import settings
from infra.clock import Deadline, SystemClock
from infra.errors import TrawlError
from tests.envs.ubuntu.test_dressed import fork

pytestmark = pytest.mark.machine
CLOCK = SystemClock()
ALWAYS = (Session(), Session("he_IL", "2x", "1920x1080"))
OTHERS = (Session("en_US", "1.5", "1440x900"), Session("zh_CN", "1.25", "1440x900"))


def is_warmed(session: Session) -> bool:
    chosen = settings.load()
    try:
        template.find(chosen.image, chosen.cache, session)
    except TrawlError:
        return False
    return True


SESSIONS = (*ALWAYS, *filter(is_warmed, OTHERS))
INSET = 5
"""Pixels from a button's corner that are surely the button's: past its rounding."""


def calculator(env: UbuntuEnv, claim: Callable[[Element], bool]) -> Element:
    return next(e for e in env.tree().elements if e.app == "galculator" and e.box and claim(e))


def shown(env: UbuntuEnv) -> str:
    return calculator(env, lambda e: e.role == "textbox").value.strip()


def press(env: UbuntuEnv, x: int, y: int) -> None:
    assert env.act(Click(x, y), f"scaled-{CLOCK.now_ns()}", 1).outcome == "applied"


def corners(box: Box) -> list[tuple[int, int]]:
    """A pixel just inside each corner."""
    xs, ys = (box.left + INSET, box.right - INSET - 1), (box.top + INSET, box.bottom - INSET - 1)
    return [(x, y) for x in xs for y in ys]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda s: f"{s.locale}-{s.scale}")
def test_each_corner_of_a_button_s_box_presses_that_button(session):
    with fork(session) as env:
        pressed = ""
        for digit, corner in zip("1245", range(4), strict=True):
            button = calculator(
                env, lambda e, name=digit: (e.role, e.name) == ("toggle-button", name)
            )
            assert button.box is not None
            assert button.box.height >= 20 * session.scaling.ratio
            x, y = corners(button.box)[corner]
            assert env.hit(x, y) == button.id
            press(env, x, y)
            pressed += digit
            deadline = Deadline.after(CLOCK, 60.0)
            while shown(env) != pressed:
                assert not deadline.is_past(), (shown(env), pressed)
