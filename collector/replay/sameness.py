"""Whether two observations, of two machines, are the same to whoever explores."""

from __future__ import annotations

from dataclasses import dataclass, field

from collector.explore.graph.signature import State, state_of
from envs.recording.types import ObservationRef, Step
from envs.types import Element
from grounding.effects import Effects, Found
from grounding.scene import Node, Scene
from infra.blobs import Blobs

NO_EFFECT = frozenset({"nothing", "picture"})
"""Effects between which a clock or a meter decides."""


@dataclass(slots=True)
class Looks:
    """The observations of one recording, each loaded once, with their states and effects."""

    blobs: Blobs
    scenes: dict[int, Scene] = field(default_factory=dict)
    effects: Effects = field(init=False)

    def __post_init__(self) -> None:
        self.effects = Effects(self.scene)

    def scene(self, ref: ObservationRef) -> Scene:
        """What was seen."""
        if ref.number not in self.scenes:
            self.scenes[ref.number] = Scene(ref.load(self.blobs))
        return self.scenes[ref.number]

    def state(self, ref: ObservationRef) -> State:
        """Its signature in the graph."""
        return state_of(self.scene(ref))

    def element(self, step: Step) -> Element | None:
        """What a step was made on."""
        return self.scene(step.before).tree.by_id().get(step.element_id or "")

    def effect(self, step: Step) -> Found:
        """What a step did."""
        return self.effects.of(step)


def like(element: Element, scene: Scene) -> Node | None:
    """The element of another machine that is this one: same program, role and name, nearest."""
    alike = [
        node
        for node in scene.nodes.values()
        if node.element.role == element.role
        and node.element.name == element.name
        and node.element.app == element.app
        and node.box.area
    ]
    return min(alike, key=lambda node: _away(node, element), default=None)


def _away(node: Node, element: Element) -> float:
    if element.box is None:
        return 0.0
    (x, y), (a, b) = node.box.centre, element.box.centre
    return abs(x - a) + abs(y - b)


def is_same_effect(one: Found, other: Found) -> bool:
    """Whether two steps did the same, as far as it has a name."""
    if one.kind in NO_EFFECT and other.kind in NO_EFFECT:
        return True
    return (one.kind, one.what, one.subject) == (other.kind, other.what, other.subject)
