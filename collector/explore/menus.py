"""Opens what opens: menus and submenus, tool tips, context menus, combo boxes; each once a run.

What was opened is known to the whole run by what it is, so that no other episode opens it again.
An open menu is looked at, its submenus are opened by hovering or with the keyboard, now and then
an item that opens something is chosen, and it is closed by escape. Where nothing in front is left
to open it walks on.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from collector.explore import leaving, openers
from collector.explore.base import Choice, Done
from collector.explore.novelty import signature_of
from collector.explore.openers import Opener
from collector.explore.start import Start
from collector.explore.view import View
from collector.explore.walk import Walk
from collector.explore.weighing import Move, Scales, called
from envs import actions as do
from envs.recording.types import Step
from envs.types import Observation
from grounding.scene import Node

CHOOSE_SHARE: Final = 0.25
"""How often an item that opens something is chosen; what does not is left alone."""
KEYS_SHARE: Final = 0.3
"""How often a submenu is opened with the keyboard, and an open menu is gone through by it."""
TIP_S: Final = 1.2
"""A tool tip comes so long after the pointer."""
MENU_STAY: Final = 12
"""Steps in one open menu."""
DIALOG_STAY: Final = 6
BARREN: Final = 30
"""Steps with nothing left to open after which there is none left to come to."""
LEAVE_SHARE: Final = 0.6


class Menus:
    """One episode among menus."""

    name = "menus"

    def __init__(self, start: Start) -> None:
        self._start = start
        self._walk = Walk.of(start)
        self._rng = random.Random(f"menus {start.seed}")  # noqa: S311 - variety, not secrecy
        self._scales = Scales(self._walk.novelty, self._rng)
        self._in_menu = self._in_dialog = self._barren = 0
        self._waits: Node | None = None

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What it was made with."""
        return self._walk.parameters

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | Done:
        """The next thing to open or close, or a step on the way to one."""
        view = View.of(observation, isolated=self._start.isolated)
        self._walk.take_in(view, history)
        if self._walk.is_amid:
            return self._walk.move_on(view)
        self._in_menu = self._in_menu + 1 if openers.open_menu(view) is not None else 0
        self._in_dialog = self._in_dialog + 1 if view.is_modal() and not view.is_popup() else 0
        for move in self._wishes(view):
            if self._walk.may(move, view):
                self._barren = 0
                tip = view.scene.nodes.get(move.choice.element_id or "")
                self._waits = tip if move.kind == openers.MOVES["tip"] else None
                return self._walk.make(move, view)
        return self._on_the_way(view)

    def _wishes(self, view: View) -> list[Move]:
        """What it wants to do with what is in front, the best first."""
        tip, self._waits = self._waits, None
        if tip is not None:
            choice = Choice(do.Wait(TIP_S), None, f"waits for the tip of {called(tip)}")
            return [Move(choice, "wait", signature_of(tip, view.scene))]
        items = openers.open_menu(view)
        if items is not None and (view.is_popup() or self._in_menu <= MENU_STAY):
            return self._in_open_menu(items, view)
        if self._in_dialog > DIALOG_STAY:
            return self._leave(view)
        fresh = [o for o in openers.openers(view) if self._is_fresh(o)]
        self._rng.shuffle(fresh)
        fresh.sort(key=lambda o: o.rank)
        wishes = [self._open(o) for o in fresh[:4]]
        return wishes or (self._leave(view) if view.is_modal() else [])

    def _is_fresh(self, opener: Opener) -> bool:
        return self._walk.novelty.done[opener.signature, opener.move] == 0

    def _open(self, opener: Opener) -> Move:
        """Open something; it counts as opened once it is done."""
        action, why = opener.action(self._rng), f"{opener.words} {called(opener.node)}"
        return Move(Choice(action, opener.node.id, why), opener.move, opener.signature)

    # --- in a menu -----------------------------------------------------------------------------

    def _in_open_menu(self, items: Sequence[Node], view: View) -> list[Move]:
        """Open a submenu, choose what opens something, go through it by the keyboard, close it."""
        close = leaving.menu(view, max(0, self._in_menu - MENU_STAY))
        items = [n for n in items if n.name]
        if self._in_menu > MENU_STAY:
            return [close]
        wishes = [self._submenu(n, view) for n in items if openers.leads_on(n)]
        fresh = [m for m in wishes if self._walk.novelty.done[m.signature, m.kind] == 0]
        if fresh:
            return [fresh[0], close]
        asks = [n for n in items if openers.asks_more(n) and self._is_untried(n, view)]
        if asks and self._rng.random() < CHOOSE_SHARE:
            pick = self._scales.pick(view, "click", asks)
            return [close] if pick is None else [pick, close]
        if self._in_menu == 1 and len(items) > 1 and self._rng.random() < KEYS_SHARE:
            presses = self._rng.randint(1, min(len(items), 6))
            choice = Choice(do.Press(("down",), presses), None, "goes through the menu")
            return [Move(choice, "down", (view.app(), "menu"))]
        return [close]

    def _submenu(self, item: Node, view: View) -> Move:
        """Hover over an item that leads on, or open it with the keyboard once the pointer is there."""
        signature = signature_of(item, view.scene)
        hovered = self._walk.novelty.done[signature, "submenu"] > 0
        if hovered and "expanded" not in item.element.states:
            choice = Choice(do.Press(("right",)), item.id, f"opens {called(item)} by the keyboard")
            return Move(choice, "submenu by keys", signature)
        if self._rng.random() < KEYS_SHARE:
            action: do.Action = do.Click(*item.box.centre)
        else:
            action = do.MoveTo(*item.box.centre)
        return Move(Choice(action, item.id, f"opens {called(item)}"), "submenu", signature)

    def _is_untried(self, item: Node, view: View) -> bool:
        return self._walk.novelty.done[signature_of(item, view.scene), "click"] == 0

    def _leave(self, view: View) -> list[Move]:
        """Leave a dialog that an item opened."""
        if not view.is_modal():
            return []
        move = leaving.dialog(view, self._scales, max(0, self._in_dialog - DIALOG_STAY))
        return [] if move is None else [move]

    # --- on the way ----------------------------------------------------------------------------

    def _on_the_way(self, view: View) -> Choice | Done:
        """Walk to where something may be left to open."""
        self._barren += 1
        if self._barren > BARREN:
            return Done(f"nothing was left to open in {BARREN} steps")
        return self._walk.wander(view, LEAVE_SHARE)
