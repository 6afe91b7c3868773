"""The values every floor speaks in: boxes, elements, trees, screens, observations.

All coordinates are pixels of the screenshot; derived scales (0–1, 0–1000) are never stored.
All times are UTC nanoseconds of the host's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle in screenshot pixels, left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across; negative where the source lied."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down; negative where the source lied."""
        return self.bottom - self.top

    @property
    def area(self) -> int:
        """Pixels covered; zero for an empty or inverted box."""
        return max(0, self.width) * max(0, self.height)

    @property
    def centre(self) -> tuple[int, int]:
        """The pixel in the middle."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def intersection(self, other: Box) -> Box:
        """What both cover; of zero area where they do not meet."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, max(left, right), max(top, bottom))

    def contains(self, x: int, y: int) -> bool:
        """Whether that pixel is inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def iou(self, other: Box) -> float:
        """Intersection over union, 0.0 where either is empty."""
        shared = self.intersection(other).area
        union = self.area + other.area - shared
        return shared / union if union else 0.0

    def as_list(self) -> list[int]:
        """`[left, top, right, bottom]`."""
        return [self.left, self.top, self.right, self.bottom]


@dataclass(frozen=True, slots=True)
class Element:
    """One thing of a user interface: what it is, what it is called, where it shows.

    `role` is ARIA's name where one fits, else the toolkit's in lower case with dashes.
    `name_source` says where `name` came from (`a11y`, `label`, `alt`, `title`, `placeholder`,
    `text`, …) and is empty where there is no name. `box` is None where the source gave none.
    `hit` is the source's own answer to "what is on top at your centre": True (it or a descendant
    of it), False (something else), None (not asked). `stale` marks an element whose program
    did not answer in time: what it says is the last known state.
    """

    id: str
    parent: str | None
    role: str
    name: str = ""
    name_source: str = ""
    description: str = ""
    box: Box | None = None
    states: frozenset[str] = frozenset()
    actions: tuple[str, ...] = ()
    value: str = ""
    app: str = ""
    window: str = ""
    toolkit: str = ""
    hit: bool | None = None
    stale: bool = False
    lossy: bool = False

    def signature(self) -> tuple[object, ...]:
        """What must be equal in two trees for the element to count as unchanged."""
        return (self.id, self.parent, self.role, self.name, self.box, self.states, self.value)


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements of one moment, parents before their children.

    `source` names the reader (`atspi-mirror`, `atspi-walk`, `dom`, `fake`); `audited` is False
    between a mirror's disagreement with a whole read and its last clean audit; `truncated` says
    that a bound cut it short.
    """

    elements: tuple[Element, ...]
    source: str
    t_start_ns: int
    t_end_ns: int
    audited: bool = True
    truncated: bool = False
    notes: tuple[str, ...] = ()

    def agrees_with(self, other: Tree) -> bool:
        """Whether both show the same elements in the same places and states."""
        mine = [e.signature() for e in self.elements]
        return mine == [e.signature() for e in other.elements]

    def by_id(self) -> dict[str, Element]:
        """The elements by their ids."""
        return {element.id: element for element in self.elements}


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """A picture of the screen: RGB, height × width × 3, uint8, and when it was taken."""

    pixels: Pixels
    t_ns: int
    scale: float = 1.0

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])

    def equals(self, other: Screen) -> bool:
        """Whether every pixel is the same."""
        return bool(np.array_equal(self.pixels, other.pixels))


@dataclass(frozen=True, slots=True)
class Observation:
    """A screen with the tree read just before it.

    `stable` says that the tree read just after it agreed; an observation that is not stable is
    recorded and never grounded. `tries` counts the rounds it took.
    """

    screen: Screen
    tree: Tree
    stable: bool
    tries: int = 1


@dataclass(frozen=True, slots=True)
class EnvInfo:
    """Where an observation came from: everything a sample needs to be traced to its machine."""

    platform: str
    width: int
    height: int
    scale: float = 1.0
    os_id: str = ""
    os_version: str = ""
    image: str = ""
    image_sha256: str = ""
    template: str = ""
    agent_version: str = ""
    machine_id: str = ""
    stand_in: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
