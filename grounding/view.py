"""One observation looked at once: its scene, what it yields, its picture, its expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from envs.types import Observation
from grounding.elements import Harvest, harvest
from grounding.referring.speak import Said, Spoken
from grounding.referring.things import Expression, things
from grounding.scene import Node, Scene


@dataclass(frozen=True, slots=True)
class View:
    """What records and trajectories are made of; `image` is the hash of the recorded screen."""

    scene: Scene
    found: Harvest
    image: str
    said: Mapping[str, Sequence[Expression]]
    """The ways to refer to each kept element, found when they are asked for."""

    @classmethod
    def of(cls, scene: Scene, image: str, spoken: Spoken | None = None) -> View:
        """Put a scene through the gates; `spoken` is shared by screens that are much alike."""
        found = harvest(scene)
        said = Said(lambda: things(found), scene.screen, spoken)
        return cls(scene, found, image, said)

    def at(self, observation: Observation) -> View:
        """The same view of another moment: equal tree, equal pixels."""
        return replace(self, scene=self.scene.at(observation))

    def phrase(self, node: Node, lang: Literal["en", "zh"]) -> str:
        """Words that pick out a node where its role and name alone do not; empty where they do."""
        said = self.said.get(self.found.twins.get(node.id, node.id), ())
        if any(expression.kind == "role_name" for expression in said):
            return ""
        for kind in ("relation", "place"):
            for expression in said:
                if expression.kind == kind and expression.lang == lang:
                    return expression.text.removeprefix("the ")
        return ""
