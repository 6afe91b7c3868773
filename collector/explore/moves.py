"""What can be done with one element: which moves its role invites, and each move as an action."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from collector.explore.phrases import text_for
from collector.explore.view import ITEMS, View
from envs import actions as do
from envs.types import Box
from grounding.scene import Node

Builder = Callable[[Node, View, random.Random], do.Action]
TEXT_ROLES: Final = frozenset(
    {"textbox", "searchbox", "document-text", "editor", "terminal", "spinbutton", "text-area"}
)
CELLS: Final = frozenset({"gridcell", "cell", "table-cell"})
WIDE_PX: Final = (240, 60)
"""A text field wider and higher than this holds prose."""
HOVERED: Final = frozenset({"button", "menu", "tab", "img", "icon", "link", "toggle-button"})
POINTS: Final = 8
POINT_MS: Final = 60


def takes_text(node: Node) -> bool:
    """Whether typing goes into it once it has the focus."""
    if "read-only" in node.element.states:
        return False
    return node.element.role in TEXT_ROLES or "editable" in node.element.states


def is_prose(node: Node) -> bool:
    """Whether it is a place for more than a line."""
    if node.element.role == "terminal":
        return False
    large = node.box.width > WIDE_PX[0] and node.box.height > WIDE_PX[1]
    return "multi-line" in node.element.states or large


def moves_of(node: Node) -> tuple[str, ...]:
    """The moves that this element invites."""
    role = node.element.role
    moves = ["click"]
    if role in ITEMS:
        moves += ["double_click", "right_click", "pick"]
    if role in {"slider", "scrollbar", "splitter", "canvas"}:
        moves.append("drag")
    if takes_text(node):
        moves += ["type", "right_click", "mark"]
        if is_prose(node):
            moves += ["double_click", "drag"]
    if role in HOVERED:
        moves.append("hover")
    if role in {"tab", "link", "img", "button"}:
        moves.append("right_click")
    if "select-option" in node.element.actions:
        moves = ["choose"]
    return tuple(moves)


def build(move: str, node: Node, view: View, rng: random.Random) -> do.Action:
    """The action that makes this move on this element."""
    return _BUILD[move](node, view, rng)


def place(box: Box, rng: random.Random) -> tuple[int, int]:
    """A pixel well inside a box, most often near its middle."""
    x, y = box.centre
    x += round(rng.uniform(-0.2, 0.2) * box.width)
    y += round(rng.uniform(-0.2, 0.2) * box.height)
    return min(max(x, box.left), box.right - 1), min(max(y, box.top), box.bottom - 1)


def path(start: tuple[int, int], end: tuple[int, int]) -> tuple[do.PathPoint, ...]:
    """A straight drag with its times."""
    return tuple(
        do.PathPoint(
            start[0] + (end[0] - start[0]) * i // POINTS,
            start[1] + (end[1] - start[1]) * i // POINTS,
            i * POINT_MS,
        )
        for i in range(POINTS + 1)
    )


def _scroll(node: Node, view: View, rng: random.Random) -> do.Action:
    """Turn the wheel over an element, most often down."""
    del view
    x, y = place(node.box, rng)
    if rng.random() < 0.06:
        return do.Scroll(x, y, dx=rng.choice((-3, 3)))
    return do.Scroll(x, y, dy=rng.choice((-3, -5, -5, -8, 3, 5)))


def _click(node: Node, view: View, rng: random.Random) -> do.Action:
    del view
    return do.Click(*_spot(node, rng))


def _spot(node: Node, rng: random.Random) -> tuple[int, int]:
    """Where a person presses: near the middle, but on the words of a long row."""
    box = node.box
    if node.element.role in {"listitem", "treeitem", "option"} and box.width > 6 * box.height:
        box = Box(box.left, box.top, box.left + max(box.width // 4, 8), box.bottom)
    return place(box, rng)


def _pick(node: Node, view: View, rng: random.Random) -> do.Action:
    del view
    return do.Click(*_spot(node, rng), modifiers=(rng.choice(("ctrl", "shift")),))


def _type(node: Node, view: View, rng: random.Random) -> do.Action:
    element = node.element
    words = " ".join((node.name, element.description, label_of(node, view)))
    text = text_for(element.role, words, element.app, rng, wide=is_prose(node))
    enters = element.role in {"terminal", "searchbox"} or element.role in CELLS
    submit = enters or (not is_prose(node) and rng.random() < 0.25)
    clear = bool(element.value) and not is_prose(node) and element.role != "terminal"
    return do.Write(text, clear=clear, submit=submit)


def label_of(node: Node, view: View) -> str:
    """The words nearest to the left of a field that has no name."""
    if node.name:
        return ""
    near = [
        n
        for n in view.scene.nodes.values()
        if n.kind == "text"
        and n.name
        and n.surface == node.surface
        and 0 <= node.box.left - n.box.right < 160
        and abs(n.box.centre[1] - node.box.centre[1]) < 16
    ]
    return max(near, key=lambda n: n.box.right).name if near else ""


def _mark(node: Node, view: View, rng: random.Random) -> do.Action:
    del view
    return do.TripleClick(*_in_text(node, rng))


def _double(node: Node, view: View, rng: random.Random) -> do.Action:
    del view
    spot = _in_text(node, rng) if takes_text(node) else _spot(node, rng)
    return do.DoubleClick(*spot)


def _in_text(node: Node, rng: random.Random) -> tuple[int, int]:
    """A pixel where text is likely: the first lines of a large field."""
    box = node.box
    if not is_prose(node):
        return place(box, rng)
    low = min(box.bottom - 2, box.top + 90)
    x = rng.randint(box.left + 4, box.left + max(6, box.width // 2))
    return x, rng.randint(min(box.top + 8, low), low)


def _right(node: Node, view: View, rng: random.Random) -> do.Action:
    del view
    return do.RightClick(*_spot(node, rng))


def _hover(node: Node, view: View, rng: random.Random) -> do.Action:
    del view, rng
    return do.MoveTo(*node.box.centre)


def _drag(node: Node, view: View, rng: random.Random) -> do.Action:
    del view
    box, role = node.box, node.element.role
    if role == "splitter":
        x, y = box.centre
        by = rng.choice((-70, -40, 40, 70))
        end = (x + by, y) if box.height > box.width else (x, y + by)
        return do.Drag(path((x, y), (max(0, end[0]), max(0, end[1]))))
    if role in {"slider", "scrollbar"}:
        return do.Drag(_along(box, rng, thumb=role == "scrollbar"))
    if role == "canvas":
        return do.Drag(path(place(box, rng), place(box, rng)))
    start = _in_text(node, rng)
    reach = rng.randint(30, max(40, box.width // 3))
    down = rng.choice((0, 0, 18, 36))
    return do.Drag(
        path(start, (min(box.right - 2, start[0] + reach), min(box.bottom - 2, start[1] + down)))
    )


def _along(box: Box, rng: random.Random, *, thumb: bool) -> tuple[do.PathPoint, ...]:
    """A drag along the longer side; a scroll bar's thumb is sought near its start."""
    begin = rng.uniform(0.08, 0.2) if thumb else rng.uniform(0.1, 0.9)
    end = rng.uniform(0.3, 0.9)
    x, y = box.centre
    if box.width >= box.height:
        return path(
            (box.left + round(begin * box.width), y), (box.left + round(end * box.width), y)
        )
    return path((x, box.top + round(begin * box.height)), (x, box.top + round(end * box.height)))


def is_choice(name: str) -> bool:
    """Whether an option's name is one to choose, not the invitation to choose one."""
    return bool(name) and not name.endswith(("…", "...")) and not name.startswith("请选择")


def _choose(node: Node, view: View, rng: random.Random) -> do.Action:
    """Another option that is known; else the next one by the keyboard, which makes it known."""
    shown = {n.name for n in view.scene.descendants(node.id) if n.element.role == "option"}
    options = shown | view.known.get(node.id, frozenset())
    named = sorted(name for name in options if is_choice(name) and name != node.element.value)
    x, y = node.box.centre
    if named:
        return do.SelectOption(x, y, rng.choice(named))
    if "focused" in node.element.states:
        is_open = "expanded" in node.element.states
        return do.Press(("down", "enter") if is_open else ("down",))
    return do.Click(x, y)


_BUILD: Final[dict[str, Builder]] = {
    "click": _click,
    "pick": _pick,
    "type": _type,
    "mark": _mark,
    "double_click": _double,
    "right_click": _right,
    "hover": _hover,
    "drag": _drag,
    "scroll": _scroll,
    "choose": _choose,
}
