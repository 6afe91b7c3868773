"""A program run in a guest as a person would: stored among the documents, started in a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from envs.actions import Write
from envs.types import Box
from envs.ubuntu import UbuntuEnv
from infra.clock import Deadline, SystemClock
from infra.errors import NotFound

PROGRAMS: Final = Path(__file__).parent / "guest"
TERMINAL: Final = "xfce4-terminal.desktop"
PLACE: Final = (300, 300, 480, 180)
"""Left, top, width and height: the desktop of the template has another terminal elsewhere."""
START_S: Final = 60.0
ANSWER_S: Final = 120.0
CLOCK: Final = SystemClock()


def run(env: UbuntuEnv, name: str) -> dict[str, Any]:
    """Run `guest/<name>.py` and give what it left in `<name>.json`."""
    env.put_file(f"{name}.py", (PROGRAMS / f"{name}.py").read_bytes())
    assert env.open_program(TERMINAL, "", PLACE), "no terminal came"
    _await_prompt(env)
    result = env.act(Write(f"python3 ~/Documents/{name}.py", submit=True), f"run-{name}", env.fence)
    assert result.outcome == "applied", result
    deadline = Deadline.after(CLOCK, ANSWER_S)
    while not deadline.is_past():
        CLOCK.sleep(0.5)
        try:
            found: dict[str, Any] = json.loads(env.get_file(f"{name}.json"))
        except NotFound:
            continue
        return found
    raise AssertionError(f"{name} did not answer; the terminal shows {_shown(env)!r}")


def _await_prompt(env: UbuntuEnv) -> None:
    """Wait until the terminal has the focus and the shell has written its prompt."""
    deadline = Deadline.after(CLOCK, START_S)
    while "$" not in _shown(env):
        assert not deadline.is_past(), [e for e in env.tree().elements if "focused" in e.states]
        CLOCK.sleep(0.3)


def _shown(env: UbuntuEnv) -> str:
    """What our terminal shows, where it has the focus."""
    focused = [e for e in env.tree().elements if "focused" in e.states and "terminal" in e.app]
    return "".join(e.value for e in focused if e.box and _is_inside(e.box))


def _is_inside(box: Box) -> bool:
    x, y = box.centre
    left, top, width, height = PLACE
    return left < x < left + width and top < y < top + height
