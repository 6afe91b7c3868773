"""Whether two pictures look the same to a person, whatever stands behind them.

A look is a picture cut to what is drawn, in its own proportions, on a small square: how much each
cell is covered, and in what colour. A crop of a screen has no transparency; what differs from the
colour around it counts as drawn. A hash proposes, and the aligned comparison of the cells decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.float32]

SIDE: Final = 32
DIFFERENT: Final = 48.0
"""Levels a pixel differs from the ground at which it counts as wholly drawn."""
MONO_SPREAD: Final = 22.0
"""Levels within which all of a drawing has one colour."""
MONO_CROP: Final = 0.9
"""Share of a crop's drawn pixels that lie on the line between two colours where it has one."""
FAINT: Final = 8.0
"""Levels below which a difference is the ground's own unevenness."""
FRAME: Final = 5
"""Widest frame in pixels that is cut off."""
EVEN: Final = 0.97
ON_PLANE: Final = 7.0
SHIFT: Final = 1
MEAN_LEVELS: Final = 9.0
BLOCK_LEVELS: Final = 30.0
MEAN_COVER: Final = 0.045
BLOCK_COVER: Final = 0.24
BLOCK: Final = 4
PROPORTION: Final = 0.18
HASH_BITS: Final = 6
"""Hashes of 64 bits that differ in more are not compared."""
HASH_BITS_OF_CROPS: Final = 16
STANDS_OUT: Final = 0.04
SAME_GROUND: Final = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A picture made comparable. `mono` says that one colour draws all of it."""

    cover: Cells
    colour: Cells
    """On white, or as it was where the picture is a crop."""
    mono: bool
    proportion: float
    hash: int
    ink: float
    """The mean of `cover`: two covers differ by no less than their means do, however they are moved."""
    ground: Cells | None = None
    """The colour a crop stands on; None for a picture that says itself what it covers."""

    @property
    def hash_bits(self) -> int:
        """How far another's hash may be off to be compared; what a crop covers is only guessed."""
        return HASH_BITS if self.ground is None else HASH_BITS_OF_CROPS

    def same(self, other: Look) -> bool:
        """Whether both look the same, in any colour where both have only one."""
        if not self._may_be(other):
            return False
        if self.mono and other.mono:
            return any(self._covers_as(other, dx, dy) for dx, dy in SHIFTS)
        if self.ground is not None or other.ground is not None:
            return self._on_one_ground(other)
        return any(
            self._covers_as(other, dx, dy) and _alike(self.colour, other.colour, dx, dy)
            for dx, dy in SHIFTS
        )

    def _may_be(self, other: Look) -> bool:
        """Whether it is worth comparing the cells: what is cheap and certain."""
        bits = max(self.hash_bits, other.hash_bits)
        near = abs(self.proportion - other.proportion) <= PROPORTION
        if not near or (self.hash ^ other.hash).bit_count() > bits:
            return False
        drawn = self.ground is None and other.ground is None
        if drawn and self.mono != other.mono:
            return False
        by_cover = drawn or (self.mono and other.mono)
        return not by_cover or abs(self.ink - other.ink) <= MEAN_COVER

    def _covers_as(self, other: Look, dx: int, dy: int) -> bool:
        cover = np.abs(self.cover - _moved(other.cover, dx, dy))
        return float(cover.mean()) <= MEAN_COVER and _worst_block(cover) <= BLOCK_COVER

    def _on_one_ground(self, other: Look) -> bool:
        """Whether both look the same on the ground of the one that is a crop."""
        mine, theirs = self, other
        if mine.ground is None:
            mine, theirs = other, self
        assert mine.ground is not None
        if theirs.ground is None:
            shown = theirs.colour - (1 - theirs.cover[..., None]) * (255.0 - mine.ground)
        elif float(np.abs(mine.ground - theirs.ground).max()) <= SAME_GROUND:
            shown = theirs.colour
        else:
            return False
        return any(_alike(mine.colour, shown, dx, dy) for dx, dy in SHIFTS)


SHIFTS: Final = [(dx, dy) for dx in range(-SHIFT, SHIFT + 1) for dy in range(-SHIFT, SHIFT + 1)]


def of_picture(rgba: Any) -> Look | None:
    """The look of a picture with transparency; None where nothing shows."""
    cover = rgba[..., 3].astype(np.float32) / 255.0
    ink = rgba[..., :3][cover > 0.5]
    if not len(ink):
        ink = rgba[..., :3][cover > 0.1]
    if not len(ink):
        return None
    least, most = np.percentile(ink, (4, 96), axis=0)
    mono = float((most - least).max()) <= MONO_SPREAD
    return _look(cover, rgba[..., :3].astype(np.float32), mono)


