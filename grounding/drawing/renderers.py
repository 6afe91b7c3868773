"""Who draws a parsed drawing, and how large: skia first, resvg where skia cannot.

Skia's SVG module is ten times as fast and knows no style sheets, so drawings with one go to resvg
first. Pixels are RGBA with straight alpha.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

Draw = Callable[[bytes, int, int, str], Any]
"""XML, width and height in pixels, and the ground: `white` or `none`."""
SLIMMEST: Final = 6.0
UNITS: Final = {
    "": 1.0,
    "px": 1.0,
    "pt": 1.25,
    "pc": 15.0,
    "mm": 3.543307,
    "cm": 35.43307,
    "in": 90.0,
}


def order(root: Any) -> tuple[tuple[str, Draw], ...]:
    """The renderers in the order they are tried on a drawing, with their names."""
    styled = any(True for _ in root.iter("{*}style"))
    both: tuple[tuple[str, Draw], ...] = (("skia", _skia), ("resvg", _resvg))
    return both[::-1] if styled else both


def fit(root: Any, side_px: int) -> tuple[int, int] | None:
    """Set the root's size so that its longer side is `side_px`; give it a view box if it has none."""
    box = [
        float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", root.get("viewBox") or "")
    ]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        wide, high = box[2], box[3]
    else:
        wide, high = length(root.get("width")), length(root.get("height"))
        if not (wide > 0 and high > 0):
            return None
        root.set("viewBox", f"0 0 {wide:g} {high:g}")
    if not 1 / SLIMMEST <= wide / high <= SLIMMEST:
        return None
    scale = side_px / max(wide, high)
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    root.set("width", str(width))
    root.set("height", str(height))
    return width, height


def length(value: str | None) -> float:
    """A length in user units; zero for what is none."""
    found = re.fullmatch(
        r"\s*(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(px|pt|pc|mm|cm|in|)\s*", value or ""
    )
    return float(found[1]) * UNITS[found[2]] if found else 0.0


def _skia(data: bytes, width: int, height: int, ground: str) -> Any:
    import skia

    dom = skia.SVGDOM.MakeFromStream(skia.MemoryStream(data))
    if dom is None:
        return None
    surface = skia.Surface(width, height)
    with surface as canvas:
        canvas.clear(skia.ColorWHITE if ground == "white" else skia.ColorTRANSPARENT)
        dom.setContainerSize(skia.Size(width, height))
        dom.render(canvas)
    return surface.toarray(colorType=skia.kRGBA_8888_ColorType)


def _resvg(data: bytes, width: int, height: int, ground: str) -> Any:
    import cv2
    import numpy as np
    import resvg_py

    text = data.decode("utf-8")
    behind = None if ground == "none" else ground
    try:
        png = resvg_py.svg_to_bytes(svg_string=text, width=width, height=height, background=behind)
    except ValueError:
        return None
    decoded = cv2.imdecode(np.frombuffer(bytes(png), np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.ndim != 3:
        return None
    known = cv2.COLOR_BGRA2RGBA if decoded.shape[2] == 4 else cv2.COLOR_BGR2RGBA
    return cv2.cvtColor(decoded, known)
