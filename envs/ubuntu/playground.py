"""The desktop's playground: a text editor to write in, and a long text to scroll."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from envs.actions import Action, Click, Hotkey, Press
from envs.playground import Spot
from envs.types import Box, Element
from infra.clock import Clock, Deadline
from infra.errors import DeadlineExceeded

if TYPE_CHECKING:
    from envs.ubuntu.machine import UbuntuEnv

EDITOR: Final = "org.xfce.mousepad.desktop"
FIELD_FILE: Final = "playground.txt"
LIST_FILE: Final = "long list.txt"
LINES: Final = 400
FIELD_BOX: Final = (40, 60, 560, 300)
LIST_BOX: Final = (660, 60, 560, 560)
APPEARS_S: Final = 60.0
LOOK_S: Final = 0.3


class UbuntuPlayground:
    """Two windows of the editor, found by their titles in the element tree."""

    def __init__(self, env: UbuntuEnv, clock: Clock) -> None:
        self._env = env
        self._clock = clock
        self._steps = 0
        lines = "".join(f"{n:04} line {'=' * (n % 37)}\n" for n in range(LINES))
        env.put_file(LIST_FILE, lines.encode())
        env.put_file(FIELD_FILE, b"")
        env.open_program(EDITOR, LIST_FILE, LIST_BOX)
        env.open_program(EDITOR, FIELD_FILE, FIELD_BOX)
        self._found("text", FIELD_FILE)
        self._found("text", LIST_FILE)

    def prepare(self) -> None:
        """Close what is open, empty the field, give it the focus, and bring the list to its top."""
        self._act(Press(("esc",)))
        self._act(Press(("esc",)))
        for name in (LIST_FILE, FIELD_FILE):
            box = _shown(self._found("text", name))
            self._act(Click(box.left + box.width // 2, box.bottom - 20))
            if name == LIST_FILE:
                self._act(Hotkey(("ctrl", "home")))
        self._act(Hotkey(("ctrl", "a")))
        self._act(Press(("delete",)))
        self._wait(lambda: self.text() == "", "the field is not empty")

    def box(self, spot: Spot) -> Box:
        """Where that thing is; the button is the field's first menu."""
        if spot == "button":
            return _shown(self._found("menu", FIELD_FILE))
        return _shown(self._found("text", FIELD_FILE if spot == "field" else LIST_FILE))

    def text(self) -> str:
        """What the field holds, by the accessibility tree."""
        return self._found("text", FIELD_FILE).value

    def is_pressed(self) -> bool:
        """Whether the menu is open."""
        window = self._found("text", FIELD_FILE).window
        elements = self._env.tree().elements
        return any(e.role == "menuitem" and e.box and e.window == window for e in elements)

    def _found(self, kind: Literal["text", "menu"], file: str) -> Element:
        """The text, or the first menu, of the window that shows `file`; waits for it to show."""
        deadline = Deadline.after(self._clock, APPEARS_S)
        while True:
            for element in self._env.tree().elements:
                if file in element.window and element.box is not None and _is(element, kind):
                    return element
            if deadline.is_past():
                raise DeadlineExceeded(f"no {kind} of a window with {file} appeared")
            self._clock.sleep(LOOK_S)

    def _wait(self, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = Deadline.after(self._clock, APPEARS_S)
        while not holds():
            if deadline.is_past():
                raise DeadlineExceeded(f"the playground is not ready: {otherwise}")
            self._clock.sleep(LOOK_S)

    def _act(self, action: Action) -> None:
        self._steps += 1
        result = self._env.act(action, f"playground-{id(self)}-{self._steps}", self._env.fence)
        if result.outcome != "applied":
            raise DeadlineExceeded(f"the playground's {action.name} was {result.outcome}")


def _is(element: Element, kind: Literal["text", "menu"]) -> bool:
    if kind == "menu":
        return element.role == "menu"
    return element.role == "textbox" and "multi-line" in element.states


def _shown(element: Element) -> Box:
    """Where an element is; `_found` gives only those that show."""
    assert element.box is not None
    return element.box
