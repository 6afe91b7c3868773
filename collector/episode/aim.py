"""Whether a pointer would really press what it is aimed at: the machine is asked before it does.

A tree knows little of what lies over what. Where it brings no hit tests of its own, the one pixel
about to be pressed is asked for; an answer that is neither the element, nor in it, nor around it
means that something else is on top.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from collector.explore.base import Choice
from envs.base import Env
from envs.types import Element, Tree

POPPING: Final = frozenset({"menu", "popup-menu", "combobox"})


def truth(choice: Choice, tree: Tree, env: Env) -> Choice:
    """The choice, with the element that is really on top where another one was aimed at."""
    points = choice.action.points()
    target = tree.by_id().get(choice.element_id or "")
    if not points or target is None or target.hit is not None:
        return choice
    if not env.capabilities.hit_test:
        return choice
    found = env.hit(*points[0])
    if found is None or found == target.id:
        return choice
    parents = {element.id: element.parent for element in tree.elements}
    if _pops_up(target, tree):
        return choice
    if target.id in _above(found, parents) or found in _above(target.id, parents):
        return choice
    there = found if found in parents else None
    return replace(choice, element_id=there, why=f"{choice.why}, but something else is on top")


def _pops_up(target: Element, tree: Tree) -> bool:
    """Whether it stands in an open menu, which toolkits leave out when they are asked."""
    elements = tree.by_id()
    parents = {element.id: element.parent for element in tree.elements}
    return any(elements[at].role in POPPING for at in _above(target.id, parents) if at in elements)


def _above(element_id: str, parents: dict[str, str | None]) -> Iterator[str]:
    """The elements an element stands in, nearest first."""
    at = parents.get(element_id)
    while at is not None:
        yield at
        at = parents.get(at)
