"""What stands on the fake desktop: widgets, windows and pop-ups, as plain state without pixels.

Everything is a value that can be copied, so that a checkpoint is a copy. Boxes of widgets are
relative to their window's content; a character is a cell of `CELL_W` × `CELL_H` pixels.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Final

from envs.types import Box

CELL_W: Final = 8
CELL_H: Final = 16
ROW: Final = 22
"""Height of a menu's or list's row."""
TITLE: Final = 26
"""Height of a window's title bar."""
TEXTUAL: Final = frozenset({"textbox"})


@dataclass(slots=True)
class Widget:
    """One control; which of its fields mean something follows from its role."""

    key: str
    role: str
    name: str
    box: Box
    text: str = ""
    checked: bool = False
    enabled: bool = True
    multiline: bool = False
    group: str = ""
    effect: str = ""
    items: tuple[str, ...] = ()
    selected: int = -1
    offset: int = 0
    caret: int = 0
    anchor: int = 0
    ink: list[tuple[int, int]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many items a list shows at once."""
        return max(1, self.box.height // ROW)

    @property
    def selection(self) -> tuple[int, int]:
        """The selected part of the text, from and to."""
        return min(self.caret, self.anchor), max(self.caret, self.anchor)

    def replace_selection(self, text: str) -> None:
        """Put `text` in the place of what is selected."""
        start, end = self.selection
        self.text = self.text[:start] + text + self.text[end:]
        self.caret = self.anchor = start + len(text)

    def scroll(self, rows: int) -> None:
        """Move a list's view by `rows`, as far as there are any."""
        self.offset = min(max(0, self.offset + rows), max(0, len(self.items) - self.rows))


@dataclass(slots=True)
class Window:
    """A window: its box on the screen covers the title bar, then menus, then the content."""

    key: str
    title: str
    app: str
    box: Box
    widgets: list[Widget]
    menus: dict[str, tuple[str, ...]] = field(default_factory=dict)
    open: bool = True

    @property
    def content(self) -> tuple[int, int]:
        """Where the content begins on the screen."""
        return self.box.left, self.box.top + TITLE + (ROW if self.menus else 0)

    @property
    def close_box(self) -> Box:
        """The close button."""
        return Box(self.box.right - 24, self.box.top + 4, self.box.right - 6, self.box.top + 22)

    def on_screen(self, widget: Widget) -> Box:
        """A widget's box on the screen."""
        x, y = self.content
        b = widget.box
        return Box(x + b.left, y + b.top, x + b.right, y + b.bottom)

    def menu_boxes(self) -> dict[str, Box]:
        """The titles of the menu bar and where they are."""
        left, top = self.box.left + 4, self.box.top + TITLE
        boxes = {}
        for title in self.menus:
            right = left + CELL_W * len(title) + 16
            boxes[title] = Box(left, top, right, top + ROW)
            left = right
        return boxes

    def widget(self, key: str) -> Widget:
        """The widget of that key."""
        return next(w for w in self.widgets if w.key == key)


@dataclass(slots=True)
class Popup:
    """A menu, a combo box's list or a context menu: over everything, one at a time."""

    window: str
    source: str
    kind: str
    items: tuple[str, ...]
    left: int
    top: int
    hover: int = -1

    @property
    def box(self) -> Box:
        """The pop-up's box on the screen."""
        width = CELL_W * max((columns(i) for i in self.items), default=4) + 32
        return Box(self.left, self.top, self.left + width, self.top + ROW * len(self.items))

    def row_box(self, index: int) -> Box:
        """One row's box on the screen."""
        b = self.box
        return Box(b.left, b.top + index * ROW, b.right, b.top + (index + 1) * ROW)


def columns(text: str) -> int:
    """How many cells a line of text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def caret_at(widget: Widget, x: int, y: int) -> int:
    """The place in the text nearest to a point of the widget."""
    lines = widget.text.split("\n")
    row = min(max(0, (y - 4) // CELL_H), len(lines) - 1) if widget.multiline else 0
    start = sum(len(line) + 1 for line in lines[:row])
    line = lines[row] if widget.multiline else widget.text
    cells = 0
    for index, character in enumerate(line):
        wide = columns(character)
        if (x - 4) < (cells + wide / 2) * CELL_W:
            return start + index
        cells += wide
    return start + len(line)


def word_at(text: str, place: int) -> tuple[int, int]:
    """The word around a place in the text."""
    start = end = min(place, max(0, len(text) - 1))
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def line_at(text: str, place: int) -> tuple[int, int]:
    """The line around a place in the text."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return start, len(text) if end < 0 else end
