"""Pictures of the page: screens as WebP of a bounded size, captions' pictures as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from collector.pictures import webp
from corpus.operators.images.admit import shown
from grounding.samples import Screens
from infra.files import publish, sha256_bytes

WIDEST_PX: Final = 1280


@dataclass(slots=True)
class Assets:
    """Writes each picture once into the page's directory and gives its relative address."""

    out: Path
    written: dict[str, str] = field(default_factory=dict)
    size_bytes: int = 0

    def screen(self, screens: Screens, sha256: str, size: tuple[int, int]) -> str:
        """The address of a screen of that width and height. Raises NotFound, Corrupt."""
        if sha256 not in self.written:
            self._add(sha256, webp(screens.pixels(sha256, size), WIDEST_PX))
        return self.written[sha256]

    def picture(self, path: Path) -> str:
        """The address of a corpus picture. Raises HostileInput where it is not a picture."""
        data = path.read_bytes()
        name = sha256_bytes(data)
        if name not in self.written:
            self._add(name, webp(shown(data, WIDEST_PX)[0], WIDEST_PX))
        return self.written[name]

    def _add(self, name: str, data: bytes) -> None:
        address = f"assets/{name[:20]}.webp"
        publish(self.out / address, data)
        self.written[name] = address
        self.size_bytes += len(data)
