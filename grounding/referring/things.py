"""What a referring expression chooses among: everything on the screen that it could mean.

Besides the kept elements that is every dropped one that can be seen and is more than an unnamed
container, so that an expression is unique for a person who looks at the screen, not only among our own boxes. A
repeated element and the one that stays for it are one thing.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from envs.types import Box
from grounding import elements
from grounding.elements import Harvest
from grounding.scene import Node, once

LABELLED_PX: Final = 48
Kind = Literal["name", "role_name", "place", "relation"]
"""Of what one screen tells; what a run tells besides (`function`) is added to its records."""


class Thing(NamedTuple):
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
    """The name of the nearest thing around it whose name can be read on the screen."""
    kept: bool
    legible: bool
    """Its name can be read on the screen, so that it may stand for a place."""

    x: float
    """Its centre, across."""
    y: float
    """Its centre, down."""


class Expression(NamedTuple):
    """One way to refer to an element: the words, their language, what they go by."""

    text: str
    lang: str
    kind: Kind

    def as_record(self) -> dict[str, str]:
        """As it stands in a grounding record."""
        return {"text": self.text, "lang": self.lang, "kind": self.kind}


def things(harvest: Harvest) -> list[Thing]:
    """Every candidate on a screen, kept ones first."""
    read = {node.name for node in harvest.kept if _is_legible(node)}
    kept = [_thing(node, read, kept=True) for node in harvest.kept]
    return kept + [_thing(node, read, kept=False) for node in harvest.seen]


@once
def _is_legible(node: Node) -> bool:
    """Whether a person reads its name; a large icon has it written below."""
    if node.element.role in {"icon", "desktop-icon"}:
        return node.box.height >= LABELLED_PX
    return elements.data_type(node) == "text"


def _thing(node: Node, read: set[str], *, kept: bool) -> Thing:
    en, zh = elements.role_words(node)
    holder = next((a.name for a in node.above if a.name in read and a.name != node.name), "")
    return Thing(
        id=node.id,
        parent=node.element.parent,
        en=en,
        zh=zh,
        name=node.name,
        folded=node.name.casefold(),
        box=node.box,
        window=node.window,
        holder=holder,
        kept=kept,
        legible=kept and _is_legible(node),
        x=(node.box.left + node.box.right) / 2,
        y=(node.box.top + node.box.bottom) / 2,
    )
