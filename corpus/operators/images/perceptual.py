"""A perceptual hash of 64 bits: which low frequencies of a small grey picture stand above the median.

The definition, which is exact (all sums are whole numbers below 2^53, so that every machine finds
the same bits): grey as `cv2.COLOR_RGB2GRAY`; 32 by 32 cells, each the mean of what lies in it; of
their DCT-II with cosines times 2^13 in whole numbers, the 8 by 8 lowest frequencies by rows; a bit
is set where its frequency is above the median of the 63 that are no mean and above a hundredth of
the largest of them, so that what symmetry makes zero stays zero. The mean's own bit is never set.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

SIDE: Final = 32
LOW: Final = 8
BYTES: Final = LOW * LOW // 8
STANDS_OUT: Final = 0.01
COSINES: Final = np.rint(
    (1 << 13)
    * np.cos(np.pi * (2 * np.arange(SIDE) + 1)[None, :] * np.arange(LOW)[:, None] / (2 * SIDE))
)
Hashes = npt.NDArray[np.uint8]


def cells(grey: Any, side: int = SIDE) -> Any:
    """A grey picture as `side` by `side` means, or interpolated where it is smaller."""
    import cv2

    return cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA)


def hashes(squares: Any) -> Hashes:
    """The hashes of `(n, 32, 32)` cells, `(n, 8)` bytes each, most significant bit first."""
    waves = COSINES @ np.asarray(squares, np.float64) @ COSINES.T
    low = waves.reshape(-1, LOW * LOW)
    low[:, 0] = 0.0
    above = np.maximum(np.median(low[:, 1:], axis=1), STANDS_OUT * np.abs(low).max(axis=1))
    return np.packbits(low > above[:, None], axis=1)


def of_pixels(pixels: Any) -> bytes:
    """The hash of RGB pixels."""
    import cv2

    return bytes(hashes(cells(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))[None])[0])


def of_jpeg(data: bytes) -> bytes:
    """The hash of a JPEG's brightness, decoded no larger than it takes; a few bits off its pixels'.

    Raises ValueError where it is damaged.
    """
    import simplejpeg

    least = 2 * SIDE
    grey = simplejpeg.decode_jpeg(data, colorspace="GRAY", min_width=least, min_height=least)
    return bytes(hashes(cells(grey[..., 0])[None])[0])


def distance(one: bytes, other: bytes) -> int:
    """In how many bits two hashes differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
