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
    around: dict[str, tuple[str, ...]] = {}
    kept = [_thing(node, _around(node.parent, read, around), kept=True) for node in harvest.kept]
    return kept + [
        _thing(node, _around(node.parent, read, around), kept=False) for node in harvest.seen
    ]


def _around(
    node: Node | None, read: set[str], known: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Of a node and what it stands in the names that can be read, the nearest first."""
    if node is None:
        return ()
    if node.id not in known:
        own = (node.name,) if node.name in read else ()
        known[node.id] = own + _around(node.parent, read, known)
    return known[node.id]


@once
def _is_legible(node: Node) -> bool:
    """Whether a person reads its name; a large icon has it written below."""
    if node.element.role in {"icon", "desktop-icon"}:
        return node.box.height >= LABELLED_PX
    return elements.data_type(node) == "text"


def _thing(node: Node, around: tuple[str, ...], *, kept: bool) -> Thing:
    """The node as one to choose: the same object for the same holder."""
    holder = next((name for name in around if name != node.name), "")
    told = _told(node)
    if (holder, kept) not in told:
        told[holder, kept] = _made(node, holder, kept=kept)
    return told[holder, kept]


@once
def _told(_: Node) -> dict[tuple[str, bool], Thing]:
    """The things that a node was, by the name of what holds it and whether it was kept."""
    return {}


def _made(node: Node, holder: str, *, kept: bool) -> Thing:
    en, zh = elements.role_words(node)
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
