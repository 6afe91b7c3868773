"""Small pictures of screens, for walls of them and for people in a hurry.

JPEG: at 320 pixels it takes a thirtieth of the time that WebP does, and a wall makes many.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from envs.types import Pixels

QUALITY: Final = 82


def shrunk(pixels: Pixels, width: int) -> Pixels:
    """An RGB screen of at most that width, each of its pixels the mean of those it stands for."""
    import cv2

    if pixels.shape[1] <= width:
        return np.ascontiguousarray(pixels)
    size = (width, max(1, round(pixels.shape[0] * width / pixels.shape[1])))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def jpeg(pixels: Pixels) -> bytes:
    """An RGB picture as a JPEG."""
    import simplejpeg

    return bytes(simplejpeg.encode_jpeg(pixels, QUALITY, "RGB", "444"))
