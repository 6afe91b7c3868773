"""Toolkit units and pixels: what a program says of places, in pixels of the screen.

Under X, GTK tells places in its own units, of one or two pixels each, and Qt in units that may
have fractions; programs that draw themselves tell pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from envs.types import Box


@dataclass(frozen=True, slots=True)
class Units:
    """How many pixels a unit of GTK and one of Qt has in a session."""

    gtk: float = 1.0
    qt: float = 1.0

    def of(self, toolkit: str) -> float:
        """Pixels per unit that programs of that toolkit speak in."""
        return {"gtk": self.gtk, "gail": self.gtk, "qt": self.qt}.get(toolkit.lower(), 1.0)


PIXELS: Final = Units()
"""A unit is a pixel."""


def in_pixels(box: Box | None, pixels: float) -> Box | None:
    """A box told in units of so many pixels."""
    if box is None or pixels == 1.0:
        return box
    left, top, right, bottom = (round(side * pixels) for side in box.as_list())
    return Box(left, top, right, bottom)


def in_units(x: int, y: int, pixels: float) -> tuple[int, int]:
    """A pixel in units of so many pixels."""
    return (x, y) if pixels == 1.0 else (int(x / pixels), int(y / pixels))
