"""What the screen stacks, how far in front each is known to be, and which claim to be so without proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from envs.types import Box
    from grounding.scene import Node

PRESSED: Final = frozenset({"checked", "pressed"})


class Level(IntEnum):
    """How far in front a surface is known to be."""

    DESKTOP = 0
    WINDOW = 1
    ACTIVE = 2
    PANEL = 3
    POPUP = 4


class Order(IntEnum):
    """Where what stands on one surface lies as seen from another."""

    FRONT = 0
    UNKNOWN = 1
    BEHIND = 2


@dataclass(frozen=True, slots=True)
class Surface:
    """Something the screen stacks, with the surfaces it was opened from."""

    id: str
    box: Box
    level: Level
    above: frozenset[str] = frozenset()


def unproven(surfaces: Mapping[str, Surface], nodes: Iterable[Node]) -> Iterator[Surface]:
    """Active windows that hold an open menu and are not their program's turn by the panel's buttons.

    A window that opens meanwhile lies over them and is not activated, for the menu holds the
    keyboard. Where no panel stands, what the source says is all there is.
    """
    holding = _holding(surfaces)
    panels = {one.id for one in surfaces.values() if one.level is Level.PANEL}
    if not holding or not panels:
        return
    known = list(nodes)
    pressed = {node.name for node in known if node.surface in panels and _is_pressed(node)}
    turn = {node.app for node in known if node.kind == "window" and node.name in pressed}
    for node in known:
        if node.id in holding and node.app not in turn:
            yield surfaces[node.id]


def _holding(surfaces: Mapping[str, Surface]) -> set[str]:
    """The active ones that a pop-up was opened from."""
    below = {
        one for popup in surfaces.values() if popup.level is Level.POPUP for one in popup.above
    }
    return {one for one in below if one in surfaces and surfaces[one].level is Level.ACTIVE}


def _is_pressed(node: Node) -> bool:
    return node.element.role == "toggle-button" and bool(node.element.states & PRESSED)
