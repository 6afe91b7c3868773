"""One observation made ready to be judged: cleaned names, visible boxes, surfaces and their order.

A *surface* is what the screen stacks: a window, a dialog, a pop-up, the panel, the desktop. The
source seldom says which of two windows is in front, so surfaces have levels (desktop, windows,
the active window, panels, pop-ups), and the order of two of one level is known only where a hit
test told it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from envs.types import Box, Element, Observation, Pixels, Tree
from grounding import overflow, roles, text
from grounding.surfaces import Level, Order, Surface, unproven

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
COMBOS: Final = frozenset(["combobox", "combo-box"])
POPPING: Final = frozenset(["menu", "popup-menu", "menuitem", "menu-item"]) | COMBOS
"""Roles whose children open in a pop-up beside them, so that their box cuts nothing."""

T = TypeVar("T")
STACKED: Final = frozenset({"window", "popup"})
"""Kinds that the screen stacks."""
REMEMBERED: Final = 20_000
"""Nodes of one kind of screen that are kept for those that come again."""
NOWHERE: Final = Box(0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Node:
    """An element with what the scene adds: its clean name, what shows of it, its surface.

    A node that comes again on later screens is the same object, and so is all that
    it stands in: what is worked out of these alone is worked out once.
    """

    element: Element
    id: str
    """The element's."""
    name: str
    depth: int
    box: Box
    """What the screen and the ancestors leave of the element's box; of zero area for nothing."""
    area: int
    """The box's, in pixels."""
    ratio: float
    surface: str
    interactable: bool
    kind: roles.Kind
    """What its role amounts to."""
    shows: bool
    """Whether the source says that it can be seen."""
    above: tuple[Node, ...]
    """The nodes it stands in, nearest first."""

    @property
    def parent(self) -> Node | None:
        """The node it stands in."""
        return self.above[0] if self.above else None

    @cached_property
    def app(self) -> str:
        """The clean name of its program."""
        return text.clean(self.element.app)

    @cached_property
    def window(self) -> str:
        """The title of the window or pop-up around it; else what its program says, or nothing."""
        titles = (a.name for a in self.above if a.kind in {"window", "popup"} and a.name)
        return next(titles, "") or text.clean(self.element.window)


def once(told: Callable[[Node], T]) -> Callable[[Node], T]:
    """What a function says of a node, and of what it stands in, asked for once."""
    name = f"{told.__module__}.{told.__qualname__}"

    @wraps(told)
    def held(node: Node) -> T:
        found: dict[str, T] = node.__dict__
        if name not in found:
            found[name] = told(node)
        return found[name]

    return held


class Known:
    """What was worked out on earlier screens, by the kind of screen that it holds for."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[Box, bool], Memory] = {}

    def of(self, screen: Box, *, atspi: bool) -> Memory:
        """What is known of screens of that size and source; what grew too large is forgotten."""
        memory = self._kinds.get((screen, atspi))
        if memory is None or len(memory.nodes) > REMEMBERED:
            memory = self._kinds[screen, atspi] = Memory()
        return memory


class Memory:
    """What was worked out of elements on earlier screens of one kind, for those that come again.

    The same element under the same parent is the same node. Elements are told apart by being the
    same object, as the reader of recordings gives them: equal rows, one element.
    """

    def __init__(self) -> None:
        self.facts: dict[int, tuple[Element, Facts]] = {}
        self.nodes: dict[tuple[int, int, str], tuple[Element, Node | None, Node]] = {}
        self.plain: dict[tuple[int, int], Node] = {}
        """Those of `nodes` that stand where their parent stands, whatever else the screen shows."""
        self.judged: dict[int, tuple[Node, Any]] = {}
        """By a node what the gates say of it that no screen can change."""
        self.settled: dict[int, tuple[Node, str | None]] = {}
        """By a node what the gates say before they look at pixels and at what lies over it."""


class Facts(NamedTuple):
    """What one element says by itself."""

    name: str
    shows: bool
    interactable: bool
    kind: roles.Kind
    """Its role's, whatever can be done with it."""


