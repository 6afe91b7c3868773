"""The pictures of one icon, made in a worker: nothing here trusts a byte of what it is given.

A drawing for any size is drawn at each of `SIZES`, one for a size at that size too, a PNG is taken
at the size it has. Pictures keep their transparency; of a size the first one stays.
"""

from __future__ import annotations

import struct
from copy import deepcopy
from typing import Any, Final

from grounding.drawing.renderers import fit, order
from grounding.drawing.svg import Refused, parse
from grounding.pictures import png

SIZES: Final = (24, 48, 96)
NATIVE: Final = (12, 96)
"""Sizes in pixels of files that are taken as they are."""
COMPRESSION: Final = 6
"""Without a filter a seventh smaller than an encoder for photographs makes it at level 9, in a tenth of the time."""
FILE_BYTES: Final = 1 << 20
PNG_PX: Final = 1024
SEEN_ALPHA: Final = 24
SEEN_SHARE: Final = 0.004
"""A picture with less of it above that alpha shows nothing."""
PNG_HEAD: Final = struct.Struct(">8s4x4sIIBBB")


def paint(task: dict[str, Any]) -> dict[str, Any]:
    """`{"pictures": [{"png", "width", "height", "made", "file"}], "refused": [[file, reason]]}`."""
    pictures: dict[tuple[int, int], dict[str, Any]] = {}
    refused: list[list[Any]] = []
    for number, given in enumerate(task["files"]):
        try:
            drawn = _drawing(given["data"], given["size_px"], given["sizes"])
        except Refused as refusal:
            refused.append([number, str(refusal)])
            continue
        for made, pixels in drawn:
            key = pixels.shape[1], pixels.shape[0]
            if key not in pictures:
                pictures[key] = _encoded(pixels, made, number)
    return {"pictures": [pictures[key] for key in sorted(pictures)], "refused": refused}


def _drawing(data: bytes, size_px: int, sizes: list[int]) -> list[tuple[str, Any]]:
    """The pictures of one file, each with how it was made. Raises Refused."""
    if len(data) > FILE_BYTES:
        raise Refused("too large")
    if data.startswith(b"\x89PNG"):
        return [("file", _png(data))]
    wanted = sorted({*([size_px] if NATIVE[0] <= size_px <= NATIVE[1] else []), *sizes})
    root = parse(data)
    return [_svg(deepcopy(root), size) for size in wanted]


def _svg(root: Any, size_px: int) -> tuple[str, Any]:
    """One file drawn at one size, by the first renderer that shows something; its root is changed."""
    from lxml import etree

    if etree.QName(root).localname != "svg":
        raise Refused("is no drawing")
    if fit(root, size_px) is None:
        raise Refused("no usable size")
    width, height = int(root.get("width")), int(root.get("height"))
    for name, draw in order(root):
        pixels = draw(etree.tostring(root), width, height, "none")
        if pixels is not None and _shows(pixels):
            return name, pixels
    raise Refused("renders blank")


def _png(data: bytes) -> Any:
    """The pixels of a PNG of a bearable size, RGBA."""
    import cv2
    import numpy as np

    if len(data) < PNG_HEAD.size:
        raise Refused("is no whole PNG")
    _, kind, width, height, _, _, _ = PNG_HEAD.unpack_from(data)
    if kind != b"IHDR" or not (0 < width <= PNG_PX and 0 < height <= PNG_PX):
        raise Refused("has no usable size")
    if not (NATIVE[0] <= max(width, height) <= NATIVE[1]) or max(width, height) > 6 * min(
        width, height
    ):
        raise Refused("is of a size that is not kept")
    pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint8:
        raise Refused("is no whole PNG")
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    known = {1: cv2.COLOR_GRAY2RGBA, 3: cv2.COLOR_BGR2RGBA, 4: cv2.COLOR_BGRA2RGBA}
    if channels not in known:
        raise Refused("has channels that are not read")
    pixels = cv2.cvtColor(pixels, known[channels])
    if not _shows(pixels):
        raise Refused("renders blank")
    return pixels


def _shows(pixels: Any) -> bool:
    """Whether enough of it can be seen."""
    return float((pixels[..., 3] > SEEN_ALPHA).mean()) >= SEEN_SHARE


def _encoded(pixels: Any, made: str, number: int) -> dict[str, Any]:
    import numpy as np

    pixels = np.ascontiguousarray(pixels)
    pixels[pixels[..., 3] == 0] = 0  # what cannot be seen must not tell two pictures apart
    height, width = pixels.shape[:2]
    return {
        "png": png(pixels, COMPRESSION),
        "width": width,
        "height": height,
        "made": made,
        "file": number,
    }
