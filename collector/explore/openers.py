"""What a screen offers to be opened: menus, combo boxes, tool tips, context menus, by their kind.

Context menus belong to kinds of things rather than to things: one of a program's rows, one of its
texts, its empty place, the desktop.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from collector.explore import moves
from collector.explore.novelty import Signature, signature_of
from collector.explore.view import ITEMS, View, is_shell
from envs import actions as do
from grounding.scene import COMBOS, Node
from grounding.surfaces import Level

Kind = Literal["menu", "combo", "tip", "context", "select"]
BARS: Final = frozenset({"menubar", "menu-bar"})
TOOLBARS: Final = frozenset({"toolbar", "tool-bar"})
TIPPED: Final = frozenset({"button", "push-button", "toggle-button", "img", "icon", "link"})
MENUS: Final = frozenset({"menu", "menuitem", "menu-item"})
RANK: Final[dict[Kind, int]] = {"menu": 0, "context": 1, "combo": 1, "select": 1, "tip": 2}
WORDS: Final[dict[Kind, str]] = {
    "menu": "opens",
    "combo": "opens",
    "select": "chooses in",
    "tip": "hovers over",
    "context": "opens the context menu of",
}
MOVES: Final[dict[Kind, str]] = {
    "menu": "click",
    "combo": "click",
    "select": "choose",
    "tip": "hover",
    "context": "context",
}
"""What it counts as: a menu that a walk has pressed is opened."""
MORE: Final = ("…", "...")
EMPTY_PX: Final = 60


@dataclass(frozen=True, slots=True)
class Opener:
    """One thing that opens something, and what counts as the same thing."""

    kind: Kind
    node: Node
    signature: Signature
    point: tuple[int, int]
    view: View

    @property
    def rank(self) -> int:
        """Menus before context menus before tool tips."""
        return RANK[self.kind]

    @property
    def move(self) -> str:
        """What opening it counts as."""
        return MOVES[self.kind]

    @property
    def words(self) -> str:
        """What is done to it, for the reason of a choice."""
        return WORDS[self.kind]

    def action(self, rng: random.Random) -> do.Action:
        """How it is opened."""
        if self.kind == "tip":
            return do.MoveTo(*self.point)
        if self.kind == "context":
            return do.RightClick(*self.point)
        if self.kind == "select":
            return moves.build("choose", self.node, self.view, rng)
        return do.Click(*self.point)


def openers(view: View) -> Iterator[Opener]:
    """What may be opened on what is in front, and the desktop's own menus."""
    front = view.front
    seen: set[tuple[Kind, Signature]] = set()
    for node in view.nodes:
        inside = front is None or view.stands_on(node, front)
        for kind in _kinds(node, view) if inside else _outside(node, view):
            signature = _signature(kind, node, view)
            if (kind, signature) not in seen:
                seen.add((kind, signature))
                yield Opener(kind, node, signature, node.box.centre, view)
    yield from _empty(view)


def leads_on(item: Node) -> bool:
    """Whether a menu's item has a menu of its own."""
    states = item.element.states
    return item.element.role == "menu" or "has-popup" in states or "expandable" in states


def asks_more(item: Node) -> bool:
    """Whether an item says that it asks for more before it does anything."""
    return item.name.endswith(MORE)


def open_menu(view: View) -> list[Node] | None:
    """What stands in the open menu or list; None where none is open, a tool tip is none.

    A page draws its menus into itself: one is open where something says that it is expanded.
    """
    if view.is_popup() and view.front is not None:
        return None if is_tip(view) else view.on(view.front)
    if not view.is_page() or not any(_is_expanded(n) for n in view.nodes):
        return None
    items = [n for n in view.nodes if "menuitem" in n.element.role]
    inside = [n for n in items if _above(n, view) & MENUS and not _above(n, view) & BARS]
    return inside or None


def _is_expanded(node: Node) -> bool:
    return {"has-popup", "expanded"} <= node.element.states


def _above(node: Node, view: View) -> set[str]:
    return {a.element.role for a in view.scene.ancestors(node.id)}


def is_tip(view: View) -> bool:
    """Whether what is in front is only a tool tip."""
    node = view.front_node()
    return node is not None and node.element.role in {"tooltip", "tool-tip", "notification"}


def _kinds(node: Node, view: View) -> Iterator[Kind]:
    element = node.element
    above = _above(node, view)
    if "select-option" in element.actions:
        yield "select"
    elif element.role in COMBOS:
        yield "combo"
    elif opens_menu(node, above):
        yield "menu"
    elif element.role in TIPPED and (above & TOOLBARS or not node.name or element.description):
        yield "tip"
    if element.role in ITEMS | {"tab", "link", "img"} or moves.takes_text(node):
        yield "context"


def _outside(node: Node, view: View) -> Iterator[Kind]:
    """Of what is not in front only the panel and the desktop's icons."""
    if view.is_modal() or not is_shell(node.element.app):
        return
    if "icon" in node.element.role:
        yield "context"
    elif opens_menu(node, _above(node, view)):
        yield "menu"


def opens_menu(node: Node, above: set[str]) -> bool:
    """Whether pressing it opens a menu, by what it is and the roles `above` it."""
    if node.element.role in MENUS:
        return not above & MENUS or bool(above & BARS)
    return "has-popup" in node.element.states or "expandable" in node.element.states


def _signature(kind: Kind, node: Node, view: View) -> Signature:
    """A thing's own; for a context menu that of its kind in its program or page."""
    if kind != "context":
        return signature_of(node, view.scene)
    page = view.scene.tree.elements[0].name if view.is_page() else ""
    return (node.element.app, page, node.element.role)


def _empty(view: View) -> Iterator[Opener]:
    """A bare place of the window in front, and of the desktop."""
    held = view.front_node()
    if held is not None and not view.is_popup() and (point := _bare(held, view)) is not None:
        yield Opener("context", held, (held.element.app, "empty"), point, view)
    if view.is_modal():
        return
    for key, surface in view.scene.surfaces.items():
        node = view.scene.nodes.get(key)
        if surface.level != Level.DESKTOP or node is None or view.forbids(node):
            continue
        if (point := view.bare_point(node) or _bare(node, view)) is not None:
            yield Opener("context", node, (node.element.app, "desktop"), point, view)


def _bare(held: Node, view: View) -> tuple[int, int] | None:
    """A pixel of a window on which nothing stands; None where there is no such place."""
    things = [n.box for n in view.scene.nodes.values() if n.kind not in {"container", "window"}]
    covers = [s.box for s in view.scene.surfaces.values() if s.id != held.id]
    covers = [c for c in covers if c.intersection(held.box).area < held.box.area]
    box = held.box
    for y in range(box.bottom - 24, box.top + EMPTY_PX, -32):
        for x in range(box.left + 24, box.right - 24, 40):
            if not any(other.contains(x, y) for other in (*things, *covers)):
                return x, y
    return None
