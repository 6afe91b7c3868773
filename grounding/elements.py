"""The elements of one screen that are kept, and why each other one was not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

from grounding import gates, overlaps, roles
from grounding.scene import Node, Scene, once

DataType = Literal["text", "icon", "widget"]
SAME_BOX: Final = 0.9
"""Boxes that overlap this much are one place."""
ICON_PX: Final = 72
"""An unlabelled picture or button up to this size is an icon."""
BUTTON_PX: Final = 56
"""A square button up to this size shows a picture, unless its name is a letter or two."""
LINE_PX: Final = 18
NUMBER: Final = re.compile(r"\d")
"""What is called by a number, such as a day of a month, shows it rather than a picture."""
UNWRITTEN: Final = frozenset(["aria-label", "alt", "title", "tooltip", "description"])
"""Sources of names that a page or program keeps for those who do not see."""
WRITTEN: Final = frozenset(["text", "content"])
"""Sources of names that are the text on the screen."""
UNSEEN: Final = frozenset(
    ["stale", "not_showing", "no_box", "off_screen", "too_small", "occluded", "blank"]
)
"""Reasons that leave nothing to be seen, so that nothing can be mistaken for it."""
WIDGETS: Final = frozenset(
    [
        "checkbox",
        "check-box",
        "radio",
        "radio-button",
        "slider",
        "scrollbar",
        "scroll-bar",
        "switch",
        "progressbar",
        "progress-bar",
        "meter",
        "level-bar",
        "spinbutton",
        "spin-button",
        "combobox",
        "file-chooser",
        "combo-box",
        "color-chooser",
        "colorwell",
        "calendar",
        "splitter",
        "canvas",
        "chart",
        "video",
    ]
)


@dataclass(slots=True)
class Harvest:
    """What one screen yields: nodes kept, nodes that can be seen besides these, and the drops by reason.

    `twins` maps a duplicate to the kept node that stands for it.
    """

    kept: list[Node] = field(default_factory=list)
    seen: list[Node] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)


def harvest(scene: Scene) -> Harvest:
    """Put every node of a scene through the gates, then leave out those that say the same twice."""
    found = Harvest()
    passed: list[Node] = []
    for node, failed in gates.reasons(scene):
        if failed is None:
            passed.append(node)
            continue
        found.reasons[node.id] = failed
        if failed not in UNSEEN and node.area and (node.name or failed != "container"):
            found.seen.append(node)
    found.twins = _twins(passed)
    found.reasons.update(dict.fromkeys(found.twins, "duplicate"))
    passed = [node for node in passed if node.id not in found.twins]
    entangled = overlaps.entangled(passed)
    found.seen.extend(node for node in passed if node.id in entangled)
    found.reasons.update(dict.fromkeys(entangled, "occlusion_unknown"))
    found.dropped = Counter(found.reasons.values())
    found.kept = [node for node in passed if node.id not in entangled]
    return found


def _twins(passed: list[Node]) -> dict[str, str]:
    """Each node that repeats another one, with the node that stays for it."""
    by_id = {node.id: node for node in passed}
    twins: dict[str, str] = {}
    for node in passed:
        for other in node.above:
            if other.id in by_id and other.id not in twins and _repeats(other, node):
                gone, stays = sorted((other, node), key=_worth)
                twins[gone.id] = stays.id
                if gone is node:
                    break
    twins.update(_copies([node for node in passed if node.id not in twins]))
    return {gone: _final(twins, stays) for gone, stays in twins.items()}


def _repeats(above: Node, below: Node) -> bool:
    """Whether a node and one inside it are one thing to a person."""
    same_name = above.name == below.name
    if above.box.iou(below.box) >= SAME_BOX:
        return same_name or not above.name or not below.name
    if below.kind == "text" and above.kind == "image" and above.name:
        return True
    if not same_name or not above.name:
        return False
    only_text = above.kind == "text" and not above.interactable
    return only_text or (above.interactable and not below.interactable)


def _worth(node: Node) -> tuple[bool, bool, bool, int]:
    """Which of two twins stays: what can be pressed, a named picture, a name, then the deeper."""
    named = bool(node.name)
    return node.interactable, node.kind == "image" and named, named, node.depth


def _copies(nodes: list[Node]) -> dict[str, str]:
    """Unrelated nodes of one role, name and box; the first stays."""
    first: dict[tuple[object, ...], str] = {}
    copies: dict[str, str] = {}
    for node in nodes:
        key = (node.element.role, node.name, node.box)
        if key in first:
            copies[node.id] = first[key]
        else:
            first[key] = node.id
    return copies


def _final(twins: dict[str, str], name: str) -> str:
    while name in twins:
        name = twins[name]
    return name


@once
def data_type(node: Node) -> DataType:
    """Whether a person finds it by its text, by its picture, or by its shape."""
    if node.element.role in WIDGETS or node.kind == "field":
        return "widget"
    if node.kind == "image":
        return "icon"
    if node.kind == "text" and node.element.name_source not in UNWRITTEN:
        return "text"
    if node.name and _is_written(node):
        return "text"
    is_small = max(node.box.width, node.box.height) <= ICON_PX
    return "icon" if is_small and not NUMBER.search(node.name) else "widget"


def _is_written(node: Node) -> bool:
    """Whether its name stands in its box as text, as far as source and shape tell."""
    if node.element.name_source in UNWRITTEN:
        return False
    if node.element.name_source in WRITTEN or len(node.name) <= 2:
        return True
    width, height = node.box.width, node.box.height
    square = max(width, height) <= BUTTON_PX and 0.7 <= width / height <= 1.4
    room = width * max(1, height // LINE_PX)
    return not square and room >= _written_px(node.name)


def _written_px(name: str) -> float:
    """The least width a name takes when it is written out at a small size."""
    return sum(5.0 if c.isascii() else 10.0 for c in name)


def why_no_name(node: Node) -> str:
    """The reason a kept node has no name."""
    from grounding.text import why_no_name

    return why_no_name(node.element.name)


@once
def role_words(node: Node) -> tuple[str, str]:
    """What people call its role in English and Chinese; empty for a role that has no word."""
    if roles.role_of(node.element.role) is roles.CONTAINER:
        return "", ""
    return roles.word(node.element.role), roles.word(node.element.role, "zh")
