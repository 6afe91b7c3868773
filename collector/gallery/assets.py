"""Pictures of the page: screens as WebP of a bounded size, captions' pictures as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from envs.types import Pixels
from grounding.samples import Screens
from infra.errors import Corrupt, HostileInput
from infra.files import publish, sha256_bytes
from infra.limits import SCREEN_PIXELS

QUALITY: Final = 72
WIDEST_PX: Final = 1280
HEADER_BYTES: Final = 24


@dataclass(slots=True)
class Assets:
    """Writes each picture once into the page's directory and gives its relative address."""

    out: Path
    written: dict[str, str] = field(default_factory=dict)
    size_bytes: int = 0

    def screen(self, screens: Screens, sha256: str, size: tuple[int, int]) -> str:
        """The address of a screen of that width and height. Raises NotFound, Corrupt."""
        if sha256 not in self.written:
            self._add(sha256, _webp(_turned(screens.pixels(sha256, size))))
        return self.written[sha256]

    def picture(self, path: Path) -> str:
        """The address of a corpus picture. Raises Corrupt where it is not a picture."""
        data = path.read_bytes()
        name = sha256_bytes(data)
        if name not in self.written:
            self._add(name, _webp(_decoded(data)))
        return self.written[name]

    def _add(self, name: str, data: bytes) -> None:
        address = f"assets/{name[:20]}.webp"
        publish(self.out / address, data)
        self.written[name] = address
        self.size_bytes += len(data)


def _turned(pixels: Pixels) -> Pixels:
    """RGB pixels, blue first."""
    import cv2
    import numpy as np

    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)


def _decoded(data: bytes) -> Pixels:
    """The pixels of an encoded picture, blue first."""
    import cv2
    import numpy as np

    _refuse_bombs(data)
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise Corrupt("a picture does not decode", "trawl corpus build")
    return np.asarray(pixels, np.uint8)


def _webp(pixels: Pixels) -> bytes:
    """Pixels, blue first, as WebP no wider than the page needs."""
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    if width > WIDEST_PX:
        size = (WIDEST_PX, round(height * WIDEST_PX / width))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    written, webp = cv2.imencode(".webp", pixels, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    if not written:
        raise Corrupt("a picture does not encode", "reinstall opencv-python")
    return webp.tobytes()


def _refuse_bombs(data: bytes) -> None:
    """A PNG says its size first; nothing larger than any screen is decoded."""
    if not data.startswith(b"\x89PNG"):
        return
    width = int.from_bytes(data[16:20], "big")
    height = int.from_bytes(data[20:HEADER_BYTES], "big")
    if width * height > SCREEN_PIXELS:
        raise HostileInput(f"a picture of {width}x{height} pixels is larger than any screen")