class Scene:
    """The nodes of one observation, parents before children, and the surfaces they stand on.

    `known` is shared by screens that are much alike; each is then worked out in less time.
    """

    def __init__(self, observation: Observation, known: Known | None = None) -> None:
        self.observation = observation
        self.pixels: Pixels = observation.screen.pixels
        self.screen = Box(0, 0, observation.screen.width, observation.screen.height)
        self._atspi = observation.tree.source.startswith("atspi")
        self.known = (known or Known()).of(self.screen, atspi=self._atspi)
        self.tree: Tree = observation.tree
        self.children: dict[str, list[str]] = {}
        for element in self.tree.elements:
            if element.parent is not None:
                self.children.setdefault(element.parent, []).append(element.id)
        self._elements = self.tree.by_id()
        self.surfaces: dict[str, Surface] = {}
        self._orders: dict[str, list[Order]] = {}
        self._item_px: dict[str, int] = {}
        """By a pop-up's surface the height of its items."""
        self.nodes: dict[str, Node] = {}
        plain, parents = self.known.plain, self.nodes
        for element in self.tree.elements:
            parent = None if element.parent is None else parents.get(element.parent)
            node = plain.get((id(element), id(parent)))
            self.nodes[element.id] = self._node(element, parent) if node is None else node
        self._cover_ends()
        for surface in unproven(self.surfaces, self.nodes.values()):
            self.surfaces[surface.id] = replace(surface, level=Level.WINDOW)
        self.stacked = [node for node in self.nodes.values() if node.kind in STACKED]
        """The windows, dialogs and pop-ups."""
        self.has_unplaced = any(map(self._is_unplaced, self.stacked))
        """Whether a window shows that may be anywhere."""
        self.over = self._seen_over()
        """Pairs of surfaces of which a hit test found the first in front of the second."""

    def ancestors(self, element_id: str) -> tuple[Node, ...]:
        """The nodes above an element, nearest first."""
        return self.nodes[element_id].above

    def descendants(self, element_id: str) -> Iterator[Node]:
        """The nodes below an element, each once: a tree may lie and hold a circle."""
        pending, met = list(self.children.get(element_id, ())), {element_id}
        while pending:
            child = pending.pop()
            if child not in met and child in self.nodes:
                met.add(child)
                yield self.nodes[child]
                pending.extend(self.children.get(child, ()))

    def is_showing(self, element: Element) -> bool:
        """Whether the source says it can be seen; sources without such states are believed."""
        return self._facts(element).shows

    def at(self, observation: Observation) -> Scene:
        """The same scene seen again: equal tree, equal pixels, another moment."""
        again = copy.copy(self)
        again.observation, again.tree = observation, observation.tree
        return again

    def _facts(self, element: Element) -> Facts:
        held = self.known.facts.get(id(element))
        if held is None:
            facts = Facts(
                text.clean(element.name)[: text.NAME_CHARS],
                _shows(element, self._atspi),
                _interactable(element, self._atspi),
                _kind_of(element),
            )
            held = self.known.facts[id(element)] = (element, facts)
        return held[1]

    def _node(self, element: Element, parent: Node | None) -> Node:
        surface = self._opened_by(element, parent)
        plain = surface is None
        if surface is None:
            surface = "" if parent is None else parent.surface
        key = (id(element), id(parent), surface)
        held = self.known.nodes.get(key)
        if held is None:
            node = self._made(element, parent, surface)
            held = self.known.nodes[key] = (element, parent, node)
        if plain:
            self.known.plain[id(element), id(parent)] = held[2]
        return held[2]

    def _made(self, element: Element, parent: Node | None, surface: str) -> Node:
        clip = self.screen if parent is None else self._clip(parent)
        box = (element.box or NOWHERE).intersection(clip)
        shown, area = box.area, element.box.area if element.box else 0
        facts = self._facts(element)
        kind = _standing(facts.kind, parent)
        if element.role in roles.WEAK and not facts.interactable:
            kind = "text" if facts.name else "container"
        return Node(
            element,
            element.id,
            facts.name,
            0 if parent is None else parent.depth + 1,
            box,
            shown,
            shown / area if area else 0.0,
            surface,
            facts.interactable and kind != "popup",
            kind,
            facts.shows and not _is_folded_away(parent),
            () if parent is None else (parent, *parent.above),
        )

    def _clip(self, parent: Node) -> Box:
        """The region a node's children can show in."""
        for node in (parent, *parent.above):
            element = node.element
            if element.role in POPPING:
                return self.screen
            if element.role in CLIPPING and element.box is not None and element.box.area:
                return node.box
        return self.screen

    def may_lie_under(self, surface: str) -> bool:
        """Whether a window of unknown place may cover a surface: any but panels and pop-ups."""
        own = self.surfaces.get(surface)
        return self.has_unplaced and (own is None or own.level < Level.PANEL)

    # --- surfaces ------------------------------------------------------------------------------

    def _opened_by(self, element: Element, parent: Node | None) -> str | None:
        """The surface that an element is or opens, opened here; None for one on its parent's."""
        facts = self._facts(element)
        under = "" if parent is None else parent.surface
        if _standing(facts.kind, parent) in STACKED and element.box is not None and facts.shows:
            return self._open(element.id, element.box, self._level(element), under)
        if parent is not None and self._pops_out(element, parent):
            return self._open_popup(parent)
        return None

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
            self._item_px[key] = max(box.height for box in shown)
        return key

    def _cover_ends(self) -> None:
        """Lay a surface over what a desktop's menu that is longer than the screen does not show."""
        panels = [one.box for one in self.surfaces.values() if one.level is Level.PANEL]
        for key, item_px in self._item_px.items() if self._atspi else ():
            ends = overflow.ends(self.surfaces[key].box, item_px, self.screen, panels)
            for number, box in enumerate(ends):
                self._open(f"{key}#{number}", box, Level.POPUP, key)

    def _is_unplaced(self, node: Node) -> bool:
        """Whether a node is a window that shows and is told to be nowhere."""
        return node.element.box is None and self._atspi and self.is_showing(node.element)

    def _seen_over(self) -> frozenset[tuple[str, str]]:
        """What the hit tests tell of the order: who is on top at a pixel that several cover."""
        hit = [
            node
            for node in self.nodes.values()
            if node.element.hit
            and node.element.box is not None
            and node.surface in self.surfaces
            and node.kind not in {"window", "popup", "container"}  # it may be a pop-up of it
        ]
        if len(self.surfaces) < 2 or not hit:
            return frozenset()
        centres = np.array([node.element.box.centre for node in hit if node.element.box])
        boxes = np.array([surface.box.as_list() for surface in self.surfaces.values()])
        after, before = centres[:, None] >= boxes[:, :2], centres[:, None] < boxes[:, 2:]
        which, below = np.nonzero((after & before).all(axis=2))
        names = list(self.surfaces)
        pairs = {
            (hit[i].surface, names[j]) for i, j in zip(which.tolist(), below.tolist(), strict=True)
        }
        return frozenset(pair for pair in pairs if pair[0] != pair[1])

    def orders(self, surface: str) -> list[Order]:
        """How what stands on a surface lies to each of all surfaces."""
        if surface not in self._orders:
            own = self.surfaces.get(surface)
            self._orders[surface] = [
                Order.FRONT if other is own else self._order(own, other)
                for other in self.surfaces.values()
            ]
        return self._orders[surface]

    def _order(self, own: Surface | None, other: Surface) -> Order:
        if own is None:
            return Order.BEHIND if other.level >= Level.ACTIVE else Order.UNKNOWN
        if other.id in own.above:
            return Order.FRONT
        if own.id in other.above:
            return Order.BEHIND
        in_front, behind = (own.id, other.id) in self.over, (other.id, own.id) in self.over
        if own.level != other.level and not (own.level > other.level and self._is_of(other, own)):
            return Order.BEHIND if other.level > own.level else Order.FRONT
        if in_front == behind:
            return Order.UNKNOWN
        return Order.FRONT if in_front else Order.BEHIND

    def _is_of(self, dialog: Surface, window: Surface) -> bool:
        """Whether one is a dialog of the other's program, which it may stay over while not active."""
        one, other = self.nodes.get(dialog.id), self.nodes.get(window.id)
        if one is None or other is None or one.app != other.app:
            return False
        return window.level is Level.ACTIVE and (one.kind, other.kind) == ("popup", "window")

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
        return element.parent is not None and not self._atspi


