"""The gates an element passes to be kept: each a small function that names why it fails.

A gate returns None to let a node through, else the reason it is dropped; reasons are counted per
screen and over all. Where the source cannot say, the answer is a drop with a reason of its own,
never a guess. Precision is measured elsewhere, by another way than these.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from envs.types import Box
from grounding import roles
from grounding.scene import Level, Node, Scene, Surface

SMALLEST_PX: Final = 4
"""An element thinner than this is a line or a leftover."""
LARGEST_SHARE: Final = 0.9
"""An element that covers more of the screen than this is the screen."""
VISIBLE_SHARE: Final = 0.5
"""At least so much of an element must show."""
LEGIBLE_PX: Final = 10
"""What is left of an element that its source cut, without saying how much, must be this thick."""
COVERED_SHARE: Final = 0.05
"""So much of an element under another surface counts as being behind it."""
FLAT_LEVELS: Final = 2
"""A region whose colours differ by no more than this in any channel holds nothing."""

THEMED: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
"""An icon theme's file name, which toolkits give a picture that nobody named."""

Gate = Callable[[Node, Scene], str | None]


def fresh(node: Node, scene: Scene) -> str | None:
    """The program answered in time; a stale element is what it was, not what it is."""
    del scene
    return "stale" if node.element.stale else None


def visible(node: Node, scene: Scene) -> str | None:
    """The source says that it and all it stands in are shown."""
    return None if scene.is_showing(node.element) else "not_showing"


def placed(node: Node, scene: Scene) -> str | None:
    """It has a box with an inside."""
    del scene
    box = node.element.box
    return "no_box" if box is None or not box.area else None


def on_screen(node: Node, scene: Scene) -> str | None:
    """Enough of it lies on the screen and inside what clips it."""
    del scene
    if not node.box.area:
        return "off_screen"
    cut_by_source = "clipped" in node.element.states
    sliver = cut_by_source and min(node.box.width, node.box.height) < LEGIBLE_PX
    return "clipped" if sliver or node.ratio < VISIBLE_SHARE else None


def sane_size(node: Node, scene: Scene) -> str | None:
    """Neither a line nor the whole screen."""
    if min(node.box.width, node.box.height) < SMALLEST_PX:
        return "too_small"
    return "too_large" if node.box.area > LARGEST_SHARE * scene.screen.area else None


def not_container(node: Node, scene: Scene) -> str | None:
    """It is a thing, not a place for things; a place that can itself be pressed is a thing.

    A place around something that can be pressed (a label around its check box) is only its reach.
    """
    if node.kind in {"container", "window", "popup"}:
        return "container" if not node.interactable or _holds_controls(node, scene) else None
    listing = node.element.role in {"menu", "list"}
    return "container" if listing and _holds_controls(node, scene) else None


def meaningful(node: Node, scene: Scene) -> str | None:
    """Text, cells and items say something, pictures that cannot be pressed and grips are at least named."""
    del scene
    if node.kind == "text" and not any(character.isalnum() for character in node.name):
        return "no_text"
    if not node.name and node.element.role in roles.WEAK:
        return "no_text"
    if node.kind == "image" and not node.interactable and THEMED.fullmatch(node.name):
        return "unnamed_picture"
    if node.name or (node.kind in {"control", "field"} and node.element.role not in roles.GRABBING):
        return None
    if node.element.role in roles.GRABBING:
        return "unnamed_grip"
    return None if node.interactable else "unnamed_picture"


def not_occluded(node: Node, scene: Scene) -> str | None:
    """Nothing lies over it: the source's hit test, and the order of the surfaces.

    A hit test speaks for the centre only, and on a desktop for the program's own windows only, so
    a part under another surface still counts.
    """
    if node.element.hit is False:
        return "occluded"
    own = scene.surfaces.get(node.surface)
    unknown = False
    for other in scene.surfaces.values():
        if other.id == node.surface or not _covers(other.box, node.box):
            continue
        order = _order(own, other, scene)
        if order == "behind":
            return "occluded"
        unknown = unknown or order == "unknown"
    return "occlusion_unknown" if unknown else None


def has_pixels(node: Node, scene: Scene) -> str | None:
    """Its region is not one flat colour."""
    box = node.box
    region = scene.pixels[box.top : box.bottom, box.left : box.right].reshape(-1, 3)
    if not region.size:
        return "blank"
    spread = region.max(axis=0).astype(int) - region.min(axis=0)
    return "blank" if int(spread.max()) <= FLAT_LEVELS else None


def _holds_controls(node: Node, scene: Scene) -> bool:
    """Whether something that can be pressed shows inside a node."""
    return any(
        below.interactable and scene.is_showing(below.element) and _touch(node.box, below.box)
        for below in scene.descendants(node.id)
    )


def _touch(box: Box, other: Box) -> bool:
    return box.intersection(other).area > 0


def _covers(over: Box, box: Box) -> bool:
    return over.intersection(box).area > COVERED_SHARE * box.area


def _order(own: Surface | None, other: Surface, scene: Scene) -> str:
    """Whether a node of `own` is `behind` or in `front` of `other`, or `unknown`."""
    if own is None:
        return "behind" if other.level >= Level.ACTIVE else "unknown"
    if other.id in own.above:
        return "front"
    if own.id in other.above:
        return "behind"
    if own.level != other.level:
        return "behind" if other.level > own.level else "front"
    in_front, behind = (own.id, other.id) in scene.over, (other.id, own.id) in scene.over
    if in_front == behind:
        return "unknown"
    return "front" if in_front else "behind"


GATES: Final[tuple[Gate, ...]] = (
    fresh,
    visible,
    placed,
    on_screen,
    sane_size,
    not_container,
    meaningful,
    not_occluded,
    has_pixels,
)
"""In the order they are asked; the first that fails names the reason."""
REASONS: Final = [
    "stale",
    "not_showing",
    "no_box",
    "off_screen",
    "clipped",
    "too_small",
    "too_large",
    "container",
    "unnamed_grip",
    "no_text",
    "unnamed_picture",
    "occluded",
    "occlusion_unknown",
    "blank",
    "duplicate",
]
"""Every reason an element is dropped for; `duplicate` is found among those that passed."""


def reason(node: Node, scene: Scene) -> str | None:
    """The first gate's reason to drop the node, None where it passes them all."""
    for gate in GATES:
        failed = gate(node, scene)
        if failed:
            return failed
    return None
