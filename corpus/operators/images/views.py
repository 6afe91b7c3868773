"""What of a picture is hashed, so that a crop or a border does not hide it: whole, trimmed, in parts.

A near duplicate's whole lies near the whole or a part of the other, so two pictures are compared
whole against all, never part against part. A thumbnail of `SIDE` pixels stands for the picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from corpus.operators.images.perceptual import Hashes, cells, hashes

SIDE: Final = 224
LEAST: Final = 128
"""Smaller pictures are enlarged to this, so that what is blurred is less than what they show."""
WHOLES: Final = 2
PARTS: Final = ((0.9, (0.0, 1.0)), (0.9, (0.5,)), (0.8, (0.0, 0.5, 1.0)))
"""The size of parts, and where they lie in what is left over."""
COUNT: Final = WHOLES + 4 + 1 + 9
GROUND: Final = 24
"""Levels a pixel differs from the corners at which it is no ground."""
SPECK: Final = 0.01
"""Share of a row that must be drawn before trimming stops there."""
LEAST_TRIMMED: Final = 0.3

STARTS: Final = 3
BITS_SET: Final = np.array([n.bit_count() for n in range(256)], np.uint8)

Box = tuple[int, int, int, int]
"""Left, top, right and bottom."""


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """The parts of one thumbnail and their hashes, the wholes first."""

    size: tuple[int, int]
    trimmed: Box
    hashes: Hashes = field(repr=False)

    @property
    def boxes(self) -> list[Box]:
        """What each hash is of."""
        return _boxes(self.size, self.trimmed)


@dataclass(frozen=True, slots=True)
class Start:
    """Where alignment of two pictures may start: a whole of one on a view of the other."""

    turned: bool
    """Whether the whole is the second picture's."""
    whole: Box
    view: Box


def starts(one: Views, other: Views) -> Iterator[Start]:
    """The few pairs of a whole and a view whose hashes are nearest, in that order."""
    pairs = []
    for turned, (wholes, seen) in enumerate(((one, other), (other, one))):
        bits = BITS_SET[wholes.hashes[:WHOLES, None] ^ seen.hashes[None]].sum(axis=2)
        pairs += [
            (int(bits[a, b]), Start(bool(turned), wholes.boxes[a], seen.boxes[b]))
            for a, b in np.ndindex(bits.shape)
            if not (turned and b < WHOLES)  # met as one's whole on the other's
        ]
    return (start for _, start in sorted(pairs, key=lambda pair: pair[0])[:STARTS])


def thumbnail(pixels: Any) -> Any:
    """RGB pixels with the longer side at most `SIDE`, and at least `LEAST`."""
    import cv2

    height, width = pixels.shape[:2]
    longer = max(width, height)
    side = min(max(longer, LEAST), SIDE)
    if longer == side:
        return np.ascontiguousarray(pixels)
    size = max(1, round(width * side / longer)), max(1, round(height * side / longer))
    how = cv2.INTER_AREA if side < longer else cv2.INTER_CUBIC
    return cv2.resize(pixels, size, interpolation=how)


def views(thumb: Any) -> Views:
    """The views of a thumbnail."""
    import cv2

    grey: Any = cv2.cvtColor(thumb, cv2.COLOR_RGB2GRAY)
    size, trimmed = (thumb.shape[1], thumb.shape[0]), _trimmed(thumb)
    squares = [
        cells(grey[top:bottom, left:right]) for left, top, right, bottom in _boxes(size, trimmed)
    ]
    return Views(size, trimmed, hashes(np.stack(squares)))


def _boxes(size: tuple[int, int], trimmed: Box) -> list[Box]:
    width, height = size
    found = [(0, 0, width, height), trimmed]
    for share, places in PARTS:
        wide, high = max(1, round(share * width)), max(1, round(share * height))
        for y in places:
            for x in places:
                left, top = round(x * (width - wide)), round(y * (height - high))
                found.append((left, top, left + wide, top + high))
    return found


def _trimmed(thumb: Any) -> Box:
    """The box of what differs from the corners' colour; the whole where little does."""
    height, width = thumb.shape[:2]
    corners = np.median(thumb[[0, 0, -1, -1], [0, -1, 0, -1]], axis=0)
    drawn = np.abs(thumb.astype(np.int16) - corners.astype(np.int16)).max(axis=2) > GROUND
    rows = np.flatnonzero(drawn.mean(axis=1) > SPECK)
    columns = np.flatnonzero(drawn.mean(axis=0) > SPECK)
    if len(rows) < LEAST_TRIMMED * height or len(columns) < LEAST_TRIMMED * width:
        return 0, 0, width, height
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
