"""Pictures without transparency: readers that drop the alpha must see what a person sees."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from grounding.pictures import png

LIGHT: Final = 245
DARK: Final = 40
PALE: Final = 160
"""A picture whose drawn pixels are on average lighter stands on a dark ground."""


def opaque(data: bytes) -> bytes:
    """A picture on the plain ground it is seen best on."""
    import cv2

    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    if pixels.shape[2] == 3:
        return data
    rgba: Any = cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA)
    alpha = rgba[..., 3:].astype(np.float32) / 255.0
    weight = float(alpha.sum()) or 1.0
    mean = float((rgba[..., :3].mean(axis=2, keepdims=True) * alpha).sum()) / weight
    ground = DARK if mean > PALE else LIGHT
    flat = rgba[..., :3] * alpha + ground * (1 - alpha)
    return png(np.ascontiguousarray(np.rint(flat).astype(np.uint8)))
