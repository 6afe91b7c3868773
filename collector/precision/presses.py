"""One machine's elements drawn by lot, pressed one after the other, each with what its program said.

Before each press the machine is looked at anew and put through the gates, so that a box is the one
of that moment. The pointer first rests on the element, which menus answer; then the button goes down
and, a moment later, up again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from collector.episode.observing import Pace, observe, settle
from collector.explore import deny
from collector.precision.sharing import Stop
from collector.precision.witness import SPOKEN, Testimony, testimony
from envs.actions import Action, Click, MouseDown, MouseUp, MoveTo, Press
from envs.base import Env
from envs.tree.events import Told
from envs.types import Box, Element, Tree
from grounding.elements import Harvest, harvest
from grounding.precision.lots import program_of
from grounding.scene import Node, Scene
from grounding.surfaces import Level
from infra.clock import Clock, Deadline
from infra.ids import Ids

FIRST_S: Final = 0.5
"""A program that has said nothing by then is taken not to answer the pointer."""
HELD_S: Final = 0.4
"""How long the button stays down: what is hit answers that, what letting it go does comes after."""
QUIET_S: Final = 0.4
CALM_S: Final = 1.0
"""Programs have said nothing for so long when the next element is pressed."""
LONGEST_S: Final = 4.0
FRUITLESS: Final = 6
"""Looks in a row at which nothing was left to press before a machine is done with."""
GONE: Final = frozenset({"no_box", "off_screen"})
"""Dropped for a reason that leaves nothing to press."""


Key = tuple[str, ...]
"""What an element is known by on any fork, so that it is pressed once: program, role, name, place."""


class Ears(Protocol):
    """Hears the programs of a machine, word for word."""

    def overhear(self) -> None:
        """Keep what programs say from now on."""
        ...

    def told(self) -> list[Told]:
        """What was said since it was asked last."""
        ...


@dataclass(frozen=True, slots=True)
class Pressed:
    """An element that was pressed, and its program's testimony."""

    program: str
    toolkit: str
    role: str
    name: str
    box: Box
    reason: str
    """The gate that dropped it, empty where it was kept."""
    testimony: Testimony
    offered: tuple[int, int]
    """How many kept and how many dropped elements could have been pressed there and then."""
    others: tuple[str, ...] = ()
    """Role and name of what was named instead."""


class Presser:
    """Presses elements of one machine: of the program `wanted` alone, where one is.

    Those of the active window and its menus come first. `done` are those that are not pressed again.
    """

    def __init__(
        self,
        env: Env,
        ears: Ears,
        clock: Clock,
        ids: Ids,
        chance: random.Random,
        wanted: str = "",
        done: set[Key] | None = None,
    ) -> None:
        self._env, self._ears, self._clock, self._ids = env, ears, clock, ids
        self._chance, self._wanted = chance, wanted
        self._done = set() if done is None else done
        self._last: Element | None = None
        self._fence = env.fence if hasattr(env, "fence") else 1

    def presses(self, kept: int, dropped: int, stop: Stop = lambda: False) -> Iterator[Pressed]:
        """So many kept elements and so many dropped ones, as long as there are any."""
        self._ears.overhear()
        left, fruitless = {True: kept, False: dropped}, 0
        while any(left.values()) and fruitless < FRUITLESS and not stop():
            side = self._chance.random() * sum(left.values()) < left[True]
            pressed = self._next(keep=side)
            if pressed is None:
                fruitless += 1
                self._act(Press(("esc",)))
                self._hear(FIRST_S)
                continue
            fruitless = 0
            left[side] -= 1
            yield pressed

    def _next(self, *, keep: bool) -> Pressed | None:
        """Draw and press one element of what shows now; None where there is none left."""
        seen = observe(self._env, self._clock, Pace()).observation
        if not seen.stable:
            return None
        scene = Scene(seen)
        found = harvest(scene)
        sides = self._sides(scene, found)
        drawn = _in_front(sides[not keep], scene)
        if not drawn:
            return None
        node = self._chance.choice(drawn)
        self._done.add(_key(node))
        pressed = self._press(node, scene, found.reasons.get(node.id, ""))
        return replace(pressed, offered=(len(sides[0]), len(sides[1])))

    def _sides(self, scene: Scene, found: Harvest) -> tuple[list[Node], list[Node]]:
        """The kept elements that may be pressed now, and the dropped ones that have a name."""
        may = [node for node in scene.nodes.values() if node.box.area and self._may(node, scene)]
        kept = [node for node in may if node.id not in found.reasons]
        dropped = [node for node in may if node.name and node.id in found.reasons]
        return kept, [node for node in dropped if found.reasons[node.id] not in GONE]

    def _may(self, node: Node, scene: Scene) -> bool:
        """Whether it was not pressed yet and may be."""
        if _key(node) in self._done or self._wanted not in {"", program_of(node)}:
            return False
        click = Click(*node.box.centre)
        return not deny.verdict(click, node.id, scene, isolated=True)

    def _press(self, node: Node, scene: Scene, reason: str) -> Pressed:
        x, y = node.box.centre
        before = self._env.screen()
        self._hear(CALM_S)  # the last press may still be at work
        self._act(MoveTo(x, y))
        told = self._hear(FIRST_S)
        self._act(MouseDown())
        self._clock.sleep(HELD_S)
        told += self._ears.told()
        self._act(MouseUp())
        settle(self._env, before, self._clock, Pace())
        later = self._hear(FIRST_S)
        after: Tree = self._env.tree()
        later += self._ears.told()
        known = scene.tree.by_id()
        said = testimony(node.element, told, later, known, after.by_id(), self._last)
        self._last = node.element
        return Pressed(
            program_of(node),
            node.element.toolkit,
            node.element.role,
            node.name,
            node.box,
            reason,
            said,
            (0, 0),
            tuple(f"{known[i].role} {known[i].name}" for i in said.named if i in known),
        )

    def _act(self, action: Action) -> None:
        self._env.act(action, self._ids.uuid(), self._fence)

    def _hear(self, first_s: float) -> list[Told]:
        """What programs say until they are quiet."""
        told: list[Told] = []
        deadline = Deadline.after(self._clock, LONGEST_S)
        wait_s = first_s
        while not deadline.is_past():
            self._clock.sleep(wait_s)
            news = [one for one in self._ears.told() if one.member in SPOKEN]
            if not news:
                break
            told += news
            wait_s = QUIET_S
        return told


def _in_front(nodes: list[Node], scene: Scene) -> list[Node]:
    """Those of them in an open menu or list or a modal dialog, which take every press.

    Where there is none, those in the active window, else all.
    """
    levels = {
        key: surface.level for key, surface in scene.surfaces.items() if not _tells(key, scene)
    }
    popped = {key for key, level in levels.items() if level is Level.POPUP}
    modal = {key for key in levels if key in scene.nodes and _is_modal(scene.nodes[key])}
    if popped or modal:
        return [node for node in nodes if node.surface in (popped or modal)]
    active = [node for node in nodes if levels.get(node.surface) is Level.ACTIVE]
    return active or nodes


def _is_modal(node: Node) -> bool:
    return "modal" in node.element.states


def _tells(surface: str, scene: Scene) -> bool:
    """Whether a surface only says something: a tool tip, a notification."""
    node = scene.nodes.get(surface)
    return node is not None and node.element.role in {"tooltip", "tool-tip", "notification"}


def _key(node: Node) -> Key:
    return program_of(node), node.element.role, node.name, *map(str, node.box.as_list()[:2])
