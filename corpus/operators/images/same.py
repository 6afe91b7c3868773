"""Whether two thumbnails show the same picture: they are aligned, and the pixels of the overlap decide.

Alignment climbs the enhanced correlation coefficient (Evangelidis and Psarakis, 2008) from where two
views lie, in two sizes. A picture that is resized, written anew, brighter or darker as a whole, cut
a little or framed is the same; one with a part that differs, turned, mirrored or recoloured is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from corpus.operators.images import perceptual
from corpus.operators.images.views import Box, Start

VERSION: Final = "same-1"
FEW: Final = 8
LIKELY: Final = 0.6
"""Cells a side, and their correlation below which it is not worth aligning."""
COARSE: Final = 64
STEPS: Final = 30
LAST_STEPS: Final = 12
MOST_OFF_IN_SMALL: Final = 0.06
NEAR_STEP: Final = 1e-4
BLUR: Final = 5
PROMISING: Final = 0.7
ALIGNED: Final = 0.8
"""Correlations, in small and as they are, below which nothing lies on its like."""
MOST_SHEAR: Final = 0.04
MOST_STRETCH: Final = 1.08
LEAST_AREA: Final = 0.4
"""Share of each picture that lies on the other."""
MOST_OUTSIDE: Final = 0.4
"""Share of each picture's edges that may lie outside of the other."""
LEVELS: Final = 24
"""Levels that a pixel may leave the range of its like's neighbours."""
GAIN: Final = (0.65, 1.55)
OFFSET: Final = 40.0
EVEN: Final = 25.0
"""Variance below which a gain cannot be told from an offset."""
EDGE: Final = 8.0
LEAST_EDGES: Final = 200
"""Pixels of edges in the overlap below which there is too little to go by."""
MOST_OFF: Final = 0.004
MOST_EDGES_OFF: Final = 0.02
MOST_PATCH: Final = 0.0004
"""Shares of the overlap that may differ: in all, of its edges, and in one patch."""


def same(one: Any, other: Any, starts: Iterable[Start]) -> bool:
    """Whether both thumbnails show the same; the first start from which they align decides."""
    for start in starts:
        inner, outer = (other, one) if start.turned else (one, other)
        if _likeness(inner, start.whole, outer, start.view) >= LIKELY:
            warp = _aligned(inner, outer, _between(start.whole, start.view))
            if warp is not None:
                return _shows_same(inner, outer, warp)
    return False


def _likeness(one: Any, box: Box, other: Any, its_like: Box) -> float:
    """The correlation of two boxes in so few cells that a small shift hardly shows."""
    few = []
    for pixels, (left, top, right, bottom) in ((one, box), (other, its_like)):
        cells = perceptual.cells(_grey(pixels)[top:bottom, left:right], FEW).astype(np.float64)
        few.append(cells - cells.mean())
    power = float((few[0] ** 2).sum() * (few[1] ** 2).sum())
    return float((few[0] * few[1]).sum()) / max(math.sqrt(power), 1.0)


def _grey(pixels: Any) -> Any:
    import cv2

    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def _between(box: Box, its_like: Box) -> Any:
    """The map from the inner picture's pixels to the outer's that lays one box on the other."""
    (left, top, right, bottom), (x, y, x_end, y_end) = box, its_like
    wide, high = (x_end - x) / (right - left), (y_end - y) / (bottom - top)
    return np.array([[wide, 0, x - wide * left], [0, high, y - high * top]], np.float32)


def _aligned(inner: Any, outer: Any, warp: Any) -> Any | None:
    """The map climbed to, where both correlate and it neither turns, shears nor stretches."""
    import cv2

    scale = COARSE / max(inner.shape)
    small, tiny = (
        cv2.resize(p, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for p in (inner, outer)
    )
    try:
        warp[:, 2] *= scale
        correlation, warp = _climbed(_grey(small), _grey(tiny), warp, STEPS)
        if correlation < PROMISING or _off_in_small(small, tiny, warp) > MOST_OFF_IN_SMALL:
            return None
        warp[:, 2] /= scale
        correlation, warp = _climbed(_grey(inner), _grey(outer), warp, LAST_STEPS)
    except cv2.error:  # it does not converge
        return None
    (wide, right), (down, high) = warp[:, :2].tolist()
    straight = max(abs(right), abs(down)) <= MOST_SHEAR * max(wide, high)
    even = 0 < wide <= MOST_STRETCH * high and 0 < high <= MOST_STRETCH * wide
    return warp if correlation >= ALIGNED and straight and even else None


def _off_in_small(inner: Any, outer: Any, warp: Any) -> float:
    """The share of what lies on its like and leaves what that shows."""
    overlap = _covered(inner, outer, warp)
    one, other = _as_bright(*_blurred(inner, _moved(outer, warp, inner)), overlap)
    off = overlap & (_leaves(one, other) | _leaves(other, one))
    return float(off.sum()) / max(1, int(overlap.sum()))


def _climbed(inner: Any, outer: Any, warp: Any, steps: int) -> tuple[float, Any]:
    import cv2

    climb: Any = cv2.findTransformECC  # its stub has no mask that is left out
    until = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, steps, NEAR_STEP)
    correlation, warp = climb(inner, outer, warp, cv2.MOTION_AFFINE, until, None, BLUR)
    return float(correlation), warp


