"""What a picture file says of itself, read before anything is decoded; most refusals happen here.

Each form has a module with `read(data) -> Header`. Only what shows the still picture is handed on
to a decoder: colour profiles, texts, thumbnails and later frames never reach one.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import Any, Final

from infra.errors import HostileInput
from infra.limits import SCREEN_PIXELS, SOURCE_FILE_BYTES

FORMS: Final = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF8": "gif",
    b"RIFF": "webp",
}
MOST_PARTS: Final = 20_000
"""Segments, chunks or blocks of one file."""
MOST_RATIO: Final = 30
"""Longer side by shorter side."""

LARGE: Final = "a file larger than any we read"
UNKNOWN: Final = "not JPEG, PNG, GIF or WebP"
UNREAD: Final = "a kind of its format that is not read"
CUT: Final = "cut short"
DAMAGED: Final = "damaged"
PARTS: Final = "too many parts"
EMPTY: Final = "no width or no height"
BOMB: Final = "too many pixels"
SCANS: Final = "too many scans"
RATIO: Final = "far longer than wide"
SMALL: Final = "too small"
BLANK: Final = "all of one colour"
REASONS: Final = (
    LARGE, UNKNOWN, UNREAD, CUT, DAMAGED, PARTS, EMPTY, BOMB, SCANS, RATIO, SMALL, BLANK,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """A file's form and size, and the bytes that show its still picture."""

    form: str
    width: int
    height: int
    data: bytes = field(repr=False)
    orientation: int = 1
    """EXIF's number, 1 to 8: how the pixels are turned to stand upright."""
    moving: bool = False
    """Whether there are more frames than the one in `data`."""
    colours: str = "rgb"
    """`cmyk`, or `inverted cmyk` as Adobe writes it, where a JPEG is made for print."""


def refused(reason: str) -> HostileInput:
    """The error for one of `REASONS`."""
    assert reason in REASONS, reason
    return HostileInput(reason)


def read(data: bytes, least_px: int = 1) -> Header:
    """The header of a picture that is worth decoding. Raises HostileInput with one of `REASONS`."""
    if len(data) > SOURCE_FILE_BYTES:
        raise refused(LARGE)
    form = next((form for mark, form in FORMS.items() if data.startswith(mark)), None)
    if form is None:
        raise refused(UNKNOWN)
    module: Any = importlib.import_module(f"corpus.operators.images.{form}")
    try:
        header: Header = module.read(data)
    except (IndexError, ValueError) as error:  # a field that lies behind the end
        raise refused(CUT) from error
    check_size(header.width, header.height, least_px)
    return header


def check_size(width: int, height: int, least_px: int) -> None:
    """Refuse pictures of no size, of too many pixels, far longer than wide, or too small to show anything."""
    shorter, longer = sorted((width, height))
    checks = (
        (shorter <= 0, EMPTY),
        (width * height > SCREEN_PIXELS, BOMB),
        (longer > MOST_RATIO * shorter, RATIO),
        (shorter < least_px, SMALL),
    )
    for holds, reason in checks:
        if holds:
            raise refused(reason)
