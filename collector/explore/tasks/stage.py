"""Where a task is played: what is seen now, how a person gets at an element, small hesitations.

An intent is a generator: it yields choices and, after each, finds the stage as it became. What
cannot be found in good time ends the play as `Astray`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from collector.explore import moves
from collector.explore.base import Choice
from collector.explore.tasks.target import Elements, Target
from envs import actions as do
from envs.actions import Family
from envs.types import Box, Element, Observation
from grounding.scene import Node, Scene
from grounding.surfaces import Level

HOVERS: Final = 0.12
"""How often the pointer rests on something before it is pressed."""
SCROLLS: Final = 8
"""Turns of the wheel towards one element."""
NOTCH_PX: Final = 100
MARGIN_PX: Final = 40
"""What is nearer than this to the screen's edge is brought further in where it can be."""
WAIT_S: Final = {"web": 0.5, "desktop": 2.0, "mobile": 2.0}
"""One wait for something that is late."""


class AstrayError(Exception):
    """What the task needs is not there."""


@dataclass(slots=True)
class Stage:
    """The machine as the task sees it."""

    rng: random.Random
    family: Family
    language: str
    waits: int
    """How often something late is waited for."""
    field_before: str = ""
    """The field that was typed into last, by its id."""
    scene: Scene = field(init=False)
    elements: Elements = field(init=False)

    def look(self, observation: Observation) -> None:
        """Take in what is seen now."""
        tree = observation.tree
        self.scene = Scene(observation)
        self.elements = Elements(tree.elements, showing=tree.source.startswith("atspi"))

    def find(self, target: Target) -> Node | None:
        """What is meant, wherever it lies; None where it is not there."""
        found = self.elements.one(target, self._rank)
        return None if found is None else self.scene.nodes[found.id]

    def state(self, target: Target, *states: str) -> bool:
        """Whether it is there and says one of these of itself."""
        node = self.find(target)
        return node is not None and not node.element.states.isdisjoint(states)

    def _rank(self, element: Element) -> int:
        """The foremost first; of equals, what was opened last comes last in the tree."""
        surface = self.scene.surfaces.get(self.scene.nodes[element.id].surface)
        return -(surface.level if surface is not None else Level.DESKTOP)

    def reach(self, target: Target) -> Iterator[Choice]:
        """Wait and scroll until it can be pressed; raises AstrayError where that does not come.

        The node is to be found again afterwards: `find` tells where it lies now.
        """
        waited = turned = 0
        while (node := self.find(target)) is None or not self.is_in_reach(node):
            if node is None or node.element.box is None:
                if waited and turned < SCROLLS and (seek := self._seek(target)) is not None:
                    turned += 1
                    yield seek
                    continue
                if waited >= self.waits:
                    raise AstrayError(f"there is no {target}")
                waited += 1
                yield Choice(do.Wait(WAIT_S[self.family]), None, f"waits for {target}")
                continue
            if turned >= SCROLLS or (turn := self._turn(node)) is None:
                if node.box.area:
                    return
                raise AstrayError(f"{target} cannot be scrolled into sight")
            turned += 1
            yield turn

    def is_in_reach(self, node: Node) -> bool:
        """Whether enough of it shows to be pressed."""
        box = node.element.box
        if box is None or not node.box.area:
            return False
        if self.family != "web" or node.ratio >= 1.0:
            return node.ratio > 0.5 or node.box.height >= MARGIN_PX
        return node.box.height >= min(box.height, MARGIN_PX) and node.box.width >= box.width // 2

    def _turn(self, node: Node) -> Choice | None:
        """A turn of the wheel that brings it nearer; None where nothing there can be scrolled."""
        holder = self._scroller(node)
        box = node.element.box
        if holder is None or box is None:
            return None
        view = holder.box
        away = box.centre[1] - view.centre[1]
        if abs(away) < NOTCH_PX // 2:
            return None
        notches = max(-12, min(12, round(away / NOTCH_PX)))
        x, y = moves.place(view, self.rng)
        words = f"scrolls to {node.element.role} {node.name[:40]!r}"
        return Choice(do.Scroll(x, y, dy=-notches or -1), holder.id, words)

    def _seek(self, target: Target) -> Choice | None:
        """A turn of the wheel down what is largest of all that scrolls; None outside a page."""
        if self.family != "web":
            return None
        holders = [n for n in self.scene.nodes.values() if "scrollable" in n.element.states]
        if target.within is not None and (inside := self.find(target.within)) is not None:
            near = [n for n in holders if n.id == inside.id or inside in self.scene.ancestors(n.id)]
            holders = near or holders
        holder = max(holders, key=lambda n: n.box.area, default=None)
        if holder is None:
            return None
        x, y = moves.place(holder.box, self.rng)
        return Choice(do.Scroll(x, y, dy=-4), holder.id, f"looks further down for {target}")

    def _scroller(self, node: Node) -> Node | None:
        """The nearest thing around it that scrolls."""
        for above in self.scene.ancestors(node.id):
            if "scrollable" in above.element.states and above.box.area:
                return above
        return None

    def spot(self, node: Node) -> tuple[int, int]:
        """Where a person presses it: near its middle, in a list at its words."""
        box = node.box
        if node.element.role in {"listitem", "treeitem", "option"} and box.width > 6 * box.height:
            box = Box(box.left, box.top, box.left + max(box.width // 4, 8), box.bottom)
        return moves.place(box, self.rng)

    def aim(self, target: Target) -> Iterator[Choice]:
        """Get at it, and perhaps rest the pointer on it for a moment."""
        yield from self.reach(target)
        if self.rng.random() < HOVERS and (node := self.find(target)) is not None:
            yield Choice(do.MoveTo(*self.spot(node)), node.id, f"looks at {target}")
            yield from self.reach(target)

    def at(self, target: Target) -> Node:
        """What is meant, after `aim`."""
        node = self.find(target)
        if node is None:
            raise AstrayError(f"{target} has gone")
        return node
