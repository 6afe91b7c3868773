"""What a referring expression chooses among: everything on the screen that it could mean.

Besides the kept elements that is every dropped one that can be seen and is more than an unnamed
container, so that an expression is unique for a person who looks at the screen, not only among our own boxes. A
repeated element and the one that stays for it are one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from envs.types import Box
from grounding import elements, text
from grounding.elements import Harvest
from grounding.scene import Node, Scene

Kind = Literal["name", "role_name", "place", "relation"]


@dataclass(frozen=True, slots=True)
class Thing:
    """A candidate of a referring expression."""

    id: str
    parent: str | None
    en: str
    zh: str
    name: str
    folded: str
    box: Box
    window: str
    """The clean title of its window; empty where it has none."""
    holder: str
    """The name of the nearest named thing it stands in that is not its window."""
    kept: bool

    @property
    def x(self) -> float:
        """Its centre, across."""
        return (self.box.left + self.box.right) / 2

    @property
    def y(self) -> float:
        """Its centre, down."""
        return (self.box.top + self.box.bottom) / 2


@dataclass(frozen=True, slots=True)
class Expression:
    """One way to refer to an element: the words, their language, what they go by."""

    text: str
    lang: str
    kind: Kind

    def as_record(self) -> dict[str, str]:
        """As it stands in a grounding record."""
        return {"text": self.text, "lang": self.lang, "kind": self.kind}


def things(scene: Scene, harvest: Harvest) -> list[Thing]:
    """Every candidate on a screen, kept ones first."""
    kept = [_thing(node, scene, kept=True) for node in harvest.kept]
    return kept + [_thing(node, scene, kept=False) for node in harvest.seen]


def _thing(node: Node, scene: Scene, *, kept: bool) -> Thing:
    en, zh = elements.role_words(node)
    above = list(scene.ancestors(node.id))
    window = next((a.name for a in above if a.kind in {"window", "popup"} and a.name), "")
    holder = next((a.name for a in above if a.name and a.kind not in {"window", "popup"}), "")
    return Thing(
        node.id,
        node.element.parent,
        en,
        zh,
        node.name,
        node.name.casefold(),
        node.box,
        window or text.clean(node.element.window),
        holder if holder != node.name else "",
        kept,
    )
