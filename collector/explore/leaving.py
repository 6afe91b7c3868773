"""Getting away: out of a menu, out of a dialog, to another program that was used less."""

from __future__ import annotations

from typing import Final

from collector.explore.base import Choice
from collector.explore.novelty import signature_of
from collector.explore.shortcuts import NEXT_WINDOW
from collector.explore.view import LEAVING, View, is_shell
from collector.explore.weighing import Move, Scales
from envs import actions as do
from grounding.scene import Node

PATIENT: Final = 3
"""Times that a dialog's own buttons are tried before the keyboard alone."""
HOPELESS: Final = 5
"""Times after which its window is closed by the window manager."""


def another_window(view: View, scales: Scales) -> Move | None:
    """Bring another program forward, the one used least most often, or start one."""
    others = [w for w in view.windows() if w.element.app != view.app()]
    if others and scales.rng.random() < 0.9:
        weights = [scales.novelty.app_newness(w.element.app) ** 3 for w in others]
        window = scales.rng.choices(others, weights=weights)[0]
        return _raise(view, window) or next_window(view, scales)
    return _launch(view, scales) or next_window(view, scales)


def next_window(view: View, scales: Scales) -> Move:
    """The window manager's own keys."""
    keys = scales.rng.choice(NEXT_WINDOW)
    return Move(Choice(do.Hotkey(keys), None, "turns to another window"), "turn", (view.app(),))


def menu(view: View, tries: int) -> Move:
    """Close an open menu: the escape key, and where that did not help a press elsewhere."""
    if tries > 2:
        for window in view.windows():
            if (point := view.bare_point(window)) is not None:
                return Move(Choice(do.Click(*point), window.id, "puts the menu away"), "away")
    return Move(Choice(do.Press(("esc",)), None, "closes the menu"), "esc")


def dialog(view: View, scales: Scales, tries: int) -> Move | None:
    """End a dialog: a button that says so, the escape key, the window's own close."""
    assert view.front is not None
    buttons = [n for n in view.on(view.front) if n.element.role == "button"]
    named = sorted((n for n in buttons if _gentleness(n) >= 0), key=_gentleness)
    if named and tries < PATIENT and scales.rng.random() < 0.7:
        return scales.pick(view, "click", named[:1])
    if tries > HOPELESS:
        return Move(Choice(do.Hotkey(("alt", "f4")), None, "closes the window"), "close")
    return Move(Choice(do.Press(("esc",)), None, "leaves the dialog"), "esc")


def _raise(view: View, window: Node) -> Move | None:
    """Press a window's button in the panel, or a part of it that shows."""
    why = f"turns to {window.name}"
    for node in view.nodes:
        if is_shell(node.element.app) and _same_title(node.name.rstrip(".…"), window.name):
            choice = Choice(do.Click(*node.box.centre), node.id, why)
            return Move(choice, "turn", signature_of(node, view.scene))
    point = view.bare_point(window)
    if point is None:
        return None
    return Move(Choice(do.Click(*point), window.id, why), "turn", signature_of(window, view.scene))


def _launch(view: View, scales: Scales) -> Move | None:
    """Open the desktop's own menus and icons: where programs are started."""
    shell = [n for n in view.nodes if is_shell(n.element.app)]
    icons = [n for n in shell if "icon" in n.element.role]
    if icons and scales.rng.random() < 0.4:
        return scales.pick(view, "double_click", icons)
    return scales.pick(view, "click", [n for n in shell if n.kind == "control"])


def _same_title(button: str, window: str) -> bool:
    """Whether a panel's button is that window's."""
    short, long = sorted((button.casefold(), window.casefold()), key=len)
    return len(short) > 3 and short in long


def _gentleness(node: Node) -> int:
    """How gently a button ends a dialog; -1 where it does not."""
    name = node.name.casefold().strip("_ …")
    return LEAVING.index(name) if name in LEAVING else -1
