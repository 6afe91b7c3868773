"""What must not be kept: what protected fields show, hold and are told is dropped before it is stored.

A protected element is a password field by role or by state. Where one shows and its place is
not known, the whole screen is withheld: better a black frame than a secret.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from envs.actions import Action, HoldKey, Hotkey, KeyDown, KeyUp, Press, Write
from envs.types import Box, Element, Observation, Screen, Tree

PROTECTED_ROLES: Final = frozenset({"password", "password-text", "passwordtext"})
PROTECTED_STATES: Final = frozenset({"protected", "password"})
KEY: Final = "redacted"
"""What stands in a stored action for a key that would spell a secret."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """An observation fit to be stored, and how many boxes were blacked in it."""

    observation: Observation
    boxes: int


def is_protected(element: Element) -> bool:
    """Whether what the element shows and takes is a secret."""
    return element.role in PROTECTED_ROLES or not PROTECTED_STATES.isdisjoint(element.states)


def redact(observation: Observation, also: Iterable[Tree] = ()) -> Redacted:
    """The observation without secrets; `also` are other trees read about the same moment."""
    trees = (observation.tree, *also)
    secret = [e for tree in trees for e in tree.elements if is_protected(e)]
    if not secret:
        return Redacted(observation, 0)
    screen, boxes = _blacked(observation.screen, secret)
    tree = dataclasses.replace(observation.tree, elements=_silenced(observation.tree.elements))
    return Redacted(dataclasses.replace(observation, screen=screen, tree=tree), boxes)


def redact_action(action: Action) -> Action:
    """The action without what it would type; clicks and named keys stay."""
    if isinstance(action, Write):
        return dataclasses.replace(action, text="")
    if isinstance(action, Press | Hotkey):
        return dataclasses.replace(action, keys=tuple(_key(key) for key in action.keys))
    if isinstance(action, KeyDown | KeyUp | HoldKey):
        return dataclasses.replace(action, key=_key(action.key))
    return action


def goes_to_protected(action: Action, element_id: str | None, tree: Tree) -> bool:
    """Whether the action types into a protected element: the one it names or the focused one."""
    if not isinstance(action, Write | Press | Hotkey | KeyDown | KeyUp | HoldKey):
        return False
    return any(
        is_protected(e) and (e.id == element_id or "focused" in e.states) for e in tree.elements
    )


def _key(key: str) -> str:
    return KEY if len(key) == 1 else key


def _blacked(screen: Screen, secret: list[Element]) -> tuple[Screen, int]:
    """The screen with every secret's box black; all of it where a box is not known."""
    whole = Box(0, 0, screen.width, screen.height)
    boxes = {whole.intersection(e.box) for e in secret if e.box is not None}
    if any(e.box is None and ("showing" in e.states or e.stale) for e in secret):
        boxes = {whole}
    pixels = screen.pixels.copy()
    for box in boxes:
        pixels[box.top : box.bottom, box.left : box.right] = 0
    return dataclasses.replace(screen, pixels=pixels), len([b for b in boxes if b.area])


def _silenced(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    """The elements with no value in protected ones, and no words in what lies inside them."""
    inside: set[str] = set()
    kept: list[Element] = []
    for element in elements:
        if element.parent in inside:
            inside.add(element.id)
            kept.append(
                dataclasses.replace(element, name="", name_source="", description="", value="")
            )
        elif is_protected(element):
            inside.add(element.id)
            kept.append(dataclasses.replace(element, value=""))
        else:
            kept.append(element)
    return tuple(kept)