def _shows_same(inner: Any, outer: Any, warp: Any) -> bool:
    overlap = _covered(inner, outer, warp)
    if not _enough(inner, overlap) or not _enough(outer, _seen(inner, outer, warp)):
        return False
    one, other = _blurred(inner, _moved(outer, warp, inner))
    return _pixels_agree(*_as_bright(one, other, overlap), overlap)


def _covered(inner: Any, outer: Any, warp: Any) -> Any:
    """What of the inner picture surely lies on the outer: not the outermost pixels of either."""
    import cv2

    full, back = np.full(outer.shape[:2], 255, np.uint8), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    mask = cv2.warpAffine(full, warp, inner.shape[1::-1], flags=back)
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return cv2.erode(padded, np.ones((5, 5)))[1:-1, 1:-1] > 250


def _moved(outer: Any, warp: Any, inner: Any) -> Any:
    """The outer picture where the inner one lies; beyond its edge the edge goes on."""
    import cv2

    back = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = inner.shape[1::-1]
    return cv2.warpAffine(outer, warp, size, flags=back, borderMode=cv2.BORDER_REPLICATE)


def _blurred(one: Any, other: Any) -> tuple[Any, Any]:
    """So much that neither noise nor half a pixel counts."""
    import cv2

    one, other = (cv2.GaussianBlur(p, (0, 0), 1.0).astype(np.float32) for p in (one, other))
    return one, other


def _seen(inner: Any, outer: Any, warp: Any) -> Any:
    """What of the outer picture lies on the inner."""
    import cv2

    full = np.full(inner.shape[:2], 255, np.uint8)
    return cv2.warpAffine(full, warp, outer.shape[1::-1]) > 128


def _enough(pixels: Any, overlap: Any) -> bool:
    """Whether the overlap holds enough of a picture and of what there is to see in it."""
    import cv2

    edges = _edges(_grey(pixels).astype(np.float32))
    near = cv2.dilate(overlap.astype(np.uint8), np.ones((9, 9))) > 0  # a frame's own edge is none
    outside = int((edges & ~near).sum()) / max(1, int(edges.sum()))
    return float(overlap.mean()) >= LEAST_AREA and outside <= MOST_OUTSIDE


def _edges(grey: Any) -> Any:
    import cv2

    return cv2.magnitude(cv2.Sobel(grey, 5, 1, 0), cv2.Sobel(grey, 5, 0, 1)) > 4 * EDGE


def _as_bright(one: Any, other: Any, overlap: Any) -> tuple[Any, Any]:
    """Both, the darker made as bright as the other by one gain and one offset for all colours."""
    if not overlap.any():
        return one, other
    if one[overlap].mean() > other[overlap].mean():
        one, other = other, one
    dark, bright = one[overlap].ravel(), other[overlap].ravel()
    free = (np.minimum(dark, bright) > 5) & (np.maximum(dark, bright) < 250)
    if free.sum() < LEAST_EDGES:
        return one, other
    dark, bright = dark[free], bright[free]
    spread = float(dark.var())
    gain = (
        float(((dark - dark.mean()) * (bright - bright.mean())).mean()) / spread
        if spread > EVEN
        else 1.0
    )
    gain = min(max(gain, GAIN[0]), GAIN[1])
    offset = min(max(float(bright.mean() - gain * dark.mean()), -OFFSET), OFFSET)
    fitted = np.clip(one * gain + offset, 0, 255)
    nearer = np.abs(fitted - other)[overlap].mean() < np.abs(one - other)[overlap].mean()
    return (fitted if nearer else one), other


def _pixels_agree(one: Any, other: Any, overlap: Any) -> bool:
    """Whether no pixel, but for a few and no patch of them, leaves what its like's neighbours show."""
    import cv2

    off = overlap & (_leaves(one, other) | _leaves(other, one))
    edges = overlap & (_edges(one.mean(axis=2)) | _edges(other.mean(axis=2)))
    there, drawn = int(overlap.sum()), int(edges.sum())
    if (
        drawn < LEAST_EDGES
        or off.sum() > MOST_OFF * there
        or (off & edges).sum() > MOST_EDGES_OFF * drawn
    ):
        return False
    _, _, patches, _ = cv2.connectedComponentsWithStats(off.astype(np.uint8), connectivity=8)
    return int(patches[1:, cv2.CC_STAT_AREA].max(initial=0)) <= MOST_PATCH * there


def _leaves(one: Any, other: Any) -> Any:
    import cv2

    around = np.ones((3, 3))
    above = one > cv2.dilate(other, around) + LEVELS
    return (above | (one < cv2.erode(other, around) - LEVELS)).any(axis=2)
