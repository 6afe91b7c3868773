"""The gates one node after the other, and the order of surfaces point by point: slow, and plain."""

from __future__ import annotations

from grounding import gates
from grounding.scene import Node, Order, Scene


def reason(node: Node, scene: Scene) -> str | None:
    """The first gate's reason to drop a node."""
    plain = {gates.not_occluded: occluded}
    return next((r for gate in gates.GATES if (r := plain.get(gate, gate)(node, scene))), None)


def occluded(node: Node, scene: Scene) -> str | None:
    """Whether something is known to lie over a node, or may."""
    if node.element.hit is False:
        return "occluded"
    unknown = scene.may_lie_under(node.surface)
    orders = scene.orders(node.surface)
    for surface, order in zip(scene.surfaces.values(), orders, strict=True):
        shared = surface.box.intersection(node.box).area
        if order != Order.FRONT and shared > gates.COVERED_SHARE * node.box.area:
            if order == Order.BEHIND:
                return "occluded"
            unknown = True
    return "occlusion_unknown" if unknown else None


def over(scene: Scene) -> set[tuple[str, str]]:
    """Which surface a hit test found in front of which."""
    pairs = set()
    for node in scene.nodes.values():
        if not node.element.hit or node.element.box is None or node.surface not in scene.surfaces:
            continue
        if node.kind not in {"window", "popup", "container"}:
            centre = node.element.box.centre
            below = [s.id for s in scene.surfaces.values() if s.box.contains(*centre)]
            pairs |= {(node.surface, other) for other in below if other != node.surface}
    return pairs
