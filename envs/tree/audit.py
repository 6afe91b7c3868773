"""Checking the mirror against a whole read, and which trees that leaves in doubt.

A mirror lives on what programs choose to tell. Every so often everything is read again; what
differs and was not touched by a signal meanwhile is a difference the mirror had missed. The trees
since the last clean audit are then unaudited: recorded, never grounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Protocol

from envs.types import Element, Tree

NOTE: Final = re.compile(r"audit: (\d+) differences, (\d+) trees back")
SAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Audit:
    """One whole read beside the mirror's tree of the same moment."""

    compared: int
    differences: int
    trees_back: int
    examples: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether the mirror had missed nothing."""
        return self.differences == 0

    def note(self) -> str:
        """How a tree carries it."""
        return f"audit: {self.differences} differences, {self.trees_back} trees back"


def compare(
    mirrored: Sequence[Element], read: Sequence[Element], touched: AbstractSet[str], trees_back: int
) -> Audit:
    """What the whole read says otherwise, leaving out what changed while it was made."""
    before = {element.id: element for element in mirrored}
    after = {element.id: element for element in read}
    renewed = _looks(before, after) & _looks(after, before)
    examples: list[str] = []
    differences = 0
    for key in sorted(before.keys() | after.keys()):
        told, seen = before.get(key), after.get(key)
        moved = {key, told.parent if told else None, seen.parent if seen else None} & touched
        alone = told if seen is None else seen if told is None else None
        if _same(told, seen) or moved or _is_stale(told) or _is_stale(seen):
            continue
        if alone is not None and _look(alone) in renewed:
            continue
        differences += 1
        if len(examples) < SAMPLES:
            examples.append(f"{_brief(told)} -> {_brief(seen)}")
    return Audit(len(after), differences, trees_back, tuple(examples))


def _looks(these: Mapping[str, Element], those: Mapping[str, Element]) -> set[tuple[object, ...]]:
    """What the elements look like that only one of the two has.

    A sheet makes its cells anew whenever it is asked: another object, the same to look at.
    """
    return {_look(element) for key, element in these.items() if key not in those}


def _look(element: Element) -> tuple[object, ...]:
    return (element.app, *element.signature()[2:])


def _same(one: Element | None, other: Element | None) -> bool:
    return one is not None and other is not None and one.signature() == other.signature()


def _is_stale(element: Element | None) -> bool:
    return element is not None and element.stale


def _brief(element: Element | None) -> str:
    if element is None:
        return "nothing"
    box = element.box.as_list() if element.box else None
    return f"{element.id} {element.role} {element.name[:40]!r} {box} {sorted(element.states)}"


class Noted(Protocol):
    """A tree, or what a recording says of one."""

    @property
    def audited(self) -> bool:
        """Whether it was vouched for when it was read."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noted when it was read."""
        ...


def audits_of(trees: Sequence[Tree]) -> tuple[str, ...]:
    """The notes of the audits made while these trees were read."""
    return tuple(note for tree in trees for note in tree.notes if NOTE.fullmatch(note))


def unaudited(trees: Sequence[Noted]) -> set[int]:
    """The places in a sequence of trees, as read, that an audit among them leaves in doubt."""
    doubtful: set[int] = set()
    for place, tree in enumerate(trees):
        for note in tree.notes:
            if (found := NOTE.fullmatch(note)) is not None and int(found[1]):
                doubtful.update(range(max(0, place - int(found[2])), place))
        if not tree.audited:
            doubtful.add(place)
    return doubtful
