"""The fake desktop's state and how it answers the pointer; the keyboard is `envs.fake.keys`.

Deterministic: the same scene and the same inputs give the same state.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from envs.fake.widgets import (
    ROW,
    TITLE,
    Popup,
    Widget,
    Window,
    caret_at,
    line_at,
    word_at,
)
from envs.types import Box

PANEL: Final = 28
"""Height of the bar at the bottom that lists the windows."""
CONTEXT: Final = ("Cut", "Copy", "Paste", "Select All")
ROWS_A_NOTCH: Final = 3
ICON: Final = 64


class Target(NamedTuple):
    """What lies under a pixel: `part` is title, close, menu, widget, popup, icon, panel or desk."""

    part: str
    window: Window | None = None
    widget: Widget | None = None
    name: str = ""
    row: int = -1


@dataclass(slots=True)
class Desk:
    """The whole desktop; `windows` from the bottom to the top."""

    width: int
    height: int
    hue: int
    windows: list[Window]
    popup: Popup | None = None
    focus: tuple[str, str] | None = None
    pointer: tuple[int, int] = (0, 0)
    buttons: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    clipboard: str = ""
    pressed: Target | None = None
    version: int = 0

    def window(self, key: str) -> Window:
        """The window of that key."""
        return next(w for w in self.windows if w.key == key)

    def shown(self) -> list[Window]:
        """The open windows, from the bottom to the top."""
        return [w for w in self.windows if w.open]

    def focused(self) -> Widget | None:
        """The widget that the keyboard goes to."""
        if self.focus is None:
            return None
        window = self.window(self.focus[0])
        return window.widget(self.focus[1]) if window.open else None

    def icon_box(self, index: int) -> Box:
        """Where the desktop icon of a window stands."""
        top = 16 + index * (ICON + 24)
        return Box(16, top, 16 + ICON, top + ICON)

    def icons(self) -> list[tuple[str, Box]]:
        """The desktop icons: one for each window, by key, in the order of their names."""
        keys = sorted(w.key for w in self.windows)
        return [(key, self.icon_box(i)) for i, key in enumerate(keys)]

    def panel_boxes(self) -> list[tuple[str, Box]]:
        """The buttons of the bar at the bottom."""
        keys = sorted(w.key for w in self.windows if w.open)
        top = self.height - PANEL
        return [
            (k, Box(8 + i * 140, top + 3, 140 + i * 140, self.height - 3))
            for i, k in enumerate(keys)
        ]

    def under(self, x: int, y: int) -> Target:
        """What is on top at that pixel."""
        if self.popup is not None and self.popup.box.contains(x, y):
            row = (y - self.popup.top) // ROW
            return Target("popup", name=self.popup.items[row], row=row)
        if y >= self.height - PANEL:
            name = next((k for k, box in self.panel_boxes() if box.contains(x, y)), "")
            return Target("panel", name=name)
        for window in reversed(self.shown()):
            if window.box.contains(x, y):
                return _inside(window, x, y)
        name = next((k for k, box in self.icons() if box.contains(x, y)), "")
        return Target("icon" if name else "desk", name=name)

    # --- pointer -----------------------------------------------------------------------------

    def move(self, x: int, y: int) -> None:
        """The pointer goes to a pixel, dragging what it holds."""
        dx, dy = x - self.pointer[0], y - self.pointer[1]
        self.pointer = (x, y)
        self.version += 1
        if self.popup is not None:
            target = self.under(x, y)
            self.popup.hover = target.row if target.part == "popup" else -1
        held = self.pressed
        if held is None or held.window is None or "left" not in self.buttons:
            return
        if held.part == "title":
            self._drag_window(held.window, dx, dy)
        elif held.widget is not None and held.widget.role == "textbox":
            held.widget.caret = self._caret(held.window, held.widget)
        elif held.widget is not None and held.widget.role == "canvas":
            left, top = held.window.on_screen(held.widget).as_list()[:2]
            held.widget.ink.append((x - left, y - top))

    def down(self, button: str, count: int = 1) -> None:
        """A button goes down where the pointer is; `count` is 2 for the second of a double."""
        self.buttons.add(button)
        self.version += 1
        target = self.under(*self.pointer)
        self.pressed = target
        if self.popup is not None and target.part != "popup":
            self.popup = None
            return
        if target.window is not None:
            self.raise_window(target.window)
        if button == "right":
            self._context(target)
        elif button == "left":
            self._left_down(target, count)

    def up(self, button: str) -> None:
        """A button comes up; a press counts where it goes up on what it went down on."""
        self.buttons.discard(button)
        self.version += 1
        target, held = self.under(*self.pointer), self.pressed
        self.pressed = None
        if button != "left" or held is None or held[:1] != target[:1] or held.name != target.name:
            return
        if target.part == "popup":
            self.choose(target.row)
        elif target.part == "close" and target.window is held.window and target.window is not None:
            self.close_window(target.window)
        elif target.part == "widget" and target.widget is held.widget:
            assert target.window is not None
            assert target.widget is not None
            self.activate(target.window, target.widget)

    def wheel(self, dy: int) -> None:
        """The wheel turns over what is under the pointer; up is positive."""
        self.version += 1
        widget = self.under(*self.pointer).widget
        if widget is not None and widget.role == "listbox":
            widget.scroll(-dy * ROWS_A_NOTCH)

    def _left_down(self, target: Target, count: int) -> None:
        window, widget = target.window, target.widget
        if target.part == "menu" and window is not None:
            box = window.menu_boxes()[target.name]
            items = window.menus[target.name]
            self.popup = Popup(window.key, target.name, "menu", items, box.left, box.bottom)
        elif target.part == "icon" and count == 2:
            self.open_window(target.name)
        elif target.part == "panel" and target.name:
            self.raise_window(self.window(target.name))
        elif widget is not None and window is not None and widget.enabled:
            self._press_widget(window, widget, count)

    def _press_widget(self, window: Window, widget: Widget, count: int) -> None:
        if widget.role in {"textbox", "button", "checkbox", "radio", "combobox", "listbox"}:
            self.focus = (window.key, widget.key)
        if widget.role == "textbox":
            self._press_text(window, widget, count)
        elif widget.role == "listbox":
            row = widget.offset + (self.pointer[1] - window.on_screen(widget).top) // ROW
            widget.selected = row if row < len(widget.items) else -1
        elif widget.role == "combobox":
            box = window.on_screen(widget)
            items = widget.items
            self.popup = Popup(window.key, widget.key, "combo", items, box.left, box.bottom)

    def _press_text(self, window: Window, widget: Widget, count: int) -> None:
        place = self._caret(window, widget)
        if count >= 3:
            widget.anchor, widget.caret = line_at(widget.text, place)
        elif count == 2:
            widget.anchor, widget.caret = word_at(widget.text, place)
        else:
            widget.caret = place
            if "shift" not in self.held:
                widget.anchor = place

    def _caret(self, window: Window, widget: Widget) -> int:
        box = window.on_screen(widget)
        return caret_at(widget, self.pointer[0] - box.left, self.pointer[1] - box.top)

    def _drag_window(self, window: Window, dx: int, dy: int) -> None:
        box = window.box
        dy = max(dy, -box.top)
        moved = Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)
        if moved.top < self.height - PANEL - TITLE:
            window.box = moved

    def _context(self, target: Target) -> None:
        if target.widget is not None and target.widget.role == "textbox" and target.window:
            self.focus = (target.window.key, target.widget.key)
            x, y = self.pointer
            self.popup = Popup(target.window.key, target.widget.key, "context", CONTEXT, x, y)

    # --- what things do ----------------------------------------------------------------------

    def raise_window(self, window: Window) -> None:
        """Bring a window to the top."""
        self.windows.remove(window)
        self.windows.append(window)
        if self.focus is not None and self.focus[0] != window.key:
            self.focus = None

    def open_window(self, key: str) -> None:
        """Open a window and bring it to the top."""
        window = self.window(key)
        window.open = True
        self.raise_window(window)

    def close_window(self, window: Window) -> None:
        """Close a window; its icon opens it again."""
        window.open = False
        if self.focus is not None and self.focus[0] == window.key:
            self.focus = None

    def activate(self, window: Window, widget: Widget) -> None:
        """What a press, or enter or space on the focus, does to a widget."""
        self.version += 1
        if not widget.enabled:
            return
        if widget.role == "checkbox":
            widget.checked = not widget.checked
        elif widget.role == "radio":
            for other in window.widgets:
                if other.group == widget.group and other.role == "radio":
                    other.checked = other is widget
        elif widget.role == "button":
            self._effect(window, widget.effect)

    def choose(self, row: int) -> None:
        """Take a row of the pop-up."""
        popup, self.popup = self.popup, None
        self.version += 1
        if popup is None:
            return
        window, item = self.window(popup.window), popup.items[row]
        if popup.kind == "combo":
            widget = window.widget(popup.source)
            widget.selected, widget.text = row, item
        elif popup.kind == "context":
            self.edit(item)
        elif item == "Close":
            self.close_window(window)
        else:
            self.say(window, f"{popup.source} > {item}")

    def edit(self, command: str) -> None:
        """Cut, copy, paste or select all in the focused text."""
        widget = self.focused()
        if widget is None or widget.role != "textbox":
            return
        start, end = widget.selection
        if command == "Select All":
            widget.anchor, widget.caret = 0, len(widget.text)
        elif command == "Paste":
            widget.replace_selection(self.clipboard)
        elif start != end:
            self.clipboard = widget.text[start:end]
            if command == "Cut":
                widget.replace_selection("")

    def _effect(self, window: Window, effect: str) -> None:
        verb, _, rest = effect.partition(":")
        if verb == "open":
            self.open_window(rest)
        elif verb == "clear":
            for widget in window.widgets:
                if widget.role == "textbox":
                    widget.text, widget.caret, widget.anchor = "", 0, 0
        elif verb == "count":
            status = window.widget("status")
            digits = "".join(c for c in status.text if c in string.digits)
            status.text = f"pressed {int(digits or 0) + 1} times"
        elif verb == "say":
            self.say(window, rest)

    def say(self, window: Window, text: str) -> None:
        """Write into a window's status line, where it has one."""
        for widget in window.widgets:
            if widget.key == "status":
                widget.text = text


def _inside(window: Window, x: int, y: int) -> Target:
    """What part of a window a pixel belongs to."""
    if window.close_box.contains(x, y):
        return Target("close", window, name="Close")
    if y < window.box.top + TITLE:
        return Target("title", window)
    for name, box in window.menu_boxes().items():
        if box.contains(x, y):
            return Target("menu", window, name=name)
    for widget in reversed(window.widgets):
        if window.on_screen(widget).contains(x, y):
            return Target("widget", window, widget)
    return Target("window", window)


def moved(box: Box, left: int, top: int) -> Box:
    """The same rectangle with another corner."""
    return replace(box, left=left, top=top, right=left + box.width, bottom=top + box.height)
