"""The desktop's playground: a text editor to write in, and a terminal full of lines to scroll."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from envs.actions import Action, Click, Hotkey, Press, Write
from envs.playground import Spot
from envs.types import Box, Element
from infra.clock import Clock, Deadline
from infra.errors import DeadlineExceeded

if TYPE_CHECKING:
    from envs.ubuntu.machine import UbuntuEnv

EDITOR: Final = "org.xfce.mousepad.desktop"
TERMINAL: Final = "xfce4-terminal.desktop"
FILE: Final = "playground.txt"
LIST_BOX: Final = (30, 40, 480, 300)
"""Where the terminal's window is put: left, top, width, height."""
LINES: Final = "factor {10001..10400}"
"""A command that fills a terminal with lines of which no two look alike."""
LAST: Final = "10400: 2 2 2 2 2 5 5 13"
EDGE: Final = 20
"""Above a text's lower end: an empty place to click."""
APPEARS_S: Final = 60.0
LOOK_S: Final = 0.3


class UbuntuPlayground:
    """The editor with an empty file, and a terminal full of lines, scrolled to its top."""

    def __init__(self, env: UbuntuEnv, clock: Clock) -> None:
        self._env = env
        self._clock = clock
        self._steps = 0
        env.put_file(FILE, b"")
        env.open_program(TERMINAL, "", LIST_BOX)
        self._click(_shown(self._found("list")))
        self._act(Write(LINES, submit=True))
        self._wait(lambda: LAST in self._found("list").value, "the terminal is not full")
        self._act(Hotkey(("shift", "home")))
        env.open_program(EDITOR, FILE)  # a tab of the window that is there, or a new one
        self._found("field")

    def prepare(self) -> None:
        """Close what is open, empty the field and give it the focus; the list is left alone."""
        self._click(self.box("field"))  # it may only close a menu; a key would move the terminal
        self._act(Press(("esc",)))
        self._click(self.box("field"))
        self._act(Hotkey(("ctrl", "a")))
        self._act(Press(("delete",)))
        self._wait(lambda: not self.text(), "the field is not empty")

    def box(self, spot: Spot) -> Box:
        """Where that thing is; the button is the editor's first menu."""
        return _shown(self._found(spot))

    def text(self) -> str:
        """What the field holds, by the accessibility tree."""
        return self._found("field").value

    def is_pressed(self) -> bool:
        """Whether the menu is open."""
        elements = self._env.tree().elements
        return any(e.role == "menuitem" and e.box and FILE in e.window for e in elements)

    def _found(self, spot: Spot) -> Element:
        """The element of that spot; waits for it to show."""
        deadline = Deadline.after(self._clock, APPEARS_S)
        while True:
            for element in self._env.tree().elements:
                if element.box is not None and _is(element, spot):
                    return element
            if deadline.is_past():
                raise DeadlineExceeded(f"the playground's {spot} did not appear")
            self._clock.sleep(LOOK_S)

    def _wait(self, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = Deadline.after(self._clock, APPEARS_S)
        while not holds():
            if deadline.is_past():
                raise DeadlineExceeded(f"the playground is not ready: {otherwise}")
            self._clock.sleep(LOOK_S)

    def _click(self, box: Box) -> None:
        self._act(Click(box.centre[0], box.bottom - EDGE))

    def _act(self, action: Action) -> None:
        self._steps += 1
        result = self._env.act(action, f"playground-{id(self)}-{self._steps}", self._env.fence)
        if result.outcome != "applied":
            raise DeadlineExceeded(f"the playground's {action.name} was {result.outcome}")


def _is(element: Element, spot: Spot) -> bool:
    if spot == "list":  # the one that stands where it was put, and not where it came up
        left, _, width, _ = LIST_BOX
        box = element.box or Box(0, 0, 0, 0)
        placed = abs(box.left - left) <= EDGE and abs(box.right - left - width) <= EDGE
        return element.role == "terminal" and placed
    if FILE not in element.window:
        return False
    if spot == "button":
        return element.role == "menu"
    return element.role == "textbox" and "multi-line" in element.states


def _shown(element: Element) -> Box:
    """Where an element is; `_found` gives only those that show."""
    assert element.box is not None
    return element.box
