"""One observation made ready to be judged: cleaned names, visible boxes, surfaces and their order.

A *surface* is what the screen stacks: a window, a dialog, a pop-up, the panel, the desktop. The
source seldom says which of two windows is in front, so surfaces have levels (desktop, windows,
the active window, panels, pop-ups), and the order of two of one level is known only where a hit
test told it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from envs.types import Box, Element, Observation, Pixels, Tree
from grounding import roles, text

CLIPPING: Final = frozenset(
    [
        "scroll-pane",
        "scrollpane",
        "viewport",
        "frame",
        "window",
        "dialog",
        "alertdialog",
        "file-chooser",
        "table",
        "tree-table",
        "tree",
        "list",
        "listbox",
        "grid",
        "icon-view",
        "layered-pane",
        "internal-frame",
        "document",
        "document-web",
        "document-frame",
        "iframe",
    ]
)
"""Roles that cut off what reaches beyond their own box."""
POPPING: Final = frozenset(["menu", "popup-menu", "menuitem", "menu-item", "combobox", "combo-box"])
"""Roles whose children open in a pop-up beside them, so that their box cuts nothing."""


class Level(IntEnum):
    """How far in front a surface is known to be."""

    DESKTOP = 0
    WINDOW = 1
    ACTIVE = 2
    PANEL = 3
    POPUP = 4


@dataclass(frozen=True, slots=True)
class Surface:
    """Something the screen stacks, with the surfaces it was opened from."""

    id: str
    box: Box
    level: Level
    above: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Node:
    """An element with what the scene adds: its clean name, what shows of it, its surface."""

    element: Element
    name: str
    depth: int
    box: Box
    """What the screen and the ancestors leave of the element's box; of zero area for nothing."""
    ratio: float
    surface: str
    interactable: bool

    @property
    def id(self) -> str:
        """The element's id."""
        return self.element.id

    @property
    def kind(self) -> roles.Kind:
        """What its role amounts to."""
        kind = _kind_of(self.element)
        if self.element.role in roles.WEAK and not self.interactable:
            return "text" if self.name else "container"
        return kind


