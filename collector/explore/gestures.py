"""Gestures that take several actions: a selection by hand, rows picked with a key held, and so on.

A gesture that has begun goes on to its end, so that no button and no key stays down.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from collector.explore import moves
from collector.explore.base import Choice
from collector.explore.novelty import signature_of
from collector.explore.view import ITEMS, View
from collector.explore.weighing import Move, called
from envs import actions as do
from grounding.scene import Node

STEPS: Final = 3
"""Places the pointer passes while a button is held."""
PICKED: Final = 3
HELD_S: Final = (0.4, 1.2)
HOLDABLE: Final[dict[str, tuple[str, ...]]] = {
    "slider": ("right", "left"),
    "spinbutton": ("up", "down"),
    "scrollbar": ("down", "pagedown"),
    "document-text": ("down", "right"),
    "editor": ("down", "right"),
    "textbox": ("right", "left", "backspace"),
    **dict.fromkeys(("list", "listbox", "tree", "listitem", "treeitem"), ("down", "up")),
}
"""Keys that are worth holding, by what has the focus."""
RELEASES: Final = (do.MouseUp, do.KeyUp)
Gesture = list[Move]


class Ongoing:
    """What of a gesture is still to be done."""

    def __init__(self) -> None:
        self._left: deque[Move] = deque()
        self._steps, self._begun = 0, 0

    @property
    def is_amid(self) -> bool:
        """Whether anything is left."""
        return bool(self._left)

    def begin(self, gesture: Sequence[Move]) -> None:
        """Its first move is made now."""
        self._left = deque(gesture[1:])
        self._begun = self._steps

    def end(self) -> None:
        """Nothing more of it."""
        self._left.clear()

    def heard(self, steps: int) -> None:
        """So many steps were made; the same number again says that the last touch was covered.

        Then nothing more is touched: what is held is let go, what was not begun is left.
        """
        if self._left and steps == self._steps:
            held = [m for m in self._left if isinstance(m.choice.action, RELEASES)]
            self._left = deque(held if self._begun < steps else ())
        self._steps = steps

    def next(self, view: View, may: Callable[[Move, View], bool]) -> Move | None:
        """What it goes on with; what would be touched must still be there and be allowed."""
        while self._left:
            move = self._left.popleft()
            gone = (
                move.choice.element_id is not None
                and move.choice.element_id not in view.scene.nodes
            )
            if isinstance(move.choice.action, RELEASES):
                return replace(move, choice=replace(move.choice, element_id=None)) if gone else move
            if not gone and may(move, view):
                return move
        return None


def draw(
    view: View,
    rng: random.Random,
    performs: Callable[[str], bool],
    made: Counter[str] | None = None,
) -> Gesture:
    """One gesture that what is in front invites, of the kind that was made least; may be empty.

    `made` counts the kinds, and the one that is drawn with them.
    """
    made = Counter() if made is None else made
    front = view.front
    nodes = view.nodes if front is None else view.on(front)
    kinds = [by_hand, several, beside, held]
    rng.shuffle(kinds)
    kinds.sort(key=lambda kind: made[kind.__name__])
    for kind in kinds:
        gesture = kind(view, nodes, rng)
        if gesture and all(performs(move.choice.action.name) for move in gesture):
            made[kind.__name__] += 1
            return gesture
    return []


def by_hand(view: View, nodes: Sequence[Node], rng: random.Random) -> Gesture:
    """Select with the button held: text of a field, rows of a list, a stroke on a canvas."""
    fit = [n for n in nodes if n.element.role == "canvas" or moves.is_prose(n)]
    fit = [n for n in fit if n.element.role == "canvas" or moves.takes_text(n)]
    if not fit:
        return []
    node = rng.choice(fit)
    start, end = moves.place(node.box, rng), moves.place(node.box, rng)
    way = [point for point in moves.path(start, end) if (point.x, point.y) != start]
    stops = way[:: max(1, len(way) // STEPS)] or way
    on = _on(node, view)
    return [
        on(do.MoveTo(*start), "goes to"),
        on(do.MouseDown(), "presses on"),
        *(on(do.MoveTo(p.x, p.y), "draws over") for p in stops),
        on(do.MouseUp(), "lets go on"),
    ]


def several(view: View, nodes: Sequence[Node], rng: random.Random) -> Gesture:
    """Pick several rows of one list with the control key held."""
    rows = [n for n in nodes if n.element.role in ITEMS]
    parents = sorted({n.element.parent or "" for n in rows})
    lists = [group for p in parents if len(group := [n for n in rows if n.element.parent == p]) > 1]
    if not lists:
        return []
    group = rng.choice(lists)
    picked = rng.sample(group, min(PICKED, len(group)))
    clicks = [_on(n, view)(moves.build("click", n, view, rng), "picks also") for n in picked]
    around = _on(picked[0], view)
    return [
        around(do.KeyDown("ctrl"), "holds ctrl for"),
        *clicks,
        around(do.KeyUp("ctrl"), "lets go of ctrl after"),
    ]


def beside(view: View, nodes: Sequence[Node], rng: random.Random) -> Gesture:
    """Press a link or a tab with the middle button, which opens it beside, closes or pastes."""
    fit = [n for n in nodes if n.element.role == "link" or moves.takes_text(n)]
    if not fit:
        return []
    node = rng.choice(fit)
    return [_on(node, view)(do.MiddleClick(*moves.place(node.box, rng)), "middle click on")]


def held(view: View, nodes: Sequence[Node], rng: random.Random) -> Gesture:
    """Hold a key down where the focus is."""
    del nodes
    focused = view.focused
    keys = HOLDABLE.get(focused.element.role, ()) if focused is not None else ()
    if focused is None or not keys:
        return []
    action = do.HoldKey(rng.choice(keys), round(rng.uniform(*HELD_S), 1))
    return [_on(focused, view)(action, f"holds {action.key} in")]


def _on(node: Node, view: View) -> Callable[[do.Action, str], Move]:
    """Moves on that node."""
    signature = signature_of(node, view.scene)

    def move(action: do.Action, why: str) -> Move:
        return Move(Choice(action, node.id, f"{why} {called(node)}"), action.name, signature)

    return move
