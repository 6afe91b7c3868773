"""A checked file to RGB pixels on white: JPEG by libjpeg-turbo, the others by OpenCV.

At most 16 bytes are held for each pixel of the file: 512 MB for the largest that is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from corpus.operators.images.header import DAMAGED, Header, refused

BAND_ROWS: Final = 256
TURNS: Final = {3: "ROTATE_180", 6: "ROTATE_90_CLOCKWISE", 8: "ROTATE_90_COUNTERCLOCKWISE"}


def decoded(header: Header, least: tuple[int, int]) -> tuple[Any, tuple[str, ...]]:
    """RGB pixels as they lie in the file, and what was done to have them.

    A JPEG may come at a half, a quarter or an eighth where that is not smaller than `least`
    (width, height): libjpeg makes those from the frequencies, without the pixels between.
    """
    pixels, done = _jpeg(header, least) if header.form == "jpeg" else _other(header)
    if header.moving:
        done = ("first frame", *done)
    return pixels, done


def upright(pixels: Any, orientation: int) -> Any:
    """The pixels turned as EXIF's number says."""
    import cv2

    if orientation in TURNS:
        return cv2.rotate(pixels, getattr(cv2, TURNS[orientation]))
    if orientation in {5, 7}:
        pixels = cv2.transpose(pixels)
    flips = {2: 1, 4: 0, 7: -1}
    return cv2.flip(pixels, flips[orientation]) if orientation in flips else pixels


def _jpeg(header: Header, least: tuple[int, int]) -> tuple[Any, tuple[str, ...]]:
    import simplejpeg

    printed = header.colours != "rgb"
    try:
        pixels = simplejpeg.decode_jpeg(
            header.data, colorspace="CMYK" if printed else "RGB",
            min_width=least[0], min_height=least[1],
        )  # fmt: skip
    except ValueError as error:
        raise refused(DAMAGED) from error
    if not printed:
        return pixels, ()
    return _from_print(pixels, inverted=header.colours.startswith("inverted")), (header.colours,)


def _from_print(cmyk: Any, *, inverted: bool) -> Any:
    """Each ink's light times black's, as viewers without a colour profile show it."""
    rgb = np.empty((*cmyk.shape[:2], 3), np.uint8)
    for rows in _bands(len(cmyk)):
        light = cmyk[rows] if inverted else 255 - cmyk[rows]
        rgb[rows] = _scaled(light[..., :3], light[..., 3:])
    return rgb


def _other(header: Header) -> tuple[Any, tuple[str, ...]]:
    import cv2

    pixels = cv2.imdecode(np.frombuffer(header.data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.shape[:2] != (header.height, header.width):
        raise refused(DAMAGED)
    done: tuple[str, ...] = ()
    if pixels.dtype == np.uint16:
        pixels, done = _eight_bits(pixels), ("16 bits to 8",)
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), done
    if pixels.shape[2] == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), done
    return _on_white(pixels), (*done, "on white")


def _eight_bits(pixels: Any) -> Any:
    """Sixteen bits to the nearest of eight."""
    small = np.empty(pixels.shape, np.uint8)
    for rows in _bands(len(pixels)):
        small[rows] = (pixels[rows].astype(np.uint32) + 128) // 257
    return small


def _on_white(bgra: Any) -> Any:
    """What shows of it on a white page."""
    rgb = np.empty((*bgra.shape[:2], 3), np.uint8)
    for rows in _bands(len(bgra)):
        rgb[rows] = 255 - _scaled(255 - bgra[rows, :, 2::-1], bgra[rows, :, 3:])
    return rgb


def _scaled(levels: Any, by: Any) -> Any:
    """Levels times a share of 255, to the nearest."""
    return ((levels.astype(np.uint16) * by + 127) // 255).astype(np.uint8)


def _bands(rows: int) -> Iterator[slice]:
    """All rows, some at a time, so that wider numbers are held for a few of them only."""
    return (slice(top, top + BAND_ROWS) for top in range(0, rows, BAND_ROWS))
