"""Perfect crops: a name drawn as it should look, so that an engine's own errors are known.

The font is the one that the desktop was told to use where this host has it, the size is fitted to
the width at which the name was read on the screen, the colours are the crop's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from envs.types import Pixels
from grounding.precision.engines import ground_of

FALLBACKS: Final = ("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Sans Hebrew")
DEFAULT_PX: Final = 13.3
"""Ten points at 96 dots per inch."""
SIZES_PX: Final = (8.0, 48.0)
MEASURED_PX: Final = 16.0
EDGE_PX: Final = 3


def size_of(name: str, family: str, width_px: float) -> float:
    """The size at which the name is that wide."""
    drawn_px = float(_paragraph(name, family, MEASURED_PX, (0, 0, 0)).LongestLine)
    least, most = SIZES_PX
    return min(max(MEASURED_PX * width_px / max(drawn_px, 1.0), least), most)


def crop(name: str, family: str, size_px: float, like: Pixels) -> Pixels:
    """The name alone, drawn in the colours of a crop."""
    import skia

    ground = ground_of(like)
    text = _paragraph(name, family, size_px, _ink(like, ground))
    width, height = int(text.LongestLine) + 2 * EDGE_PX + 1, int(text.Height) + 2 * EDGE_PX
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    canvas.clear(skia.Color(*ground))
    text.paint(canvas, EDGE_PX, EDGE_PX)
    pixels = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)
    return np.ascontiguousarray(pixels[..., :3])


def drawn_in(family: str) -> str:
    """The family that a wish for `family` is drawn in on this host."""
    import skia

    face = skia.FontMgr().matchFamily(family)
    return family if face.count() else FALLBACKS[0]


def _ink(pixels: Pixels, ground: tuple[int, int, int]) -> tuple[int, int, int]:
    """The colour of a crop that differs most from its ground."""
    colours = pixels.reshape(-1, 3).astype(int)
    far = np.abs(colours - np.array(ground)).sum(axis=1)
    red, green, blue = colours[int(far.argmax())].tolist()
    return red, green, blue


def _paragraph(
    name: str, family: str, size_px: float, colour: Sequence[int], width_px: float = 8000.0
) -> Any:
    import skia

    layout = skia.textlayout
    style = layout.TextStyle()
    style.setFontSize(size_px)
    style.setFontFamilies([family, *FALLBACKS])
    style.setColor(skia.Color(*colour))
    builder = layout.ParagraphBuilder.make(
        layout.ParagraphStyle(), _fonts(), skia.Unicodes.ICU.Make()
    )
    builder.pushStyle(style)
    builder.addText(name)
    text = builder.Build()
    text.layout(width_px)
    return text


@cache
def _fonts() -> Any:
    import skia

    fonts = skia.textlayout.FontCollection()
    fonts.setDefaultFontManager(skia.FontMgr())
    return fonts
