"""A machine as the peers' explorers use it: act by a command, look, start again.

`InGuest` does both the way OSWorld's server does, inside the guest; `OnHost` with our observer and
our input, so that only the policies differ. Time that setting either up takes counts for nobody.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from collector.episode.observing import Pace, observe, settle
from envs.actions import Action, Click, Press, Scroll, Write
from envs.types import Element
from envs.ubuntu import UbuntuEnv
from infra.clock import Clock, Deadline
from infra.errors import DeadlineExceeded, NotFound
from tests.bench.explorers.neutral import Seen

PROGRAM: Final = Path(__file__).parents[1] / "guest" / "osworld_server.py"
TERMINAL: Final = "xfce4-terminal.desktop"
TERMINAL_BOX: Final = (20, 700, 300, 90)
ANSWER_S: Final = 240.0
Fresh = Callable[[], UbuntuEnv]


class Machine(Protocol):
    """What a peer's policy asks for."""

    sleeps: bool
    """Whether the policy keeps its own pauses; where not, the machine is waited for instead."""

    def restart(self) -> float:
        """Begin on a fresh fork; the seconds that setting it up took."""
        ...

    def act(self, action: Action) -> None:
        """Perform an action."""
        ...

    def look(self) -> list[Seen]:
        """What is there now."""
        ...

    def screen(self) -> NDArray[np.uint8]:
        """The picture of it."""
        ...

    def close(self) -> None:
        """End it."""
        ...


@dataclass
class Forked:
    """A fork at a time; taking its picture costs nobody anything."""

    fresh: Fresh
    clock: Clock
    _env: UbuntuEnv | None = None

    @property
    def env(self) -> UbuntuEnv:
        """The machine now."""
        assert self._env is not None
        return self._env

    def screen(self) -> NDArray[np.uint8]:
        """The picture of it."""
        return self.env.screen().pixels

    def close(self) -> None:
        """End it."""
        if self._env is not None:
            self._env.close()
        self._env = None


@dataclass
class OnHost(Forked):
    """Our observer and our input."""

    sleeps: bool = False
    _step: int = 0

    def restart(self) -> float:
        """A fresh fork; what making it takes counts."""
        self.close()
        self._env = self.fresh()
        return 0.0

    def act(self, action: Action) -> None:
        """Perform it and wait until the screen rests."""
        before = self.env.screen()
        self._step += 1
        self.env.act(action, f"st-{self._step}", 1)
        settle(self.env, before, self.clock, Pace())

    def look(self) -> list[Seen]:
        """Tree, screen, tree, as our episodes look."""
        seen = observe(self.env, self.clock, Pace())
        return [seen_of(element) for element in seen.observation.tree.elements]


@dataclass
class InGuest(Forked):
    """OSWorld's way: pyautogui and pyatspi in the guest, the policy's own pauses."""

    sleeps: bool = True
    _asked: int = 0

    def restart(self) -> float:
        """A fresh fork with the server in a terminal; the seconds that this took."""
        start = self.clock.monotonic_s()
        self.close()
        self._asked = 0
        self._env = env = self.fresh()
        env.put_file("server.py", PROGRAM.read_bytes())
        env.open_program(TERMINAL, "", TERMINAL_BOX)
        settle(env, env.screen(), self.clock, Pace())
        env.act(Write("python3 ~/Documents/server.py", submit=True), "start", 1)
        env.mirror.close()  # a second listener on its bus would slow the peer down
        self._ask("pass")
        return self.clock.monotonic_s() - start

    def act(self, action: Action) -> None:
        """A Python process in the guest that imports pyautogui."""
        self._ask(command_of(action))

    def look(self) -> list[Seen]:
        """The whole tree by pyatspi."""
        nodes = self._ask("", tree=True)
        return [
            Seen(n["app"], n["role"], n["name"], frozenset(n["states"]), _corners(n["box"]))
            for n in nodes
        ]

    def _ask(self, command: str, *, tree: bool = False) -> Any:
        self._asked += 1
        wanted = {"command": command, "tree": tree}
        self.env.put_file(f"ask-{self._asked}.json", json.dumps(wanted).encode())
        deadline = Deadline.after(self.clock, ANSWER_S)
        while not deadline.is_past():
            self.clock.sleep(0.25)
            try:
                told = self.env.get_file(f"told-{self._asked}.z")
            except NotFound:
                continue
            return json.loads(zlib.decompress(told))
        raise DeadlineExceeded(f"the peer's server did not answer {command[:60]!r}")


def seen_of(element: Element) -> Seen:
    """An element of ours as the judge sees it."""
    box = element.box
    corners = None if box is None else (box.left, box.top, box.right, box.bottom)
    return Seen(element.app, element.role, element.name, element.states, corners)


def command_of(action: Action) -> str:
    """The action as the peer's server takes it."""
    if isinstance(action, Click):
        return f"pyautogui.click({action.x}, {action.y})"
    if isinstance(action, Write):
        return f"pyautogui.write({action.text!r}, interval=0.01)"
    if isinstance(action, Press):
        return f"pyautogui.press({action.keys[0]!r})"
    assert isinstance(action, Scroll), action
    return f"pyautogui.scroll({action.dy}, {action.x}, {action.y})"


def _corners(box: list[int] | None) -> tuple[int, int, int, int] | None:
    """pyatspi's left, top, width, height as corners."""
    return None if box is None else (box[0], box[1], box[0] + box[2], box[1] + box[3])
