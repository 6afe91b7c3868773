"""Which recordings and which of their screens are grounded at all, and each screen only once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from envs.recording.types import Header, ObservationRef
from envs.types import Element, Observation

CELLS: Final = (25, 40)
"""Rows and columns of the coarse picture two screens are compared by."""
NEAR_LEVELS: Final = 3.0
"""Coarse pictures that differ by no more in any cell show the same screen (a caret, a clock)."""
CLOCK: Final = re.compile(r"\d{1,2}[:.]\d{2}([:.]\d{2})?")
REMEMBERED: Final = 20_000
"""Elements whose part of a signature is kept."""
STAND_INS: Final = frozenset({"fake", "hostile"})
"""Platforms that show no real program."""


def why_not_recording(header: Header) -> str | None:
    """The reason a whole recording is refused, None where it is grounded."""
    if header.env.stand_in or header.env.platform in STAND_INS:
        return "stand_in"
    return None


def why_not_screen(ref: ObservationRef, *, doubtful: bool = False) -> str | None:
    """The reason a screen is not grounded, from what its observation says of itself.

    `doubtful`: a later audit found that its tree may have missed something.
    """
    if not ref.stable:
        return "unstable"
    if doubtful or not ref.tree.audited:
        return "unaudited"
    return "empty_tree" if ref.tree.elements == 0 else None


def shows_an_error_page(observation: Observation) -> bool:
    """Whether a browser shows its own page about an address it could not open."""
    return any(element.app == "chromewebdata" for element in observation.tree.elements)


class Seen:
    """Remembers the screens that were kept, so that near-identical ones are kept once."""

    def __init__(self) -> None:
        self._kept: dict[str, list[npt.NDArray[np.float32]]] = {}
        self._rows = Rows()

    def is_new(self, platform: str, observation: Observation) -> bool:
        """Whether no screen with this tree and nearly these pixels was kept; remembers it if so."""
        key = f"{platform}/{signature(observation, self._rows)}"
        coarse = _coarse(observation)
        alike = self._kept.setdefault(key, [])
        if any(float(np.abs(coarse - other).max()) <= NEAR_LEVELS for other in alike):
            return False
        alike.append(coarse)
        return True


class Rows:
    """What counts of each element in a signature, worked out once for those that come again.

    Elements are told apart by being the same object.
    """

    def __init__(self) -> None:
        self._held: dict[int, tuple[Element, bytes]] = {}

    def of(self, elements: Sequence[Element]) -> bytes:
        """What counts of these elements."""
        held = self._held
        if len(held) >= REMEMBERED:
            held.clear()
        for element in elements:
            if id(element) not in held:
                held[id(element)] = (element, _row(element))
        return b"".join([held[id(element)][1] for element in elements])


def signature(observation: Observation, rows: Rows) -> str:
    """A hash of what the tree shows: roles, names (clocks apart), boxes, states; ids do not count."""
    screen = observation.screen
    digest = hashlib.sha256(f"{screen.width}x{screen.height}".encode())
    digest.update(rows.of(observation.tree.elements))
    return digest.hexdigest()


def agree(one: Observation, other: Observation) -> bool:
    """Whether two screens of one size show the same tree, as their signatures would say."""
    ours, theirs = one.tree.elements, other.tree.elements
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(a is b or _row(a) == _row(b) for a, b in pairs)


def _row(element: Element) -> bytes:
    """What counts of one element."""
    name = CLOCK.sub("0:00", element.name)
    box = None if element.box is None else element.box.as_list()
    states = sorted(element.states - {"focused"})
    return repr((element.role, name, box, states)).encode("utf-8", "replace")


def _coarse(observation: Observation) -> npt.NDArray[np.float32]:
    """The screen's grey levels averaged over a coarse grid."""
    import cv2

    grey = cv2.cvtColor(observation.screen.pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (CELLS[1], CELLS[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)
