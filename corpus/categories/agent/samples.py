"""Reading `samples/agent/*.jsonl`: bounded lines, checked fields, screens verified by hash.

A line that is not what the format says is counted and left out; the lines around it are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from corpus import lines as foreign
from corpus.cache import Pictures
from corpus.categories.agent import png
from corpus.lines import Line
from corpus.sample import Licence, Origin, Picture
from grounding import samples
from infra.blobs import Blobs
from infra.errors import NotFound, TrawlError
from infra.files import sha256_bytes

COMMAND: Final = "run `trawl ground build` after a collection run"
OWN: Final = "recorded on this host's machines; no licence is stated"


def lines(path: Path, command: str = COMMAND) -> Iterator[Line]:
    """Every line of the file. Raises NotFound with the command that makes it."""
    return foreign.lines(found(path, command))


def found(path: Path, command: str) -> Path:
    """`path`, where there is a file. Raises NotFound with the command that makes it."""
    if not path.is_file():
        raise NotFound(f"no agent samples at {path}", command, str(path))
    return path


def screen(blobs: Blobs, sha256: Any, size: tuple[int, int]) -> tuple[Picture | None, str]:
    """The PNG of that hash as a picture, or why it cannot be used."""
    try:
        data = blobs.get(str(sha256))
    except NotFound:
        return None, "its screen is missing"
    except TrawlError:
        return None, "its screen was changed on disk"
    if wrong := png.fault(data, size):
        return None, wrong
    width, height = size
    return Picture(str(sha256), width, height, "png", blobs.path(str(sha256))), ""


class Screens:
    """The screens of `samples/agent` as pictures: packed as PNG into the cache when asked for."""

    def __init__(self, home: Path, cache: Path) -> None:
        self._recorded = samples.Screens(home / "samples" / "agent")
        self._pictures = Pictures(cache / "corpus" / "pictures")
        self._packed: dict[tuple[str, tuple[int, int]], str] = {}

    def picture(self, sha256: Any, size: tuple[int, int]) -> tuple[Picture | None, str]:
        """The screen of that hash and size, or why it cannot be used."""
        try:
            packed = self._pack(str(sha256), size)
        except NotFound:
            return None, "its screen is missing"
        except TrawlError:
            return None, "its screen was changed on disk"
        return Picture(packed, *size, "png", self._pictures.path(packed)), ""

    def _pack(self, sha256: str, size: tuple[int, int]) -> str:
        if (sha256, size) not in self._packed:
            self._packed[sha256, size] = self._pictures.put(self._recorded.png(sha256, size))
        return self._packed[sha256, size]


def origin(path: str, line: Line, episode: str) -> Origin:
    """A record of our own as the origin of samples; the episode stands for the version."""
    licence = Licence("own", None, sha256_bytes(OWN.encode()))
    return Origin("samples/agent", episode, f"{path}:{line.number}", line.sha256, licence)


def icon_origin(path: str, line: Line) -> Origin | None:
    """The theme's file that an icon's row names as its origin; None where a screen is its origin."""
    named, stated = line.record.get("origin"), line.record.get("licence")
    if not isinstance(named, dict) or not isinstance(stated, dict) or not named.get("package"):
        return None
    name = stated.get("name")
    licence = Licence(
        text(stated.get("form"), 20) or "text",
        text(name, 200) if isinstance(name, str) else None,
        text(stated.get("text_sha256"), 64),
    )
    version, file = text(named.get("version"), 100), text(named.get("file"), 1000)
    return Origin(text(named["package"], 200), version, file or path, line.sha256, licence)


def pixels(value: Any) -> tuple[int, int] | None:
    """A width and height, where they are two positive integers."""
    if isinstance(value, dict):
        value = [value.get("w"), value.get("h")]
    if not isinstance(value, list) or len(value) != 2:
        return None
    width, height = value
    good = all(isinstance(n, int) and not isinstance(n, bool) and 0 < n < 65536 for n in value)
    return (width, height) if good else None


def box(value: Any, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """A box as 0–1000 integers, where it is a box of pixels that lies on the screen."""
    if not isinstance(value, list) or len(value) != 4:
        return None
    if not all(
        isinstance(n, (int, float)) and not isinstance(n, bool) and abs(n) < 1 << 20 for n in value
    ):
        return None
    left, top, right, bottom = value
    width, height = size
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        return None
    return scale(left, width), scale(top, height), scale(right, width), scale(bottom, height)


def scale(value: float, whole: int) -> int:
    """A pixel coordinate as an integer of 0–1000."""
    return max(0, min(1000, round(value * 1000 / whole)))


def text(value: Any, most: int = 400) -> str:
    """A text on one line, or an empty string where there is none."""
    if not isinstance(value, str):
        return ""
    from corpus.operators.sanity import clean

    return " ".join(clean(value).split())[:most]
