"""The random walk: among what can be seen and used, what is new is done more often.

It first takes in what is in front. A menu is chosen from or closed, a dialog is filled and left,
a field that has the focus is typed into, a program that had its share is left for one that had
less; else a kind of move is drawn, then an element for it, weighted by newness. Nothing that the
deny list forbids is ever chosen. The same seed and the same observations give the same walk.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from collector.explore import deny, moves, shortcuts
from collector.explore.base import Choice
from collector.explore.novelty import Novelty, Signature, signature_of, state_of
from collector.explore.view import LEAVING, View, is_shell
from collector.explore.web import Journeys
from envs import actions as do
from envs.actions import Family
from envs.recording.types import Step
from envs.types import Observation
from grounding.scene import Node

SHARES: Final[dict[str, float]] = {
    "click": 0.44,
    "type": 0.14,
    "keys": 0.08,
    "scroll": 0.08,
    "double_click": 0.06,
    "right_click": 0.05,
    "drag": 0.05,
    "hover": 0.04,
    "mark": 0.02,
    "pick": 0.01,
    "choose": 0.05,
}
"""How often each kind of move is made where all are possible."""
CLOSING: Final = (
    "quit",
    "exit",
    "close",
    "退出",
    "关闭",
    "minimize",
    "minimise",
    "iconify",
    "shade",
)
ELSEWHERE: Final = 0.12
"""Weight of what stands outside the front window, beside 1 for what stands in it."""
STAY: Final[dict[str, tuple[int, int]]] = {"mobile": (5, 9), "desktop": (5, 9), "web": (7, 12)}
"""Steps in one program or page before another is looked for."""
FORM_SHARE: Final = 0.5
"""How often a field that was filled is followed by the next empty one."""
DIALOG_STAY: Final = (3, 6)
MENU_STAY: Final = 3
TRIES: Final = 12
"""Draws before a choice that the deny list refuses gives way to waiting."""
BROKEN: Final = "chromewebdata"
"""What a browser's own page of an error calls itself."""


@dataclass(frozen=True, slots=True)
class _Move:
    """A choice with what it counts as."""

    choice: Choice
    kind: str
    signature: Signature = ()


