"""What a screen is, apart from what comes by itself: its windows, what shows in them, its look.

Two screens are near where a person would call them the same: the same windows in the same order,
nearly all the same things in the same places, and a picture that looks alike. Clocks, counters,
carets, the focus, the pointer and typed text are no news. The picture's hash is a difference hash
(Krawetz 2013) of 8 x 8 cells.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from envs.types import Pixels
from grounding.scene import Node, Scene
from grounding.surfaces import Level

GRID: Final = 8
ROUND_PX: Final = 24
"""A thing that moved by less is where it was."""
ALIKE: Final = 0.9
"""Share of the things of two near screens that both show."""
LOOKS: Final = 10
"""Most bits, of 64, in which the pictures of near screens differ."""
DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class State:
    """A screen's signature."""

    windows: tuple[str, ...]
    """The surfaces that show, by program, role and title, in the order of their levels."""
    things: frozenset[int]
    """A hash of role, name and rounded place for each thing that shows."""
    picture: int

    @property
    def key(self) -> str:
        """The state's name: equal for equal signatures."""
        digest = hashlib.sha256(repr(self.windows).encode())
        for thing in sorted(self.things):
            digest.update(thing.to_bytes(8, "big"))
        digest.update(self.picture.to_bytes(8, "big"))
        return digest.hexdigest()[:16]

    def is_near(self, other: State) -> bool:
        """Whether both are the same state to whoever explores."""
        if self.windows != other.windows:
            return False
        return self.distance(other) <= LOOKS and self.likeness(other) >= ALIKE

    def likeness(self, other: State) -> float:
        """The share of things that both show, of all that either shows."""
        every = len(self.things | other.things)
        return len(self.things & other.things) / every if every else 1.0

    def distance(self, other: State) -> int:
        """Bits in which the pictures differ."""
        return (self.picture ^ other.picture).bit_count()


def state_of(scene: Scene) -> State:
    """The signature of a scene."""
    return State(_windows(scene), _things(scene), picture_hash(scene.pixels))


def _windows(scene: Scene) -> tuple[str, ...]:
    shown = []
    for key, surface in scene.surfaces.items():
        node = scene.nodes.get(key.removesuffix("#popup"))
        if node is None or surface.level == Level.DESKTOP:
            continue
        if surface.box.intersection(scene.screen).area:
            element = node.element
            shown.append((int(surface.level), f"{element.app}|{element.role}|{plain(node.name)}"))
    return tuple(words for _, words in sorted(shown))


def _things(scene: Scene) -> frozenset[int]:
    return frozenset(
        _thing(node)
        for node in scene.nodes.values()
        if node.box.area and node.kind != "container" and scene.is_showing(node.element)
    )


def _thing(node: Node) -> int:
    box = node.box
    place = [v // ROUND_PX for v in (box.left, box.top, box.right, box.bottom)]
    words = f"{node.element.app}|{node.element.role}|{plain(node.name)}|{place}"
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "big")


def plain(name: str) -> str:
    """A name without its figures: counters and clocks are no news."""
    return DIGITS.sub("#", name)


def picture_hash(pixels: Pixels) -> int:
    """A difference hash of the screen: 64 bits, alike for pictures that look alike."""
    grey = pixels[:, :, 1].astype(np.float32)
    rows = np.array_split(grey, GRID, axis=0)
    means = np.array([[p.mean() for p in np.array_split(r, GRID + 1, axis=1)] for r in rows])
    bits = (means[:, 1:] > means[:, :-1] + 2.0).flatten()
    return int("".join("1" if bit else "0" for bit in bits), 2)
