"""Desktop actions by pyautogui, inside the session: the second way to act.

Everything about an action is checked before anything is pressed, so that a refusal means that
nothing happened. pyautogui drops keys it does not know without a word; here they are refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from envs.guest.faults import Refused, integer, names, text

BUTTONS: Final = ("left", "middle", "right")
LONGEST_TEXT: Final = 20_000
LONGEST_HOLD_S: Final = 10.0
GAP_S: Final = 0.03
"""Between the presses of one action: apart enough for a busy toolkit, one double click still."""
SHIFTED: Final = '~!@#$%^&*()_+{}|:"<>?'
PLAIN: Final = "`1234567890-=[]\\;',./"
"""pyautogui holds shift for the first of these and may find them on a key of their own (`<` on the
105th), where shift makes another; they are typed on the key of the second."""
Steps = Callable[[], None]


def plan(action: Mapping[str, Any]) -> Steps:
    """What to do for the record `{name, args}`; nothing happens until it is called.

    Raises Refused where the action or an argument is none of ours or off this screen.
    """
    name, args = action.get("name"), action.get("args")
    maker = _MAKERS.get(name) if isinstance(name, str) else None
    if maker is None or not isinstance(args, dict):
        raise Refused("rejected", f"no desktop action {str(name)[:40]!r}")
    return maker(_gui(), args)


def size() -> tuple[int, int]:
    """The screen's width and height in pixels."""
    width, height = _gui().size()
    return int(width), int(height)


def _gui() -> Any:
    """pyautogui, which can be imported only where a display is; its pauses are ours."""
    import pyautogui

    pyautogui.PAUSE = 0.0
    pyautogui.FAILSAFE = False
    keys = pyautogui.platformModule.keyboardMapping
    keys.update((shifted, keys[plain]) for shifted, plain in zip(SHIFTED, PLAIN, strict=True))
    return pyautogui


def _point(gui: Any, args: Mapping[str, Any]) -> tuple[int, int]:
    width, height = gui.size()
    return integer(args, "x", 0, width - 1), integer(args, "y", 0, height - 1)


def _button(args: Mapping[str, Any]) -> str:
    button = args.get("button", "left")
    if button not in BUTTONS:
        raise Refused("usage", "button is left, middle or right")
    return str(button)


def _keys(gui: Any, keys: list[str]) -> list[str]:
    known = gui.platformModule.keyboardMapping
    for key in keys:
        if not known.get(key):
            raise Refused("rejected", f"no key {key!r} on this keyboard")
    return keys


def _click(gui: Any, args: Mapping[str, Any], button: str = "", clicks: int = 0) -> Steps:
    x, y = _point(gui, args)
    button = button or _button(args)
    clicks = clicks or integer(args, "clicks", 1, 3, 1)
    held = _keys(gui, names(args, "modifiers", 4))

    def steps() -> None:
        for key in held:
            gui.keyDown(key)
        gui.moveTo(x, y)
        time.sleep(GAP_S)
        gui.click(x, y, clicks=clicks, interval=GAP_S, button=button)
        for key in reversed(held):
            gui.keyUp(key)

    return steps


def _move_to(gui: Any, args: Mapping[str, Any]) -> Steps:
    x, y = _point(gui, args)
    return lambda: gui.moveTo(x, y)


def _drag(gui: Any, args: Mapping[str, Any]) -> Steps:
    path, button = args.get("path"), _button(args)
    if not isinstance(path, (list, tuple)) or not 2 <= len(path) <= 1000:
        raise Refused("usage", "path is a list of 2 to 1000 points")
    points = [(*_point(gui, p), integer(p, "t_ms", 0, 30_000, 0)) for p in path]

    def steps() -> None:
        gui.moveTo(points[0][0], points[0][1])
        time.sleep(GAP_S)
        gui.mouseDown(button=button)
        start = time.monotonic()
        for x, y, t_ms in points:
            time.sleep(max(0.0, t_ms / 1000 - (time.monotonic() - start)))
            gui.moveTo(x, y)
        time.sleep(GAP_S)
        gui.mouseUp(button=button)

    return steps


def _mouse(gui: Any, args: Mapping[str, Any], press: bool) -> Steps:
    button = _button(args)
    return lambda: (gui.mouseDown if press else gui.mouseUp)(button=button)


def _scroll(gui: Any, args: Mapping[str, Any]) -> Steps:
    x, y = _point(gui, args)
    dy, dx = integer(args, "dy", -100, 100, 0), integer(args, "dx", -100, 100, 0)

    def steps() -> None:
        gui.moveTo(x, y)
        time.sleep(GAP_S)
        gui.vscroll(dy)
        gui.hscroll(dx)

    return steps


def _write(gui: Any, args: Mapping[str, Any]) -> Steps:
    message = text(args, "text", LONGEST_TEXT)
    known = gui.platformModule.keyboardMapping
    missing = next((c for c in message if not known.get(c)), None)
    if missing is not None:
        raise Refused("rejected", f"{missing!r} is not on this keyboard")
    clear, submit = bool(args.get("clear")), bool(args.get("submit"))

    def steps() -> None:
        if clear:
            gui.hotkey("ctrl", "a")
            gui.press("backspace")
        gui.write(message, interval=GAP_S / 3)
        if submit:
            gui.press("enter")

    return steps


def _press(gui: Any, args: Mapping[str, Any]) -> Steps:
    keys = _keys(gui, names(args, "keys", 32))
    presses = integer(args, "presses", 1, 100, 1)
    return lambda: gui.press(keys, presses=presses, interval=GAP_S)


def _hotkey(gui: Any, args: Mapping[str, Any]) -> Steps:
    keys = _keys(gui, names(args, "keys", 8))
    return lambda: gui.hotkey(*keys, interval=GAP_S / 3)


def _key(gui: Any, args: Mapping[str, Any], press: bool) -> Steps:
    (key,) = _keys(gui, [text(args, "key", 40)])
    return lambda: (gui.keyDown if press else gui.keyUp)(key)


def _hold_key(gui: Any, args: Mapping[str, Any]) -> Steps:
    (key,) = _keys(gui, [text(args, "key", 40)])
    seconds = args.get("duration_s", 0.5)
    if not isinstance(seconds, (int, float)) or not 0 <= seconds <= LONGEST_HOLD_S:
        raise Refused("usage", f"duration_s is from 0 to {LONGEST_HOLD_S}")

    def steps() -> None:
        gui.keyDown(key)
        time.sleep(seconds)
        gui.keyUp(key)

    return steps


_MAKERS: Final[dict[str, Callable[[Any, Mapping[str, Any]], Steps]]] = {
    "click": _click,
    "double_click": lambda gui, args: _click(gui, args, "left", 2),
    "triple_click": lambda gui, args: _click(gui, args, "left", 3),
    "right_click": lambda gui, args: _click(gui, args, "right", 1),
    "middle_click": lambda gui, args: _click(gui, args, "middle", 1),
    "move_to": _move_to,
    "drag": _drag,
    "mouse_down": lambda gui, args: _mouse(gui, args, press=True),
    "mouse_up": lambda gui, args: _mouse(gui, args, press=False),
    "scroll": _scroll,
    "write": _write,
    "press": _press,
    "hotkey": _hotkey,
    "key_down": lambda gui, args: _key(gui, args, press=True),
    "key_up": lambda gui, args: _key(gui, args, press=False),
    "hold_key": _hold_key,
}
