"""The fake machine's playground: its notes, its form's button and its list of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envs.fake.desk import moved
from envs.playground import Spot
from envs.types import Box

if TYPE_CHECKING:
    from envs.fake.machine import FakeEnv

PLACES: dict[Spot, tuple[str, str]] = {
    "field": ("notes", "text"),
    "button": ("form", "send"),
    "list": ("files", "list"),
}


class FakePlayground:
    """Known things on a fake desktop, read from its state."""

    def __init__(self, env: FakeEnv) -> None:
        self._env = env

    def prepare(self) -> None:
        """Lay the three windows side by side; empty the field and give it the focus."""
        desk = self._env.desk
        desk.popup, desk.held, desk.buttons = None, set(), set()
        for key, left, top in (("files", 100, 10), ("form", 420, 240), ("notes", 420, 10)):
            desk.open_window(key)
            window = desk.window(key)
            window.box = moved(window.box, left, top)
        desk.window("files").widget("list").offset = 0
        desk.window("form").widget("status").text = ""
        field = desk.window("notes").widget("text")
        field.text, field.caret, field.anchor = "", 0, 0
        desk.focus = ("notes", "text")
        desk.version += 1

    def box(self, spot: Spot) -> Box:
        """Where that thing is."""
        window, widget = PLACES[spot]
        owner = self._env.desk.window(window)
        return owner.on_screen(owner.widget(widget))

    def text(self) -> str:
        """What the notes hold."""
        return self._env.desk.window("notes").widget("text").text

    def is_pressed(self) -> bool:
        """Whether the form counted a press."""
        return bool(self._env.desk.window("form").widget("status").text)
