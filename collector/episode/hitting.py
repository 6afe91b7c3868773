"""Hit tests for a whole tree: whether what is on top at an element's centre is it, or in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from envs.base import HitTests
from envs.types import Box, Element, Screen, Tree

SHOWN: Final = frozenset({"showing", "visible"})
MOST: Final = 2000
"""Most pixels asked for one tree."""


def hit_tested(tree: Tree, screen: Screen, env: HitTests) -> Tree:
    """The tree with `hit` set where the machine could say; elsewhere it stays None."""
    whole = Box(0, 0, screen.width, screen.height)
    points = {e.id: e.box.centre for e in tree.elements if e.box and _is_asked(e, whole)}
    asked = list(points.values())[:MOST]
    found = dict(zip(points, env.hits(asked), strict=False))
    parents = {element.id: element.parent for element in tree.elements}
    return replace(
        tree,
        elements=tuple(_told(element, found.get(element.id), parents) for element in tree.elements),
    )


def _is_asked(element: Element, whole: Box) -> bool:
    """Whether the answer would matter: it shows, its centre is on the screen, nobody said yet."""
    if element.hit is not None or element.box is None or not element.box.area:
        return False
    return element.states >= SHOWN and whole.contains(*element.box.centre)


def _told(element: Element, found: str | None, parents: dict[str, str | None]) -> Element:
    """The element with its answer: True for it or what lies in it, False for something else."""
    if found is None or found not in parents:
        return element
    at: str | None = found
    while at is not None and at != element.id:
        at = parents.get(at)
    return replace(element, hit=at is not None)
