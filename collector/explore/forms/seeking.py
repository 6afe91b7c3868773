"""The way to a form on a desktop: keys that ask for something, and menus' items that say they do.

Forms of programs stand in dialogs, and dialogs come from such items ("Find…"). From a menu in which
none is left the next one is gone to, and it is not opened again in the episode.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from collector.explore import leaving, openers
from collector.explore.base import Choice
from collector.explore.novelty import Signature, signature_of
from collector.explore.view import View, is_shell
from collector.explore.weighing import Move, Scales, called
from envs import actions as do
from grounding.scene import Node

KEYS: Final = (("ctrl", "f"), ("ctrl", "h"), ("ctrl", "o"), ("ctrl", "g"), ("ctrl", ","))
"""What asks for a text, a file, a line or settings in many programs; each once a program and run."""
KEYS_SHARE: Final = 0.4
MENUS_IN_A_ROW: Final = 6
OPENING: Final = openers.MENUS | {"button", "push-button", "toggle-button"}


class Seeker:
    """Presses keys, opens menus, and chooses what asks for more, the newest first."""

    def __init__(self, scales: Scales, rng: random.Random) -> None:
        self._scales, self._rng = scales, rng
        self._opened: Signature = ()
        self._spent: set[Signature] = set()
        self._leaving = self._passed = 0

    def wishes(self, view: View) -> list[Move]:
        """What leads to a form from what is in front, the best first; empty where nothing does."""
        self._leaving = self._leaving + 1 if view.is_modal() and not view.is_popup() else 0
        items = openers.open_menu(view)
        if view.is_page():
            return []
        if items is not None:
            return self._in_menu(items, view)
        self._passed = 0
        if self._leaving:
            left = leaving.dialog(view, self._scales, self._leaving)
            return [] if left is None else [left]
        if (keys := self._keys(view)) is not None:
            return [keys]
        return self._openers(view)

    def _keys(self, view: View) -> Move | None:
        """Keys that were not tried in the program in front."""
        app, done = view.app(), self._scales.novelty.done
        left = [keys for keys in KEYS if not done[(app, "asks"), "+".join(keys)]]
        if not app or is_shell(app) or not left or self._rng.random() >= KEYS_SHARE:
            return None
        keys = left[0]
        choice = Choice(do.Hotkey(keys), None, f"asks {app} for a form by {'+'.join(keys)}")
        return Move(choice, "+".join(keys), (app, "asks"))

    def _openers(self, view: View) -> list[Move]:
        """A button that asks for more, else a menu."""
        front = view.front
        inside = [n for n in view.nodes if front is not None and view.stands_on(n, front)]
        asking = [n for n in inside if n.element.role == "button" and self._asks(n, view)]
        menus = [n for n in inside if self._is_menu(n, view)]
        drawn = self._scales.pick(view, "click", asking or menus)
        self._opened = () if drawn is None or asking else drawn.signature
        return [] if drawn is None else [drawn]

    def _in_menu(self, items: Sequence[Node], view: View) -> list[Move]:
        """Choose what asks for more, else open a menu within it, else go to the next or close it."""
        close = leaving.menu(view, 0)
        asking = [n for n in items if self._asks(n, view)]
        if (pick := self._scales.pick(view, "click", asking)) is not None:
            return [pick, close]
        for item in items:
            signature = signature_of(item, view.scene)
            if openers.leads_on(item) and not self._scales.novelty.done[signature, "submenu"]:
                choice = Choice(do.Click(*item.box.centre), item.id, f"opens {called(item)}")
                return [Move(choice, "submenu", signature), close]
        menu = _menu_of(items, view)
        self._spent.add(self._opened if menu is None else signature_of(menu, view.scene))
        self._passed += 1
        if menu is None or self._passed > MENUS_IN_A_ROW:
            return [close]
        choice = Choice(do.Press(("right",)), None, "goes to the next menu")
        return [Move(choice, "next menu", (view.app(), "menu")), close]

    def _asks(self, node: Node, view: View) -> bool:
        """Whether it says that it asks for more, and was not chosen before."""
        untried = self._scales.novelty.done[signature_of(node, view.scene), "click"] == 0
        return untried and openers.asks_more(node)

    def _is_menu(self, node: Node, view: View) -> bool:
        above = {a.element.role for a in view.scene.ancestors(node.id)}
        opens = node.element.role in OPENING and openers.opens_menu(node, above)
        return opens and signature_of(node, view.scene) not in self._spent


def _menu_of(items: Sequence[Node], view: View) -> Node | None:
    """The menu of a bar that the items stand in; None for any other."""
    above = list(view.scene.ancestors(items[0].id)) if items else []
    for menu, holder in pairwise(above):
        if menu.element.role in openers.MENUS and holder.element.role in openers.BARS:
            return menu
    return None
