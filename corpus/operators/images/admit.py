"""Any picture file's bytes to upright RGB pixels and bytes of our own, or a refusal by name.

Time and memory are bounded by the header, which is read before anything is decoded. What decoders
crash on shows only when they run: callers with files of strangers run `answer` in `infra.workers`.
Equal bytes and rules give equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from corpus.operators.images import header
from corpus.operators.images.decode import decoded, upright
from corpus.operators.images.header import BLANK, Header, refused
from infra.errors import HostileInput
from infra.files import sha256_bytes

VERSION: Final = "admit-1"
EVEN_LEVELS: Final = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """How large pictures become, and as what they are written."""

    side_px: int = 448
    """The longest side; larger pictures are made smaller, smaller ones stay."""
    least_px: int = 16
    quality: int = 92
    lossless: bool = False
    """PNG instead of JPEG: for screens, whose letters JPEG smears."""


@dataclass(frozen=True, slots=True, eq=False)
class Admitted:
    """A picture that stands upright, and its bytes."""

    data: bytes = field(repr=False)
    suffix: str
    width: int
    height: int
    pixels: Any = field(repr=False)
    """RGB, `(height, width, 3)`, before `data` was encoded."""
    done: tuple[str, ...]
    """What was done to the file's own pixels, in that order; empty where nothing was."""


def admit(data: bytes, rules: Rules) -> Admitted:
    """The picture in a file. Raises HostileInput with one of `header.REASONS`."""
    pixels, done = shown(data, rules.side_px, rules.least_px)
    if int(pixels.max()) - int(pixels.min()) <= EVEN_LEVELS:
        raise refused(BLANK)
    height, width = pixels.shape[:2]
    suffix = "png" if rules.lossless else "jpg"
    return Admitted(_encoded(pixels, rules), suffix, width, height, pixels, done)


def shown(data: bytes, side_px: int, least_px: int = 1) -> tuple[Any, tuple[str, ...]]:
    """The RGB pixels of a file, upright and at most `side_px` long, and what was done to have them.

    Raises HostileInput.
    """
    head = header.read(data, least_px)
    size = fit(head, side_px)
    pixels, done = decoded(head, size)
    if size != (head.width, head.height):
        pixels, done = _smaller(pixels, size), (*done, "made smaller")
    if head.orientation != 1:
        pixels, done = upright(pixels, head.orientation), (*done, "turned upright")
    return pixels, done


def answer(task: dict[str, Any]) -> dict[str, Any]:
    """`admit` in a worker: `{"data", **rules}` to its fields, or `{"reason"}`.

    `pixels` is the hash of the size and the pixels, equal for pictures that show the same.
    """
    try:
        made = admit(task["data"], Rules(**{k: v for k, v in task.items() if k != "data"}))
    except HostileInput as error:
        return {"reason": error.message}
    size = f"{made.width}x{made.height}\0".encode()
    return {
        "data": made.data, "suffix": made.suffix, "width": made.width, "height": made.height,
        "pixels": sha256_bytes(size + made.pixels.tobytes()), "done": list(made.done),
    }  # fmt: skip


def fit(head: Header, side_px: int) -> tuple[int, int]:
    """Width and height of the file's pixels when the longer side is at most `side_px`."""
    longer = max(head.width, head.height)
    if longer <= side_px:
        return head.width, head.height
    width, height = (max(1, round(n * side_px / longer)) for n in (head.width, head.height))
    return width, height


def _smaller(pixels: Any, size: tuple[int, int]) -> Any:
    """Each pixel the mean of those it stands for."""
    import cv2

    if pixels.shape[1::-1] == size:
        return pixels
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _encoded(pixels: Any, rules: Rules) -> bytes:
    import numpy as np
    import simplejpeg

    from grounding.pictures import png

    pixels = np.ascontiguousarray(pixels)
    if rules.lossless:
        return png(pixels)
    jpeg: bytes = simplejpeg.encode_jpeg(
        pixels, quality=rules.quality, colorspace="RGB", colorsubsampling="444"
    )
    return jpeg
