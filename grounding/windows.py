"""The windows and dialogs of a screen as a record lists them, and which of them is in front."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from grounding import text
from grounding.scene import Node, Scene
from grounding.surfaces import Level

TITLED: Final = frozenset({"window", "popup"})


@dataclass(frozen=True, slots=True)
class Window:
    """A window, a dialog or the page, by the id of its node."""

    id: str
    title: str
    role: str
    app: str
    bbox_px: list[int]
    front: bool

    def as_record(self) -> dict[str, Any]:
        """As it stands in a grounding record."""
        return {
            "title": self.title,
            "role": self.role,
            "app": self.app,
            "bbox_px": self.bbox_px,
            "front": self.front,
        }


def windows(scene: Scene) -> list[Window]:
    """Those that show and have a title, in the order of the tree; at most one is in front."""
    shown = [n for n in _may_be_listed(scene) if _is_listed(n, scene)]
    front = max(
        (n for n in shown if _level(n, scene) == Level.ACTIVE),
        key=lambda n: (n.kind == "popup", n.depth),
        default=None,
    )
    return [
        Window(
            node.id,
            node.name,
            node.element.role,
            text.clean(node.element.app),
            node.box.as_list(),
            node is front,
        )
        for node in shown
    ]


def window_of(node: Node, among: dict[str, int]) -> int | None:
    """The place in the list of the nearest window around a node; None where none is listed."""
    for above in (node, *node.above):
        if above.id in among:
            return among[above.id]
    return None


def _may_be_listed(scene: Scene) -> Iterable[Node]:
    return scene.nodes.values() if scene.tree.source.startswith("dom") else scene.stacked


def _is_listed(node: Node, scene: Scene) -> bool:
    if not node.name or not node.area or not node.shows:
        return False
    role = node.element.role
    if scene.tree.source.startswith("dom") and role == "document":
        return node.depth == 0
    plain = role != "desktop-frame" and "tip" not in role and "menu" not in role
    return node.kind in TITLED and plain and role != "notification"


def _level(node: Node, scene: Scene) -> Level:
    """How far in front its surface is known to be; a page has none, and is what the screen is."""
    surface = scene.surfaces.get(node.id)
    if surface is None:
        return Level.ACTIVE if node.element.role == "document" else Level.DESKTOP
    return surface.level
