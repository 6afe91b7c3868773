"""A scene as an explorer sees it: what can be pressed, typed into, scrolled; what is in front."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from collector.explore import deny
from envs.types import Box, Observation
from grounding import gates
from grounding.scene import Node, Scene
from grounding.surfaces import Level, Surface

SHELLS: Final = ("panel", "desktop", "xfwm", "wrapper", "notify", "session", "settings-daemon")
"""Words in the names of programs that are the desktop itself, and count as no program."""
VISIBLE: Final = (
    gates.fresh,
    gates.visible,
    gates.placed,
    gates.on_screen,
    gates.sane_size,
    gates.not_occluded,
)
SCROLLABLE_ROLES: Final = frozenset(
    {"scroll-pane", "viewport", "list", "listbox", "tree", "treegrid", "table", "grid", "terminal"}
    | {"document", "icon-view", "layered-pane", "document-text", "document-spreadsheet", "canvas"}
)
SCROLLABLE_PX: Final = 120
ITEMS: Final = frozenset(
    {"listitem", "treeitem", "option", "gridcell", "cell", "icon", "row", "desktop-icon"}
)
MODAL: Final = frozenset({"dialog", "alertdialog", "file-chooser", "alert"})
LEAVING: Final = (
    "cancel",
    "close",
    "no",
    "ok",
    "done",
    "back",
    "取消",
    "关闭",
    "否",
    "确定",
    "完成",
)
"""What a button is called that ends a dialog, the gentlest first."""


@dataclass(slots=True)
class View:
    """What of one observation an explorer may use; nodes in the tree's order."""

    scene: Scene
    isolated: bool
    nodes: list[Node] = field(default_factory=list)
    """Visible nodes that may be pressed: nothing over them, nothing forbids them."""
    scrollable: list[Node] = field(default_factory=list)
    focused: Node | None = None
    front: Surface | None = None
    """The pop-up, dialog or window that takes the input."""
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    """Options of closed list boxes that were met before, by the list box's id."""

    @classmethod
    def of(cls, observation: Observation, *, isolated: bool) -> View:
        """Look at an observation."""
        view = cls(Scene(observation), isolated)
        view.front = _front(view.scene)
        for node in view.scene.nodes.values():
            if not _is_visible(node, view.scene):
                continue
            if "focused" in node.element.states and node.kind in {"control", "field", "image"}:
                view.focused = node
            if _scrolls(node, view.scene.tree.source):
                view.scrollable.append(node)
            if _is_target(node) and not view.forbids(node):
                view.nodes.append(node)
        return view

    def forbids(self, node: Node) -> str:
        """The word that forbids pressing the node; empty where none does."""
        names = deny.names_of(node.element, self.scene)
        return deny.forbids(names, isolated=self.isolated)

    def on(self, surface: Surface) -> list[Node]:
        """The nodes that stand on that surface or on what it opened."""
        return [n for n in self.nodes if self.stands_on(n, surface)]

    def stands_on(self, node: Node, surface: Surface) -> bool:
        """Whether a node is part of that surface or of one opened from it."""
        own = self.scene.surfaces.get(node.surface)
        return own is not None and (own.id == surface.id or surface.id in own.above)

    def is_page(self) -> bool:
        """Whether it is a page of a browser rather than a desktop."""
        return self.scene.tree.source == "dom"

    def is_popup(self) -> bool:
        """Whether a menu or list that closes by itself is in front."""
        return self.front is not None and self.front.level == Level.POPUP

    def is_modal(self) -> bool:
        """Whether a dialog is in front of another window of its own program."""
        node = self.front_node()
        if node is None or node.element.role not in MODAL:
            return False
        if "modal" in node.element.states or node.element.parent in self.scene.surfaces:
            return True
        return any(
            other.element.app == node.element.app and other.id != node.id
            for other in self.windows()
        )

    def front_node(self) -> Node | None:
        """The element that the front surface is."""
        if self.front is None:
            return None
        return self.scene.nodes.get(self.front.id.removesuffix("#popup"))

    def windows(self) -> Iterator[Node]:
        """The windows of programs that show, the desktop's own left out."""
        for key, surface in self.scene.surfaces.items():
            node = self.scene.nodes.get(key)
            if node is None or is_shell(node.element.app):
                continue
            if surface.level in {Level.WINDOW, Level.ACTIVE}:
                yield node

    def app(self) -> str:
        """The program in front; empty where it is the desktop."""
        node = self.front_node()
        return "" if node is None or is_shell(node.element.app) else node.element.app

    def bare_point(self, window: Node) -> tuple[int, int] | None:
        """A pixel where that window shows and can be pressed to bring it forward."""
        covers = [
            s.box
            for s in self.scene.surfaces.values()
            if s.id != window.id and s.level != Level.DESKTOP
        ]
        box = window.box
        for y in (box.top + 3, box.bottom - 4):
            for x in range(box.left + 12, box.right - 12, 24):
                if not any(cover.contains(x, y) for cover in covers):
                    return x, y
        return None


def is_shell(app: str) -> bool:
    """Whether a program is part of the desktop rather than one that people work in."""
    return not app or any(word in app.casefold() for word in SHELLS)


def _front(scene: Scene) -> Surface | None:
    """The surface that is on top: the last pop-up that holds something, else the active window."""
    popups = [s for s in scene.surfaces.values() if s.level == Level.POPUP and _holds(scene, s)]
    if popups:
        return popups[-1]
    active = [
        s
        for s in scene.surfaces.values()
        if s.level == Level.ACTIVE and s.box.intersection(scene.screen).area
    ]
    if active:
        return active[-1]
    page = scene.tree.elements[0] if scene.tree.elements else None
    return scene.surfaces.get(page.id) if page else None


def _holds(scene: Scene, surface: Surface) -> bool:
    return any(
        n.surface == surface.id and n.interactable and n.box.area for n in scene.nodes.values()
    )


def _is_visible(node: Node, scene: Scene) -> bool:
    return all(gate(node, scene) is None for gate in VISIBLE)


def _is_target(node: Node) -> bool:
    """Whether a person would press it: a control, a field, or a picture, and not greyed out."""
    if node.element.states.isdisjoint({"enabled", "sensitive"}):
        return False
    if node.kind in {"control", "field"}:
        return node.interactable
    return node.kind == "image" and (node.interactable or node.element.role in ITEMS | {"canvas"})


def _scrolls(node: Node, source: str) -> bool:
    """Whether the wheel would move what it holds; a page says so itself."""
    box: Box = node.box
    if min(box.width, box.height) < SCROLLABLE_PX:
        return False
    role, states = node.element.role, node.element.states
    if source == "dom":
        return "scrollable" in states
    multiline = role == "textbox" and "multi-line" in states
    return role in SCROLLABLE_ROLES or "scrollable" in states or multiline
