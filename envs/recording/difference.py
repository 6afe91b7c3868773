"""Which elements an action made appear, vanish or change, from the two trees around it.

Nothing of it is stored: it is read off a step's observations whenever somebody asks. Clocks that
went on and elements that came back under another id are no difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from envs.recording.types import Step
from envs.types import Element, Tree
from infra.blobs import Blobs

LISTED: Final = 40
"""Most elements that are named of each kind; the rest is only counted."""
CLOCK: Final = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
CLOCK_CHARS: Final = 40
"""A longer name says more than the time."""
ASPECTS: Final = ("name", "value", "states", "box", "parent", "role")


@dataclass(frozen=True, slots=True)
class Change:
    """An element that stayed and is not what it was, and the aspects in which it differs."""

    before: Element
    after: Element

    @property
    def aspects(self) -> tuple[str, ...]:
        """Some of `name`, `value`, `states`, `box`, `parent`, `role`."""
        return tuple(a for a in ASPECTS if getattr(self.before, a) != getattr(self.after, a))


@dataclass(frozen=True, slots=True)
class Difference:
    """At most `LISTED` elements of each kind in their tree's order, and how many there were."""

    appeared: tuple[Element, ...] = ()
    vanished: tuple[Element, ...] = ()
    changed: tuple[Change, ...] = ()
    appeared_count: int = 0
    vanished_count: int = 0
    changed_count: int = 0


def difference(before: Tree, after: Tree) -> Difference:
    """What differs between two trees."""
    old, new = before.by_id(), after.by_id()
    both = [key for key in new if key in old]
    changed = [Change(old[k], new[k]) for k in both if _differs(old[k], new[k])]
    only_old = [e for e in before.elements if e.id not in new]
    only_new = [e for e in after.elements if e.id not in old]
    came, went = Counter(map(_look, only_new)), Counter(map(_look, only_old))
    return Difference(
        _first(only_new, came - went),
        _first(only_old, went - came),
        tuple(changed[:LISTED]),
        (came - went).total(),
        (went - came).total(),
        len(changed),
    )


def of_step(step: Step, blobs: Blobs) -> Difference:
    """What differs between a recorded step's two trees. Raises NotFound, Corrupt."""
    return difference(step.before.tree.load(blobs), step.after.tree.load(blobs))


def is_clock(element: Element) -> bool:
    """Whether the element tells the time, in a name too short to say anything else."""
    return len(element.name) <= CLOCK_CHARS and CLOCK.search(element.name) is not None


def _differs(old: Element, new: Element) -> bool:
    return old.signature() != new.signature() and not (is_clock(old) and is_clock(new))


def _look(element: Element) -> tuple[object, ...]:
    """What an element is apart from its id: a page that is loaded again gives all new ones."""
    return element.role, element.name, element.box, element.states, element.value


def _first(elements: Iterable[Element], left: Counter[tuple[object, ...]]) -> tuple[Element, ...]:
    """The first elements of those that no other takes the place of."""
    named: list[Element] = []
    for element in elements:
        if len(named) < LISTED and left[_look(element)] > 0:
            left[_look(element)] -= 1
            named.append(element)
    return tuple(named)
