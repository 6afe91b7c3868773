"""Pictures by what they show: an address is made of a content's hash, so what it gives never changes.

Everything is decoded within bounds and encoded anew before it is sent. An address that does not
have its form leads nowhere, and no part of one is joined into a path before it was recognised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from collector.pictures import jpeg, webp
from collector.views import corpus as corpora
from envs.recording import codec
from envs.types import Pixels
from infra.blobs import Blobs
from infra.errors import Corrupt, NotFound
from infra.files import sha256_bytes

WIDTHS: Final = (160, 320, 640)
"""Thumbnails are so wide."""
LARGEST_CROP: Final = 640
ENDINGS: Final = ("png", "jpg")
"""Of the pictures in a corpus."""
HELD: Final = 96
"""Encoded pictures that are held, of some 100 kB each."""
LOSSLESS: Final = 101

_SCREEN: Final = re.compile(r"([0-9a-f]{64})-(\d{1,5})x(\d{1,5})(?:\.jpg|-(\d{3})\.webp)")
_CROP: Final = re.compile(
    r"([0-9a-f]{64})-(\d{1,5})x(\d{1,5})-(\d{1,5})\.(\d{1,5})\.(\d{1,5})\.(\d{1,5})\.webp"
)
_FILE: Final = re.compile(r"([0-9a-f]{64})(?:-(\d{3}))?\.webp")


def screen_address(screen: Mapping[str, Any], width: int = 0) -> str:
    """Where a recorded screen is, whole or `width` pixels wide."""
    name = f"{screen['sha256']}-{screen['width']}x{screen['height']}"
    return f"/pictures/screens/{name}{f'-{width}.webp' if width else '.jpg'}"


def crop_address(screen: Mapping[str, Any], box: tuple[int, int, int, int]) -> str:
    """Where a part of a recorded screen is."""
    name = f"{screen['sha256']}-{screen['width']}x{screen['height']}"
    return f"/pictures/crops/{name}-{'.'.join(map(str, box))}.webp"


def icon_address(sha256: str) -> str:
    """Where a picture of the icon table is."""
    return f"/pictures/icons/{sha256}.webp"


def corpus_address(corpus: str, reference: str, width: int = 640) -> str:
    """Where a picture is that a sample of that corpus refers to."""
    return f"/pictures/corpora/{quote(corpus, safe='')}/{Path(reference).stem}-{width}.webp"


@lru_cache(HELD)
def screen(home: Path, name: str) -> bytes:
    """A screen as JPEG, or made small as WebP. Raises NotFound, Corrupt."""
    found = _parts(_SCREEN, name)
    pixels = _pixels(home, found[1], (int(found[2]), int(found[3])))
    return webp(pixels, _width(found[4])) if found[4] else jpeg(pixels)


@lru_cache(HELD)
def crop(home: Path, name: str) -> bytes:
    """A part of a screen. Raises NotFound, Corrupt."""
    found = _parts(_CROP, name)
    width, height, left, top, right, bottom = (int(part) for part in found.groups()[1:])
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise NotFound("that part is not on the screen", subject=name[:80])
    part = _pixels(home, found[1], (width, height))[top:bottom, left:right]
    return webp(part, LARGEST_CROP, LOSSLESS)


@lru_cache(HELD)
def icon(home: Path, name: str) -> bytes:
    """A picture of the icon table, with what can be seen through it. Raises NotFound, Corrupt."""
    import cv2
    import numpy as np

    from corpus.operators.images import header
    from grounding.icons.build import directory

    data = Blobs(directory(home) / "blobs").get(_parts(_FILE, name)[1])
    header.read(data)
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint8 or pixels.ndim != 3:
        raise Corrupt("a picture of the icon table does not decode", "trawl ground icons build")
    turn = cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
    return webp(np.asarray(cv2.cvtColor(pixels, turn), np.uint8), LARGEST_CROP, LOSSLESS)


@lru_cache(HELD)
def of_corpus(home: Path, corpus: str, name: str) -> bytes:
    """A picture of a corpus. Raises NotFound, Corrupt, HostileInput."""
    from corpus.operators.images.admit import shown

    found = _parts(_FILE, name)
    sha256, width = found[1], _width(found[2] or "640")
    folder = corpora.root_of(home, corpus) / "images" / sha256[:2]
    path = next((p for e in ENDINGS if (p := folder / f"{sha256}.{e}").is_file()), None)
    if path is None:
        raise NotFound(f"{corpus} has no such picture", subject=sha256)
    data = path.read_bytes()
    if sha256_bytes(data) != sha256:
        raise Corrupt(f"a picture of {corpus} was changed", "trawl corpus verify", sha256)
    return webp(shown(data, 2 * width)[0], width, 82)


def _pixels(home: Path, sha256: str, size: tuple[int, int]) -> Pixels:
    """A recorded screen, from the recordings or from the samples that were made of them."""
    from grounding.build import directory

    places = (Blobs(home / "blobs"), Blobs(directory(home) / "blobs"))
    blobs = next((place for place in places if place.has(sha256)), places[0])
    return codec.unpack_pixels(blobs.get(sha256), codec.PIXELS, *size)


def _parts(form: re.Pattern[str], name: str) -> re.Match[str]:
    found = form.fullmatch(name)
    if found is None:
        raise NotFound("no picture has such a name", subject=name[:80])
    return found


def _width(said: str) -> int:
    if int(said) not in WIDTHS:
        raise NotFound(f"no picture is {said} pixels wide", f"one of {WIDTHS}")
    return int(said)
