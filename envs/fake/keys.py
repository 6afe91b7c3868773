"""The fake desktop's keyboard: what a key going down does to what has the focus."""

from __future__ import annotations

from typing import Final

from envs.fake.desk import Desk
from envs.fake.widgets import Widget, line_at
from envs.keyboard import key_of

EDITS: Final = {"a": "Select All", "c": "Copy", "v": "Paste", "x": "Cut"}
SHIFTED: Final = {k.name: c for c in map(chr, range(33, 127)) if (k := key_of(c)) and k.shift}
"""What each key types with shift held."""
FOCUSABLE: Final = frozenset({"textbox", "button", "checkbox", "radio", "combobox", "listbox"})


def down(desk: Desk, key: str) -> None:
    """A key, by its canonical name, goes down."""
    desk.version += 1
    desk.held.add(key.removesuffix("right") if key != "right" else key)
    if desk.popup is not None:
        _in_popup(desk, key)
    elif "ctrl" in desk.held and key in EDITS:
        desk.edit(EDITS[key])
    elif key == "f4" and "alt" in desk.held:
        for window in desk.shown()[-1:]:
            desk.close_window(window)
    elif key == "tab":
        _next_focus(desk, -1 if "shift" in desk.held else 1)
    elif (widget := desk.focused()) is not None and not desk.held & {"ctrl", "alt"}:
        _to_widget(desk, widget, key)


def up(desk: Desk, key: str) -> None:
    """A key comes up."""
    desk.version += 1
    desk.held.discard(key.removesuffix("right") if key != "right" else key)


def enter_text(desk: Desk, text: str) -> None:
    """Text that arrives whole, as an input method delivers it."""
    desk.version += 1
    widget = desk.focused()
    if widget is not None and widget.role == "textbox" and widget.enabled:
        widget.replace_selection(text if widget.multiline else text.replace("\n", ""))


def _in_popup(desk: Desk, key: str) -> None:
    popup = desk.popup
    assert popup is not None
    if key == "esc":
        desk.popup = None
    elif key in {"up", "down"}:
        popup.hover = (popup.hover + (1 if key == "down" else -1)) % len(popup.items)
    elif key in {"enter", "space"} and popup.hover >= 0:
        desk.choose(popup.hover)


def _next_focus(desk: Desk, step: int) -> None:
    shown = desk.shown()
    if not shown:
        return
    window = shown[-1]
    keys = [w.key for w in window.widgets if w.role in FOCUSABLE and w.enabled]
    if not keys:
        return
    here = desk.focus[1] if desk.focus and desk.focus[0] == window.key else None
    index = keys.index(here) + step if here in keys else (0 if step > 0 else -1)
    desk.focus = (window.key, keys[index % len(keys)])


def _to_widget(desk: Desk, widget: Widget, key: str) -> None:
    assert desk.focus is not None
    if widget.role == "textbox":
        _to_text(desk, widget, key)
    elif widget.role == "listbox":
        _to_list(widget, key)
    elif key in {"enter", "space"}:
        desk.activate(desk.window(desk.focus[0]), widget)


def _to_text(desk: Desk, widget: Widget, key: str) -> None:
    shift = "shift" in desk.held
    if key in {"left", "right", "home", "end"}:
        _move_caret(widget, key, keep=shift)
    elif key in {"backspace", "delete"}:
        _erase(widget, key)
    elif key == "enter":
        if widget.multiline:
            widget.replace_selection("\n")
        else:
            desk.say(desk.windows[-1], f"submitted {widget.text}")
    elif key == "space":
        widget.replace_selection(" ")
    elif len(key) == 1:
        widget.replace_selection(SHIFTED.get(key, key) if shift else key)


def _move_caret(widget: Widget, key: str, *, keep: bool) -> None:
    start, end = line_at(widget.text, widget.caret)
    places = {"left": widget.caret - 1, "right": widget.caret + 1, "home": start, "end": end}
    widget.caret = min(max(0, places[key]), len(widget.text))
    if not keep:
        widget.anchor = widget.caret


def _erase(widget: Widget, key: str) -> None:
    if widget.caret == widget.anchor:
        place = widget.caret + (-1 if key == "backspace" else 1)
        widget.anchor = min(max(0, place), len(widget.text))
    widget.replace_selection("")


def _to_list(widget: Widget, key: str) -> None:
    steps = {"down": 1, "up": -1, "pagedown": widget.rows, "pageup": -widget.rows}
    if key in steps and widget.items:
        widget.selected = min(max(0, widget.selected + steps[key]), len(widget.items) - 1)
        if not widget.offset <= widget.selected < widget.offset + widget.rows:
            widget.scroll(steps[key])
