"""The slow waves of a look: what no move of its cells changes, so that few pairs are compared cell by cell.

Moving cells around the square turns the phases of a picture's waves and leaves their strengths.
Where two pictures' cells differ by `d` in the mean, no wave of one is stronger by more than `d`. So
what this finds too far apart is not alike however it is moved; what it lets through is compared.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from grounding.icons.looks import (
    MEAN_COVER,
    MEAN_LEVELS,
    PROPORTION,
    SIDE,
    Look,
)

Waves = npt.NDArray[np.complex64]
Truth = npt.NDArray[np.bool_]

ROUNDING: Final = 1.01
"""What sums of small numbers may be off by."""
_CELLS: Final = np.arange(SIDE)
_DOWN: Final = np.exp(-2j * np.pi * np.outer(np.arange(-3, 4), _CELLS) / SIDE) / SIDE
_ACROSS: Final = np.exp(-2j * np.pi * np.outer(_CELLS, np.arange(4)) / SIDE) / SIDE
ONES: Final = (_DOWN @ np.ones((SIDE, SIDE)) @ _ACROSS).ravel().astype(np.complex64)
"""The waves of a square that is 1 everywhere."""

WAVES: Final = len(ONES)


class Traits(NamedTuple):
    """Of one look, or of many in a row: what is compared before cells are."""

    proportion: Any
    mono: Any
    drawn: Any
    """Whether it is a picture that says itself what it covers, no crop."""
    ground: Any
    cover: Any
    """Waves of how much is covered, (…, 28)."""
    colour: Any
    """Waves of each channel, (…, 3, 28)."""


def traits(look: Look) -> Traits:
    """What is compared of a look."""
    return Traits(
        look.proportion,
        look.mono,
        look.ground is None,
        np.zeros(3, np.float32) if look.ground is None else look.ground,
        _waves(look.cover),
        _waves(np.moveaxis(look.colour, 2, 0)),
    )


def may_be(known: Traits, look: Traits) -> Truth:
    """Of many known looks whether each may be the same as one look."""
    close: Truth = np.abs(known.proportion - look.proportion) <= PROPORTION * ROUNDING
    both_drawn, both_mono = known.drawn & look.drawn, known.mono & look.mono
    close &= ~both_drawn | (known.mono == look.mono)
    by_cover = both_drawn | both_mono
    close &= ~by_cover | _near(known.cover, look.cover, MEAN_COVER)
    asked = np.flatnonzero(close & ~both_mono)
    close[asked] = _same_colours(Traits(*(part[asked] for part in known)), look)
    return close


def _same_colours(known: Traits, look: Traits) -> Truth:
    """Whether the colours may be the same, a picture's on the ground of the crop it is compared with."""
    theirs, mine = known.colour, np.broadcast_to(look.colour, known.colour.shape)
    if look.drawn:
        ground = np.where(known.drawn[:, None], np.float32(255), known.ground)
        mine = _on(ground, mine, look.cover)
    else:
        ground = np.where(known.drawn[:, None], look.ground, np.float32(255))
        theirs = _on(ground, theirs, known.cover)
    return _near(theirs, mine, MEAN_LEVELS).all(axis=-1)  # type: ignore[no-any-return]


def _on(ground: Any, colour: Waves, cover: Waves) -> Waves:
    """The waves of pictures on white as they are on another ground; on 255 as they are."""
    return colour - (255 - ground)[..., None] * (ONES - cover)[..., None, :]  # type: ignore[no-any-return]


def _near(one: Waves, other: Waves, most: float) -> Any:
    apart = np.abs(np.abs(one) - np.abs(other))
    return apart.max(axis=-1) <= most * ROUNDING


def _waves(cells: Any) -> Waves:
    """The slowest waves of squares of cells, as shares of the whole."""
    found = _DOWN @ cells @ _ACROSS
    return found.reshape(*found.shape[:-2], -1).astype(np.complex64)  # type: ignore[no-any-return]
