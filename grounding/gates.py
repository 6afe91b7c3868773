"""The gates an element passes to be kept: each a small function that names why it fails.

A gate returns None to let a node through, else the reason it is dropped; reasons are counted per
screen and over all. Where the source cannot say, the answer is a drop with a reason of its own,
never a guess. Precision is measured elsewhere, by another way than these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from envs.types import Box, Pixels
from grounding import roles
from grounding.scene import Node, Scene

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

PROBES: Final = np.arange(8)
"""Rows and columns of a region that are looked at first."""
THEMED: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
"""An icon theme's file name, which toolkits give a picture that nobody named."""

HIDDEN: Final = (None, "occlusion_unknown", "occluded")
"""By the order of a node's surface and the worst of those that cover it the reason to drop it."""

Gate = Callable[[Node, Scene], str | None]


def fresh(node: Node, scene: Scene) -> str | None:
    """The program answered in time; a stale element is what it was, not what it is."""
    del scene
    return "stale" if node.element.stale else None


def visible(node: Node, scene: Scene) -> str | None:
    """The source says that it and all it stands in are shown."""
    del scene
    return None if node.shows else "not_showing"


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
    if _is_place(node) and not node.interactable:
        return "container"
    return "container" if _may_hold(node) and _holds_controls(node, scene) else None


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
    return _occluded([node], scene)[0]


def has_pixels(node: Node, scene: Scene) -> str | None:
    """Its region is not one flat colour."""
    box = node.box
    region = scene.pixels[box.top : box.bottom, box.left : box.right]
    if not region.size:
        return "blank"
    middle = len(region) // 2
    return None if _differs(region[middle : middle + 1]) or _differs(region) else "blank"


def _is_place(node: Node) -> bool:
    """Whether it is there to hold others."""
    return node.kind in {"container", "window", "popup"}


def _may_hold(node: Node) -> bool:
    """Whether what it holds says if it is a thing or a place."""
    return _is_place(node) or node.element.role in {"menu", "list"}


def _differs(region: Pixels) -> bool:
    """Whether any channel of a region holds levels that a person tells apart."""
    rows = region.reshape(len(region), -1)  # whole rows are compared at once, channel under channel
    most, least = rows.max(axis=0).reshape(-1, 3), rows.min(axis=0).reshape(-1, 3)
    return bool((most.max(axis=0) - least.min(axis=0) > FLAT_LEVELS).any())


def _holds_controls(node: Node, scene: Scene) -> bool:
    """Whether something that can be pressed shows inside a node."""
    return any(
        below.interactable and below.shows and _touch(node.box, below.box)
        for below in scene.descendants(node.id)
    )


def _touch(box: Box, other: Box) -> bool:
    return box.intersection(other).area > 0


def _occluded(nodes: Sequence[Node], scene: Scene) -> list[str | None]:
    """What the order of the surfaces says of each node; all are asked at once."""
    standing = list({node.surface: None for node in nodes})
    row = {surface: place for place, surface in enumerate(standing)}
    rows = [row[node.surface] for node in nodes]
    orders = np.array([scene.orders(surface) for surface in standing], np.int8)
    worst: npt.NDArray[np.int8] = np.zeros(len(nodes), np.int8)
    if orders.size:
        covered = _covered([n.box for n in nodes], [s.box for s in scene.surfaces.values()])
        worst = (covered * orders[rows]).max(axis=1)
    if scene.has_unplaced:
        unsure = np.array([scene.may_lie_under(surface) for surface in standing], np.int8)
        worst = np.maximum(worst, unsure[rows])
    return [HIDDEN[order] for order in worst.tolist()]


def _covered(boxes: Sequence[Box], over: Sequence[Box]) -> npt.NDArray[np.bool_]:
    """Of each box (first) and each that may lie over it (second) whether that hides a part of it."""
    one, other = _edges(boxes)[:, None], _edges(over)[None]
    shared = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    areas = (one[..., 2:] - one[..., :2]).prod(axis=2)
    return np.clip(shared, 0, None).prod(axis=2) > COVERED_SHARE * areas  # type: ignore[no-any-return]


def _edges(boxes: Sequence[Box]) -> npt.NDArray[np.int64]:
    """Left, top, right and bottom, a row each box."""
    return np.array([(b.left, b.top, b.right, b.bottom) for b in boxes], np.int64).reshape(-1, 4)


ALONE: Final[tuple[Gate, ...]] = (fresh, visible, placed, on_screen, sane_size)
"""Gates whose word depends on the element and on what it stands in alone."""
GATES: Final[tuple[Gate, ...]] = (
    *ALONE,
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


def reasons(scene: Scene) -> Iterator[tuple[Node, str | None]]:
    """Each node with the first gate's reason to drop it, None where it passes them all."""
    nodes = list(scene.nodes.values())
    settled = scene.known.settled
    found = [
        held[1] if (held := settled.get(id(node))) else _before_others(node, scene)
        for node in nodes
    ]
    for gate in (_occluded, _blank):
        left = [place for place, reason in enumerate(found) if reason is None]
        for place, reason in zip(left, gate([nodes[p] for p in left], scene), strict=True):
            found[place] = reason
    return zip(nodes, found, strict=True)


def _before_others(node: Node, scene: Scene) -> str | None:
    """What the gates before the last two say of a node, and the source's own hit test."""
    held = scene.known.judged.get(id(node))
    if held is None:
        held = scene.known.judged[id(node)] = (node, _alone(node, scene))
    before, listing, after = held[1]
    if before is None and listing:
        return "container" if _holds_controls(node, scene) else after
    scene.known.settled[id(node)] = (node, before or after)
    return before or after


def _blank(nodes: Sequence[Node], scene: Scene) -> list[str | None]:
    """Whether each node's region is flat; most are settled by a few pixels of each."""
    varied = zip(nodes, _vary(nodes, scene), strict=True)
    return [None if varies else has_pixels(node, scene) for node, varies in varied]


def _vary(nodes: Sequence[Node], scene: Scene) -> list[bool]:
    """Of each node whether a few pixels of its region already differ; the others may be flat."""
    if not nodes:
        return []
    left, top, right, bottom = _edges([n.box for n in nodes]).T[:, :, None]
    columns = left + (right - 1 - left) * PROBES // PROBES[-1]
    rows = top + (bottom - 1 - top) * PROBES // PROBES[-1]
    flat = scene.pixels.reshape(-1, 3)
    places = rows[:, :, None] * scene.screen.width + columns[:, None, :]
    few = np.take(flat, places.reshape(-1), axis=0).T.reshape(3, len(nodes), -1)
    spread = few.max(axis=2) - few.min(axis=2)
    return (spread > FLAT_LEVELS).any(axis=0).tolist()  # type: ignore[no-any-return]


def _alone(node: Node, scene: Scene) -> tuple[str | None, bool, str | None]:
    """What no other element and no pixel can change.

    The reason before the question what it holds, whether that is a question, the reason after it.
    """
    before = next((failed for gate in ALONE if (failed := gate(node, scene))), None)
    if before is None and _is_place(node) and not node.interactable:
        before = "container"
    after = meaningful(node, scene) or ("occluded" if node.element.hit is False else None)
    return before, _may_hold(node), after
