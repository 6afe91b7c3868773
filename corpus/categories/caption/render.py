"""One clip-art file to pixels, in a worker: skia first, resvg where skia cannot, white behind.

The longer side becomes `side_px`. Skia's SVG module is ten times as fast and knows no style sheets, so
files with one go to resvg, as do files that skia shows blank.
"""

from __future__ import annotations

import re
from typing import Any, Final

from corpus.categories.caption.svg import Refused, inspect, parse
from infra.files import sha256_bytes

VERSION: Final = "render-4"
SLIMMEST: Final = 6.0
SPREAD: Final = 3.0
QUALITY: Final = 92
CROP_BELOW: Final = 0.45
MARGIN: Final = 0.06
INK_BELOW: Final = 250
UNITS: Final = {
    "": 1.0,
    "px": 1.0,
    "pt": 1.25,
    "pc": 15.0,
    "mm": 3.543307,
    "cm": 35.43307,
    "in": 90.0,
}


def describe(task: dict[str, Any]) -> dict[str, Any]:
    """What the file says of itself (see `svg.inspect`)."""
    return inspect(task["data"])


def render(task: dict[str, Any]) -> dict[str, Any]:
    """`{"jpeg", "width", "height", "pixels", "renderer"}`, or `{"reason"}` why there is no picture."""
    try:
        root = parse(task["data"])
    except Refused as refusal:
        return {"reason": str(refusal)}
    size = _fit(root, task["side_px"])
    if size is None:
        return {"reason": "no usable size"}
    styled = any(True for _ in root.iter("{*}style"))
    for name, draw in _order(styled):
        pixels = _drawn(root, draw, size)
        if pixels is None:
            continue
        closer = _closer(root, pixels, task["side_px"])
        near = _drawn(root, draw, closer) if closer else None
        return {**_encoded(pixels if near is None else near, name), "cropped": near is not None}
    return {"reason": "renders blank"}


def _drawn(root: Any, draw: Any, size: tuple[int, int]) -> Any:
    """The pixels of one renderer, or None where it shows nothing."""
    import cv2
    from lxml import etree

    pixels = draw(etree.tostring(root), *size)
    if pixels is None or max(cv2.meanStdDev(pixels)[1])[0] < SPREAD:
        return None
    return pixels


def _closer(root: Any, pixels: Any, side_px: int) -> tuple[int, int] | None:
    """Narrow the view box to what is drawn, with a margin, where that is under half the page."""
    import numpy as np

    drawn = np.minimum(np.minimum(pixels[..., 0], pixels[..., 1]), pixels[..., 2]) < INK_BELOW
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows) or not len(columns):
        return None
    height, width = pixels.shape[:2]
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    if (bottom - top) * (right - left) >= CROP_BELOW * width * height:
        return None
    x, y, wide, high = (float(n) for n in root.get("viewBox").replace(",", " ").split())
    unit = max(wide / width, high / height)
    margin = MARGIN * max(bottom - top, right - left) * unit
    box = (
        x + left * unit - margin, y + top * unit - margin,
        (right - left) * unit + 2 * margin, (bottom - top) * unit + 2 * margin,
    )  # fmt: skip
    root.set("viewBox", " ".join(f"{n:.6g}" for n in box))
    return _fit(root, side_px)


def _order(styled: bool) -> tuple[tuple[str, Any], ...]:
    both = (("skia", _skia), ("resvg", _resvg))
    return both[::-1] if styled else both


def _fit(root: Any, side_px: int) -> tuple[int, int] | None:
    """Set the root's size so that its longer side is `side_px`; give it a view box if it has none."""
    box = [
        float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", root.get("viewBox") or "")
    ]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        wide, high = box[2], box[3]
    else:
        wide, high = _length(root.get("width")), _length(root.get("height"))
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


def _length(value: str | None) -> float:
    found = re.fullmatch(
        r"\s*(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(px|pt|pc|mm|cm|in|)\s*", value or ""
    )
    return float(found[1]) * UNITS[found[2]] if found else 0.0


def _skia(data: bytes, width: int, height: int) -> Any:
    import cv2
    import skia

    dom = skia.SVGDOM.MakeFromStream(skia.MemoryStream(data))
    if dom is None:
        return None
    surface = skia.Surface(width, height)
    with surface as canvas:
        canvas.clear(skia.ColorWHITE)
        dom.setContainerSize(skia.Size(width, height))
        dom.render(canvas)
    pixels = surface.toarray(colorType=skia.kRGBA_8888_ColorType)
    return cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB)


def _resvg(data: bytes, width: int, height: int) -> Any:
    import cv2
    import numpy as np
    import resvg_py

    try:
        png = resvg_py.svg_to_bytes(
            svg_string=data.decode("utf-8"), width=width, height=height, background="white"
        )
    except ValueError:
        return None
    decoded = cv2.imdecode(np.frombuffer(bytes(png), np.uint8), cv2.IMREAD_COLOR)
    return None if decoded is None else cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)


def _encoded(pixels: Any, renderer: str) -> dict[str, Any]:
    import numpy as np
    import simplejpeg

    pixels = np.ascontiguousarray(pixels)
    jpeg = simplejpeg.encode_jpeg(pixels, quality=QUALITY, colorspace="RGB", colorsubsampling="444")
    height, width = pixels.shape[:2]
    return {
        "jpeg": jpeg,
        "width": width,
        "height": height,
        "pixels": sha256_bytes(f"{width}x{height}\0".encode() + pixels.tobytes()),
        "renderer": renderer,
    }