def of_crop(rgb: Any) -> Look | None:
    """The look of a crop of a screen; None where nothing stands out from its edge."""
    pixels, ground = inside_frame(rgb.astype(np.float32))
    difference = pixels - ground
    apart = np.abs(difference).max(axis=2)
    peak = float(apart.max())
    if peak < DIFFERENT / 2:
        return None
    line = difference[apart >= peak * 0.85].mean(axis=0)
    length = float(np.linalg.norm(line)) or 1.0
    along = np.clip(difference @ line / length**2, 0.0, 1.0)
    off = np.linalg.norm(difference - along[..., None] * line, axis=2)
    drawn = apart > peak * 0.15
    mono = float((off[drawn] < MONO_SPREAD).mean()) >= MONO_CROP
    cover = along if mono else np.clip(apart / min(peak * 0.7, 2 * DIFFERENT), 0.0, 1.0)
    cover[apart < FAINT] = 0.0
    return _look(cover.astype(np.float32), pixels, mono, ground.mean(axis=(0, 1)))


def inside_frame(pixels: Cells) -> tuple[Cells, Cells]:
    """A crop without a button's frame around it, and the ground behind what it shows.

    The ground is a plane of colour, because toolbars shade from top to bottom. The innermost ring
    that lies on such a plane is its edge, so that a frame outside that ring is cut off.
    """
    height, width = pixels.shape[:2]
    best: tuple[float, int, Cells] | None = None
    for inset in range(min(FRAME, min(height, width) // 6) + 1):
        part = pixels[inset : height - inset, inset : width - inset]
        ground, share = _plane(part)
        if best is None or share >= max(EVEN, best[0]) or (share > best[0] and best[0] < EVEN):
            best = share, inset, ground
    assert best is not None
    _, inset, ground = best
    return pixels[inset : height - inset, inset : width - inset], ground


def _plane(part: Cells) -> tuple[Cells, float]:
    """The plane of colour through a crop's edge, and the share of the edge that lies on it."""
    height, width = part.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width]
    terms = np.stack([np.ones_like(rows), rows, columns], axis=-1).astype(np.float32)
    edge = np.zeros((height, width), bool)
    edge[[0, -1]] = edge[:, [0, -1]] = True
    known: Any = terms[edge]
    colours: Any = part[edge]
    middle: Any = np.median(colours, axis=0)
    near = np.abs(colours - middle).max(axis=1) <= DIFFERENT
    chosen = near if near.sum() >= 3 else np.ones(len(near), bool)
    fit = np.linalg.lstsq(known[chosen], colours[chosen], rcond=None)[0]
    share = float((np.abs(colours - known @ fit).max(axis=1) <= ON_PLANE).mean())
    return (terms @ fit).astype(np.float32), share


def drawn_box(cover: Any) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what is drawn."""
    rows = np.flatnonzero((cover > 0.3).any(axis=1))
    columns = np.flatnonzero((cover > 0.3).any(axis=0))
    if not len(rows) or not len(columns):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _look(cover: Cells, rgb: Cells, mono: bool, ground: Cells | None = None) -> Look | None:
    box = drawn_box(cover)
    if box is None:
        return None
    left, top, right, bottom = box
    part, inked = cover[top:bottom, left:right], rgb[top:bottom, left:right]
    on_white = inked * part[..., None] + 255.0 * (1 - part[..., None])
    small, white = _square(part, 0.0), _square(on_white, 255.0)
    shade = small * 255 if mono else 255 - white.mean(axis=2)
    colour = white if ground is None else _square(inked, ground)
    proportion = float(np.log((right - left) / (bottom - top)))
    return Look(small, colour, mono, proportion, _hash(shade), float(small.mean()), ground)


def _square(part: Cells, padding: Any) -> Cells:
    """A part in its own proportions in the middle of a small square."""
    import cv2

    height, width = part.shape[:2]
    side = max(width, height)
    square = np.empty((side, side, *part.shape[2:]), np.float32)
    square[...] = padding
    x, y = (side - width) // 2, (side - height) // 2
    square[y : y + height, x : x + width] = part
    how = cv2.INTER_AREA if side >= SIDE else cv2.INTER_LINEAR
    return cv2.resize(square, (SIDE, SIDE), interpolation=how).astype(np.float32)


def _hash(shade: Cells) -> int:
    """Which low frequencies stand out; those that symmetry makes zero stay zero in every size."""
    import cv2

    low: Any = cv2.dct(shade.astype(np.float32))[:8, :8].ravel()
    low[0] = 0.0
    bits = low > STANDS_OUT * np.abs(low).max()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _moved(cells: Cells, dx: int, dy: int) -> Cells:
    return np.roll(cells, (dy, dx), axis=(0, 1)) if dx or dy else cells


def _alike(colour: Cells, other: Cells, dx: int, dy: int) -> bool:
    apart = np.abs(colour - _moved(other, dx, dy)).max(axis=2)
    return float(apart.mean()) <= MEAN_LEVELS and _worst_block(apart) <= BLOCK_LEVELS


def _worst_block(difference: Cells) -> float:
    count = SIDE // BLOCK
    return float(difference.reshape(count, BLOCK, count, BLOCK).mean(axis=(1, 3)).max())
