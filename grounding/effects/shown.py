"""What of a scene can be seen and named, gathered once: windows, menu entries, texts, fields.

Two of these, from before and after a step, are all that its effect is told from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from envs.recording.difference import is_clock
from envs.recording.redact import is_protected
from grounding.scene import Node, Scene, once
from grounding.surfaces import Level

ITEMS: Final = frozenset(
    ["menuitem", "menu-item", "menuitemcheckbox", "check-menu-item", "menuitemradio",
     "radio-menu-item", "option"]
)  # fmt: skip
BARS: Final = frozenset({"menubar", "menu-bar"})


@dataclass(frozen=True, slots=True)
class Top:
    """A named window or dialog that shows."""

    id: str
    kind: str
    """`dialog` or `window`."""
    name: str
    app: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is recognised by."""
        return self.kind, self.name, self.app


class Shown:
    """A scene as effects look at it; each part is gathered when it is first asked for."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every node that shows, by id."""
        return {key: n for key, n in self.scene.nodes.items() if n.shows and n.area}

    def unlike(self, other: Shown) -> list[Node]:
        """What shows here and not, as the same object, there: all that a comparison has to look at."""
        return [node for key, node in self.nodes.items() if other.nodes.get(key) is not node]

    @cached_property
    def tops(self) -> list[Top]:
        """The named windows and dialogs, tooltips and menus apart."""
        return [
            Top(node.id, _kind(node), node.name, node.element.app)
            for node in self.nodes.values()
            if node.kind in {"window", "popup"} and node.name and _is_top(node.element.role)
        ]

    @cached_property
    def front(self) -> str:
        """The program whose window is active, empty where none is."""
        surfaces = self.scene.surfaces.items()
        active = [self.scene.nodes[key] for key, one in surfaces
                  if one.level is Level.ACTIVE and key in self.scene.nodes]  # fmt: skip
        return active[-1].element.app if active else ""

    @cached_property
    def items(self) -> list[tuple[str, str]]:
        """The entries of menus that are open: program and name."""
        return [
            (node.element.app, node.name)
            for node in self.nodes.values()
            if node.element.role in ITEMS and node.name
        ]

    @cached_property
    def tips(self) -> list[str]:
        """What tooltips say."""
        return [
            node.name or _below(self.scene, node)
            for node in self.nodes.values()
            if node.element.role in {"tooltip", "tool-tip"}
        ]

    @cached_property
    def said(self) -> Counter[tuple[str, str]]:
        """Role and name of everything that bears a name, clocks apart."""
        return said(self.nodes.values())

    @cached_property
    def page(self) -> str:
        """The title of the page, empty on a desktop."""
        if not self.scene.tree.source.startswith("dom"):
            return ""
        return next((n.name for n in self.nodes.values() if n.element.role == "document"), "")

    @cached_property
    def focus(self) -> Node | None:
        """The innermost thing that has the focus."""
        having = [n for n in self.nodes.values() if "focused" in n.element.states]
        return max(having, key=lambda n: n.depth, default=None)

    @cached_property
    def fields(self) -> dict[str, Node]:
        """The fields whose text may be told, by id."""
        return {
            key: node
            for key, node in self.nodes.items()
            if node.kind == "field" and not is_protected(node.element)
        }


def said(nodes: Iterable[Node]) -> Counter[tuple[str, str]]:
    """Role and name of those that bear a name, clocks apart."""
    return Counter(filter(None, map(_said, nodes)))


@once
def _said(node: Node) -> tuple[str, str] | None:
    if not node.name or node.kind in {"container", "window"} or is_clock(node.element):
        return None
    return node.element.role, node.name


def _is_top(role: str) -> bool:
    return role != "desktop-frame" and "tip" not in role and "menu" not in role


def _kind(node: Node) -> str:
    role = node.element.role
    return "dialog" if "dialog" in role or "chooser" in role else "window"


def _below(scene: Scene, node: Node) -> str:
    """The first name inside a node."""
    return next((below.name for below in scene.descendants(node.id) if below.name), "")
