"""Round figures for an axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from collector.dash.pages.words import count

STEPS: Final = (1, 2, 2.5, 5, 10)
Writes = Callable[[float], str]


def top_of(most: float, lines: int = 4) -> float:
    """The least round figure that `most` fits below, of which a `lines`-th is round too."""
    if most <= 0:
        return float(lines)
    step = most / lines
    size = 10.0 ** math.floor(math.log10(step))
    return next(s * size for s in STEPS if s * size >= step * (1 - 1e-9)) * lines


def heights(top: float, lines: int = 4, write: Writes = count) -> list[tuple[float, str]]:
    """Even heights from 0 to 1 with what is written beside each."""
    return [(n / lines, write(top * n / lines)) for n in range(lines + 1)]
