"""One clip-art file to pixels, in a worker: skia first, resvg where skia cannot, white behind.

The longer side becomes `side_px`. What skia shows blank goes to resvg too.
"""

from __future__ import annotations

from typing import Any, Final

from corpus.categories.caption.svg import inspect
from grounding.drawing.renderers import Draw, fit, order
from grounding.drawing.svg import Refused, parse
from infra.files import sha256_bytes

VERSION: Final = "render-5"
SPREAD: Final = 3.0
QUALITY: Final = 92
CROP_BELOW: Final = 0.45
MARGIN: Final = 0.06
INK_BELOW: Final = 250


def describe(task: dict[str, Any]) -> dict[str, Any]:
    """What the file says of itself (see `svg.inspect`)."""
    return inspect(task["data"])


def render(task: dict[str, Any]) -> dict[str, Any]:
    """`{"data", "suffix", "width", "height", "pixels", "renderer", "cropped"}`, or `{"reason"}` why there is no picture."""
    try:
        root = parse(task["data"])
    except Refused as refusal:
        return {"reason": str(refusal)}
    size = fit(root, task["side_px"])
    if size is None:
        return {"reason": "no usable size"}
    for name, draw in order(root):
        pixels = _drawn(root, draw, size)
        if pixels is None:
            continue
        closer = _closer(root, pixels, task["side_px"])
        near = _drawn(root, draw, closer) if closer else None
        return {**_encoded(pixels if near is None else near, name), "cropped": near is not None}
    return {"reason": "renders blank"}


def _drawn(root: Any, draw: Draw, size: tuple[int, int]) -> Any:
    """The pixels of one renderer, or None where it shows nothing."""
    import cv2
    from lxml import etree

    painted = draw(etree.tostring(root), *size, "white")
    if painted is None:
        return None
    pixels: Any = cv2.cvtColor(painted, cv2.COLOR_RGBA2RGB)
    if float(cv2.meanStdDev(pixels)[1].max()) < SPREAD:
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
    return fit(root, side_px)


def _encoded(pixels: Any, renderer: str) -> dict[str, Any]:
    import numpy as np
    import simplejpeg

    pixels = np.ascontiguousarray(pixels)
    jpeg = simplejpeg.encode_jpeg(pixels, quality=QUALITY, colorspace="RGB", colorsubsampling="444")
    height, width = pixels.shape[:2]
    return {
        "data": jpeg,
        "suffix": "jpg",
        "width": width,
        "height": height,
        "pixels": sha256_bytes(f"{width}x{height}\0".encode() + pixels.tobytes()),
        "renderer": renderer,
    }