def _is_folded_away(parent: Node | None) -> bool:
    """Whether it stands in the list of a combo box that is not unfolded, or does not say where.

    Qt says that the items of a folded one show, in a list that has no place.
    """
    holder = None if parent is None else parent.parent
    if parent is None or holder is None or holder.element.role not in COMBOS:
        return False
    if "expandable" in holder.element.states:
        return "expanded" not in holder.element.states
    return parent.element.box is None


def _shows(element: Element, atspi: bool) -> bool:
    """Whether its states say that it can be seen; a source without such states is believed."""
    if element.states & {"hidden", "invisible", "offscreen"}:
        return False
    return not atspi or {"showing", "visible"} <= element.states


def _interactable(element: Element, atspi: bool) -> bool:
    """Whether a person could press, choose or type into it now."""
    if element.states & {"disabled", "insensitive"}:
        return False
    if atspi and not element.states & {"sensitive", "enabled"}:
        return False
    pressing = any(action.casefold() in roles.PRESSING for action in element.actions)
    if element.role in roles.WEAK:
        return pressing or bool(element.states & roles.CHOOSING)
    return pressing or _kind_of(element) in {"control", "field"}


def _kind_of(element: Element) -> roles.Kind:
    """What a role amounts to; a file chooser that is pressed is a field, else it is a dialog."""
    if element.role == "file-chooser" and "click" in element.actions:
        return "field"
    return roles.role_of(element.role).kind


def _standing(kind: roles.Kind, parent: Node | None) -> roles.Kind:
    """What stands alone on the screen is a dialog, whatever its role: a chooser of colours or fonts."""
    alone = parent is not None and parent.element.role == "application" and kind != "window"
    return "popup" if alone else kind


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )
