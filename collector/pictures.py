"""Pictures made small, and safe to send: whatever a file held, what leaves here was encoded here."""

from __future__ import annotations

from typing import Final

from envs.types import Pixels
from infra.errors import Corrupt

WEBP_QUALITY: Final = 72
JPEG_QUALITY: Final = 88
"""At this, without subsampling of colours, small letters of a screen stay as they were."""


def webp(pixels: Pixels, widest_px: int, quality: int = WEBP_QUALITY) -> bytes:
    """RGB or RGBA pixels as WebP, at most so wide; a quality above 100 loses nothing."""
    import cv2

    turn = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    turned = cv2.cvtColor(shrunk(pixels, widest_px), turn)
    written, data = cv2.imencode(".webp", turned, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not written:
        raise Corrupt("a picture does not encode", "reinstall opencv-python")
    return bytes(data.tobytes())


def jpeg(pixels: Pixels) -> bytes:
    """RGB pixels as JPEG: a whole screen in some 10 ms, where WebP takes 100 for half the bytes."""
    import numpy as np
    import simplejpeg

    whole = np.ascontiguousarray(pixels)
    data: bytes = simplejpeg.encode_jpeg(whole, quality=JPEG_QUALITY, colorsubsampling="444")
    return data


def shrunk(pixels: Pixels, widest_px: int) -> Pixels:
    """The pixels, at most so wide, in their proportions."""
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    if width <= widest_px:
        return pixels
    size = (widest_px, max(1, round(height * widest_px / width)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
