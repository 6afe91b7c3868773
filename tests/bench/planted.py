"""Pictures with planted near duplicates, and icons that look alike and are not: truth by making them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
import simplejpeg

MILD: Final = (
    "resized",
    "written anew",
    "cut to 0.95",
    "cut to 0.9",
    "framed",
    "brighter or darker",
)
GLYPHS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789?!+-&@"
FRAMES: Final = 12


def resized(pixels: Any, draw: random.Random) -> Any:
    by = draw.uniform(0.4, 0.9)
    how = draw.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA))
    return cv2.resize(pixels, None, fx=by, fy=by, interpolation=how)


def written(pixels: Any, draw: random.Random) -> Any:
    data = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=draw.randint(25, 70),
                                  colorsubsampling="420")  # fmt: skip
    return simplejpeg.decode_jpeg(data)


def cut(share: float) -> Callable[[Any, random.Random], Any]:
    def change(pixels: Any, draw: random.Random) -> Any:
        height, width = (int(n * share) for n in pixels.shape[:2])
        top, left = (
            draw.randint(0, pixels.shape[0] - height),
            draw.randint(0, pixels.shape[1] - width),
        )
        return pixels[top : top + height, left : left + width]

    return change


def framed(pixels: Any, draw: random.Random) -> Any:
    edge = int(max(pixels.shape[:2]) * draw.uniform(0.03, 0.12))
    colour = draw.choice(((255, 255, 255), (0, 0, 0), (128, 128, 128), (200, 30, 30)))
    return cv2.copyMakeBorder(pixels, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=colour)


def brighter(pixels: Any, draw: random.Random) -> Any:
    gain, offset = draw.choice((0.75, 0.85, 1.15, 1.25)), draw.randint(-12, 12)
    return np.clip(pixels * gain + offset, 0, 255).astype(np.uint8)


def lettered(pixels: Any, draw: random.Random) -> Any:
    page = np.ascontiguousarray(pixels).copy()
    height, width = page.shape[:2]
    at = int(width * draw.uniform(0.02, 0.3)), int(height * draw.uniform(0.2, 0.95))
    text = draw.choice(("sample", "(c) 2009 photo", "www.example.org", "PREVIEW"))
    size, colour = (
        max(height, width) / 448 * draw.uniform(0.7, 1.3),
        draw.choice(((0, 0, 0), (255, 0, 0))),
    )
    return cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 2, cv2.LINE_AA)


KINDS: Final[dict[str, Callable[[Any, random.Random], Any]]] = {
    "resized": resized,
    "written anew": written,
    "cut to 0.95": cut(0.95),
    "cut to 0.9": cut(0.9),
    "cut to 0.8": cut(0.8),
    "framed": framed,
    "brighter or darker": brighter,
    "lettered over": lettered,
}


def look_alikes(draw: random.Random) -> list[Any]:
    """Icons in families: one frame in one colour each, and in it a letter or sign of its own."""
    icons = []
    for _ in range(FRAMES):
        ground, ink = ([draw.randrange(256) for _ in range(3)] for _ in range(2))
        ink = [255 - n for n in ground] if abs(sum(ground) - sum(ink)) < 150 else ink
        round_one, size = draw.random() < 0.5, draw.uniform(2.2, 3.4)
        for glyph in GLYPHS:
            icon = np.full((256, 256, 3), 255, np.uint8)
            if round_one:
                cv2.circle(icon, (128, 128), 118, ground, -1, cv2.LINE_AA)
            else:
                cv2.rectangle(icon, (14, 14), (242, 242), ground, -1)
            (wide, high), _ = cv2.getTextSize(glyph, cv2.FONT_HERSHEY_SIMPLEX, size, 10)
            at = 128 - wide // 2, 128 + high // 2
            icons.append(
                cv2.putText(icon, glyph, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, 10, cv2.LINE_AA)
            )
    return icons