class Walk:
    """A policy that wanders; `novelty` may be shared with the other episodes of a run."""

    name = "walk"

    def __init__(
        self,
        seed: int,
        family: Family = "desktop",
        *,
        isolated: bool = False,
        performs: frozenset[str] = frozenset(),
        pages: Sequence[str] = (),
        novelty: Novelty | None = None,
    ) -> None:
        """`performs` names the machine's actions (empty: all), `pages` the addresses to visit."""
        self.seed = seed
        self.family = family
        self.isolated = isolated
        self.novelty = Novelty() if novelty is None else novelty
        self._performs = performs
        self._rng = random.Random(f"walk {seed}")  # noqa: S311 - variety, not secrecy
        self._journeys = Journeys(tuple(pages), self.novelty.pages)
        self._last: _Move | None = None
        self._where = ""
        self._stayed = 0
        self._patience = self._rng.randint(*STAY[family])
        self._in_menu = 0
        self._in_dialog = 0
        self._idle = 0

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What it was made with, as the recording's header keeps it."""
        return {"seed": self.seed, "isolated": self.isolated, "pages": len(self._journeys.pages)}

    def choose(self, observation: Observation, history: Sequence[Step]) -> Choice | None:
        """The next action; it always has one."""
        view = View.of(observation, isolated=self.isolated)
        self._take_in(view, history)
        for _ in range(TRIES):
            move = self._draw(view)
            if move is not None and self._may(move, view):
                break
        else:
            move = _Move(Choice(do.Wait(1.0), None, "nothing here may be used"), "wait")
        self._last = move
        self.novelty.did(move.signature, move.kind, view.app())
        return move.choice

    def _may(self, move: _Move, view: View) -> bool:
        """Whether the machine performs it, it stays on the screen, and nothing forbids it."""
        action = move.choice.action
        if self._performs and action.name not in self._performs:
            return False
        screen = view.scene.screen
        if not all(screen.contains(x, y) for x, y in action.points()):
            return False
        word = deny.verdict(action, move.choice.element_id, view.scene, isolated=self.isolated)
        return not word

    # --- taking in -----------------------------------------------------------------------------

    def _take_in(self, view: View, history: Sequence[Step]) -> None:
        """Learn from the last step, and count how long it has been where."""
        if history and self._last is not None:
            did = history[-1].effect.did_anything
            self._idle = 0 if did else self._idle + 1
            if not did:
                self.novelty.was_dull(self._last.signature, self._last.kind)
        self.novelty.states[state_of(view.scene)] += 1
        self._in_menu = self._in_menu + 1 if view.is_popup() else 0
        self._in_dialog = self._in_dialog + 1 if view.is_modal() and not view.is_popup() else 0
        where = self._place(view)
        if history:
            self._journeys.moved(history[-1], elsewhere=where != self._where)
        if where != self._where:
            self._where, self._stayed = where, 0
            self._patience = self._rng.randint(*STAY[self.family])
        self._stayed += 1

    def _place(self, view: View) -> str:
        """What is stayed in: a program, or a page of a site."""
        if self.family == "web":
            return next((e.name for e in view.scene.tree.elements if e.name), "")
        return view.app()

    # --- drawing -------------------------------------------------------------------------------

    def _draw(self, view: View) -> _Move | None:
        """One candidate move for what is in front."""
        if view.is_popup():
            return self._in_popup(view)
        if view.is_modal() and self._in_dialog > self._rng.randint(*DIALOG_STAY):
            return self._leave_dialog(view)
        tired = self._stayed > self._patience or self._idle >= 3 or self._is_broken(view)
        leaves = tired and not view.is_modal() and self._rng.random() < 0.85
        if leaves and (move := self._elsewhere(view)) is not None:
            return move
        if self._was_aimed_at_field(view) and self._rng.random() < 0.9:
            return self._on(view, "type", [n for n in [view.focused] if n is not None])
        if (field := self._next_field(view)) is not None and self._rng.random() < FORM_SHARE:
            return self._on(view, "click", [field])
        return self._any(view)

    def _next_field(self, view: View) -> Node | None:
        """The empty field that follows the one just typed into, on the same surface."""
        last = self._last
        if last is None or last.kind != "type":
            return None
        fields = [n for n in view.nodes if moves.takes_text(n) and not moves.is_prose(n)]
        at = next((i for i, n in enumerate(fields) if n.id == last.choice.element_id), None)
        if at is None:
            return None
        after = (n for n in fields[at + 1 :] if n.surface == fields[at].surface)
        return next((n for n in after if not n.element.value), None)

    def _is_broken(self, view: View) -> bool:
        elements = view.scene.tree.elements
        return bool(elements) and elements[0].app == BROKEN

    def _in_popup(self, view: View) -> _Move | None:
        """Choose from an open menu, hover over it, or close it."""
        assert view.front is not None
        nodes = view.on(view.front)
        roll = self._rng.random()
        if not nodes or self._in_menu > MENU_STAY or roll < 0.12:
            if self._in_menu > MENU_STAY + 2 and (away := self._bare(view)) is not None:
                return away
            return _Move(Choice(do.Press(("esc",)), None, "closes the menu"), "esc")
        return self._on(view, "hover" if roll < 0.2 else "click", nodes)

    def _leave_dialog(self, view: View) -> _Move | None:
        """End a dialog: a button that says so, the escape key, the window's own close."""
        assert view.front is not None
        over = self._in_dialog - DIALOG_STAY[1]
        buttons = [n for n in view.on(view.front) if n.element.role == "button"]
        named = sorted((n for n in buttons if _leaving(n) >= 0), key=_leaving)
        if named and over < 3 and self._rng.random() < 0.7:
            return self._on(view, "click", named[:1])
        if over > 5:
            return _Move(Choice(do.Hotkey(("alt", "f4")), None, "closes the window"), "close")
        return _Move(Choice(do.Press(("esc",)), None, "leaves the dialog"), "esc")

    def _was_aimed_at_field(self, view: View) -> bool:
        """Whether the last step went for the field that now has the focus."""
        last, focused = self._last, view.focused
        if last is None or focused is None or last.kind not in {"click", "mark"}:
            return False
        aimed = last.choice.element_id == focused.id
        return aimed and moves.takes_text(focused) and self._allowed("write")

    def _any(self, view: View) -> _Move | None:
        """A kind of move by its share, then an element for it."""
        shares = SHARES if self.family != "web" else {**SHARES, "right_click": 0.01}
        kinds = {k: s for k, s in shares.items() if self._possible(k, view)}
        if not kinds:
            return self._fallback(view)
        kind = self._rng.choices(list(kinds), weights=list(kinds.values()))[0]
        if kind == "keys":
            return self._keys(view)
        if kind == "scroll":
            return self._scroll(view)
        if kind == "type":
            return self._type(view)
        return self._on(view, kind, _inviting(view, kind))

    def _possible(self, kind: str, view: View) -> bool:
        if kind == "keys":
            return self._allowed("press") and self._allowed("hotkey")
        if kind == "scroll":
            return bool(view.scrollable)
        return bool(_inviting(view, kind))

    def _type(self, view: View) -> _Move | None:
        """Type into the field that has the focus, or go for a field first."""
        focused = view.focused
        if focused is not None and moves.takes_text(focused) and not view.forbids(focused):
            return self._on(view, "type", [focused])
        return self._on(view, "click", _inviting(view, "type"))

    def _keys(self, view: View) -> _Move:
        """A key or a shortcut that suits what has the focus."""
        role = view.focused.element.role if view.focused is not None else ""
        keys = self._rng.choice(shortcuts.for_focus(role, self.family))
        target = view.focused.id if view.focused is not None else None
        plain = len(keys) == 1
        times = self._rng.choice((1, 1, 2, 3)) if keys[0] in {"down", "up", "tab"} else 1
        action = do.Press(keys, times) if plain else do.Hotkey(keys)
        why = f"a shortcut for {role or 'the window'}"
        return _Move(Choice(action, target, why), "+".join(keys), (view.app(), role))

    def _scroll(self, view: View) -> _Move:
        """Turn the wheel over something that can scroll, in front where there is one."""
        front = view.front
        inside = [n for n in view.scrollable if front is None or view.stands_on(n, front)]
        node = self._rng.choice(inside or view.scrollable)
        choice = Choice(moves.scroll(node, self._rng), node.id, f"scrolls {_called(node)}")
        return _Move(choice, "scroll", signature_of(node, view.scene))

    def _on(self, view: View, kind: str, nodes: Sequence[Node]) -> _Move | None:
        """That move on one of the nodes, the newer the likelier."""
        if not nodes:
            return None
        groups = Counter((n.element.parent, n.element.role) for n in nodes)
        weights = [self._weight(n, kind, view, groups) for n in nodes]
        if sum(weights) <= 0:
            return None
        node = self._rng.choices(list(nodes), weights=weights)[0]
        action = moves.build(kind, node, view, self._rng)
        why = f"{kind.replace('_', ' ')} on {_called(node)}"
        return _Move(Choice(action, node.id, why), kind, signature_of(node, view.scene))

    def _weight(
        self, node: Node, kind: str, view: View, groups: Counter[tuple[str | None, str]]
    ) -> float:
        """How much a node is wanted: new, in front, one of few of its kind, not what ends things."""
        weight = self.novelty.newness(signature_of(node, view.scene), kind)
        weight /= math.sqrt(groups[node.element.parent, node.element.role])
        if view.front is not None and not view.stands_on(node, view.front):
            weight *= ELSEWHERE * self.novelty.app_newness(node.element.app)
        if any(word in node.name.casefold() for word in CLOSING) and not view.is_modal():
            weight *= 0.04
        return weight

    # --- going elsewhere -----------------------------------------------------------------------

    def _elsewhere(self, view: View) -> _Move | None:
        """Bring another program or page forward, the one used least most often."""
        if self.family == "web":
            choice = self._journeys.leave(self._rng)
            return None if choice is None else _Move(choice, choice.action.name, ("web",))
        others = [w for w in view.windows() if w.element.app != view.app()]
        if others and self._rng.random() < 0.9:
            weights = [self.novelty.app_newness(w.element.app) ** 3 for w in others]
            window = self._rng.choices(others, weights=weights)[0]
            return self._raise(view, window) or self._next_window(view)
        if (opened := self._launch(view)) is not None:
            return opened
        return self._next_window(view)

    def _raise(self, view: View, window: Node) -> _Move | None:
        """Press a window's button in the panel, or a part of it that shows."""
        for node in view.nodes:
            name = node.name.rstrip(".…")
            if is_shell(node.element.app) and len(name) > 3 and _same_title(name, window.name):
                choice = Choice(do.Click(*node.box.centre), node.id, f"turns to {window.name}")
                return _Move(choice, "turn", signature_of(node, view.scene))
        point = view.bare_point(window)
        if point is None:
            return None
        choice = Choice(do.Click(*point), window.id, f"turns to {window.name}")
        return _Move(choice, "turn", signature_of(window, view.scene))

    def _launch(self, view: View) -> _Move | None:
        """Open the desktop's own menus and icons: where programs are started."""
        shell = [n for n in view.nodes if is_shell(n.element.app)]
        icons = [n for n in shell if "icon" in n.element.role]
        if icons and self._rng.random() < 0.4:
            return self._on(view, "double_click", icons)
        return self._on(view, "click", [n for n in shell if n.kind == "control"])

    def _next_window(self, view: View) -> _Move | None:
        if not self._allowed("hotkey"):
            return None
        keys = self._rng.choice(shortcuts.NEXT_WINDOW)
        return _Move(
            Choice(do.Hotkey(keys), None, "turns to another window"), "turn", (view.app(),)
        )

    def _bare(self, view: View) -> _Move | None:
        """Press a window where nothing stands, to put an open menu away."""
        for window in view.windows():
            if (point := view.bare_point(window)) is not None:
                return _Move(Choice(do.Click(*point), window.id, "puts the menu away"), "away")
        return None

    def _fallback(self, view: View) -> _Move | None:
        """Where nothing can be pressed: keys, another window, a moment's wait."""
        return self._next_window(view) or self._keys(view)

    def _allowed(self, name: str) -> bool:
        return not self._performs or name in self._performs


def _inviting(view: View, kind: str) -> list[Node]:
    """The nodes that invite that move."""
    return [n for n in view.nodes if kind in moves.moves_of(n)]


def _called(node: Node) -> str:
    """An element in words."""
    name = f" {node.name[:60]!r}" if node.name else ""
    return f"{node.element.role}{name}" + (f" of {node.element.app}" if node.element.app else "")


def _leaving(node: Node) -> int:
    """How gently a button ends a dialog; -1 where it does not."""
    name = node.name.casefold().strip("_ …")
    return LEAVING.index(name) if name in LEAVING else -1


def _same_title(button: str, window: str) -> bool:
    """Whether a panel's button is that window's."""
    short, long = sorted((button.casefold(), window.casefold()), key=len)
    return len(short) > 3 and short in long