class Scene:
    """The nodes of one observation, parents before children, and the surfaces they stand on."""

    def __init__(self, observation: Observation) -> None:
        self.observation = observation
        self.pixels: Pixels = observation.screen.pixels
        self.screen = Box(0, 0, observation.screen.width, observation.screen.height)
        self.tree: Tree = observation.tree
        self.children: dict[str, list[str]] = {}
        for element in self.tree.elements:
            if element.parent is not None:
                self.children.setdefault(element.parent, []).append(element.id)
        self._elements = self.tree.by_id()
        self.surfaces: dict[str, Surface] = {}
        self.nodes: dict[str, Node] = {}
        for element in self.tree.elements:
            self.nodes[element.id] = self._node(element)
        self.over = self._seen_over()
        """Pairs of surfaces of which a hit test found the first in front of the second."""

    def ancestors(self, element_id: str) -> Iterator[Node]:
        """The nodes above an element, nearest first."""
        element = self._elements[element_id]
        while element.parent is not None and element.parent in self.nodes:
            node = self.nodes[element.parent]
            yield node
            element = node.element

    def descendants(self, element_id: str) -> Iterator[Node]:
        """The nodes below an element."""
        pending = list(self.children.get(element_id, ()))
        while pending:
            child = pending.pop()
            if child in self.nodes:
                yield self.nodes[child]
                pending.extend(self.children.get(child, ()))

    def is_showing(self, element: Element) -> bool:
        """Whether the source says it can be seen; sources without such states are believed."""
        if element.states & {"hidden", "invisible", "offscreen"}:
            return False
        if self.tree.source.startswith("atspi"):
            return {"showing", "visible"} <= element.states
        return True

    def _node(self, element: Element) -> Node:
        parent = self.nodes.get(element.parent or "")
        clip = self.screen if parent is None else self._clip(parent)
        box = (element.box or Box(0, 0, 0, 0)).intersection(clip)
        area = element.box.area if element.box else 0
        return Node(
            element,
            text.clean(element.name)[: text.NAME_CHARS],
            0 if parent is None else parent.depth + 1,
            box,
            box.area / area if area else 0.0,
            self._surface_of(element, parent),
            self._interactable(element),
        )

    def _clip(self, parent: Node) -> Box:
        """The region a node's children can show in."""
        for node in (parent, *self.ancestors(parent.id)):
            element = node.element
            if element.role in POPPING:
                return self.screen
            if element.role in CLIPPING and element.box is not None and element.box.area:
                return node.box
        return self.screen

    def _interactable(self, element: Element) -> bool:
        """Whether a person could press, choose or type into it now."""
        if element.states & {"disabled", "insensitive"}:
            return False
        if self.tree.source.startswith("atspi") and not element.states & {"sensitive", "enabled"}:
            return False
        pressing = any(action.casefold() in roles.PRESSING for action in element.actions)
        if element.role in roles.WEAK:
            return pressing or bool(element.states & roles.CHOOSING)
        return pressing or _kind_of(element) in {"control", "field"}

    # --- surfaces ------------------------------------------------------------------------------

    def _surface_of(self, element: Element, parent: Node | None) -> str:
        """The surface an element stands on, opened here where the element is one or opens one."""
        kind = _kind_of(element)
        under = "" if parent is None else parent.surface
        if kind in {"window", "popup"} and element.box is not None and self.is_showing(element):
            return self._open(element.id, element.box, self._level(element), under)
        if parent is not None and self._pops_out(element, parent):
            return self._open_popup(parent)
        return under

    def _open(self, key: str, box: Box, level: Level, under: str) -> str:
        above = frozenset({under, *self.surfaces[under].above}) if under in self.surfaces else None
        self.surfaces[key] = Surface(key, box, level, above or frozenset())
        return key

    def _pops_out(self, element: Element, parent: Node) -> bool:
        """Whether a child of a menu or combo box shows beside it rather than inside it."""
        if parent.element.role not in POPPING or element.box is None:
            return False
        holder = parent.element.box
        return holder is not None and element.box.intersection(holder).area < element.box.area / 2

    def _open_popup(self, parent: Node) -> str:
        key = f"{parent.id}#popup"
        if key not in self.surfaces:
            boxes = [
                self._elements[child].box
                for child in self.children.get(parent.id, ())
                if self.is_showing(self._elements[child])
            ]
            shown = [box for box in boxes if box is not None and box.area]
            if not shown:
                return parent.surface
            self._open(key, _around(shown), Level.POPUP, parent.surface)
        return key

    def _seen_over(self) -> frozenset[tuple[str, str]]:
        """What the hit tests tell of the order: who is on top at a pixel that several cover."""
        pairs: set[tuple[str, str]] = set()
        for node in self.nodes.values():
            box = node.element.box
            if not node.element.hit or box is None or node.surface not in self.surfaces:
                continue
            if node.kind in {"window", "popup", "container"}:
                continue  # what was hit may be a pop-up of it
            below = (s.id for s in self.surfaces.values() if s.box.contains(*box.centre))
            pairs.update((node.surface, other) for other in below if other != node.surface)
        return frozenset(pairs)

    def _level(self, element: Element) -> Level:
        """How far in front the source's own words put a window."""
        app = element.app.casefold()
        covers = element.box is not None and element.box.intersection(self.screen).area >= (
            0.95 * self.screen.area
        )
        if element.role == "desktop-frame" or ("desktop" in app and covers):
            return Level.DESKTOP
        if element.role in {"tooltip", "tool-tip", "popup-menu", "notification"}:
            return Level.POPUP
        if element.role == "window" and self._holds_a_menu(element):
            return Level.POPUP
        if "panel" in app and not covers:
            return Level.PANEL
        if "active" in element.states or self._in_page(element):
            return Level.ACTIVE
        return Level.WINDOW

    def _holds_a_menu(self, element: Element) -> bool:
        """A toolkit shows a context menu in a window of its own."""
        below = (self._elements[child].role for child in self.children.get(element.id, ()))
        return any(role in {"menu", "popup-menu", "menuitem", "menu-item"} for role in below)

    def _in_page(self, element: Element) -> bool:
        """A dialog inside a page is drawn over the page and has no window manager."""
        return element.parent is not None and not self.tree.source.startswith("atspi")


def _kind_of(element: Element) -> roles.Kind:
    """What a role amounts to; a file chooser that is pressed is a field, else it is a dialog."""
    if element.role == "file-chooser" and "click" in element.actions:
        return "field"
    return roles.role_of(element.role).kind


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )
