"""The directory of an icon build: filled beside the old one, which it replaces by one rename.

Blobs lie as `infra.blobs` reads them. They are not made durable one by one: whoever reads a picture
checks its hash, and a build that was torn is built again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from envs.types import Pixels
from grounding.icons.opaque import opaque
from grounding.pictures import png
from infra.blobs import Blobs
from infra.files import exclusive, fsync_dir, sha256_bytes


class Store:
    """A build's directory while it is filled."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._blobs = Blobs(root / "blobs")
        self._pixels: dict[str, str] = {}
        self._opaque: dict[str, str] = {}

    def put(self, data: bytes) -> str:
        """Store bytes under their hash."""
        sha256 = sha256_bytes(data)
        path = self._blobs.path(sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return sha256

    def put_pixels(self, pixels: Pixels) -> str:
        """Store pixels as a PNG."""
        return self.put(png(pixels))

    def put_screen(self, recorded: str, pixels: Pixels) -> str:
        """Store a recorded screen as a PNG, once."""
        if recorded not in self._pixels:
            self._pixels[recorded] = self.put_pixels(pixels)
        return self._pixels[recorded]

    def put_opaque(self, sha256: str) -> str:
        """Store a picture of this build on a plain ground, once."""
        if sha256 not in self._opaque:
            self._opaque[sha256] = self.put(opaque(self.get(sha256)))
        return self._opaque[sha256]

    def get(self, sha256: str) -> bytes:
        """A blob of this build."""
        return self._blobs.get(sha256)


@contextmanager
def replacing(directory: Path) -> Iterator[Store]:
    """A store whose content stands at `directory` when the block ends without an error.

    Raises Conflict while another build runs.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    new = directory.with_name(f".{directory.name}.new")
    old = directory.with_name(f".{directory.name}.old")
    with exclusive(directory.with_name(f".{directory.name}.lock"), "the icon build"):
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        new.mkdir()
        try:
            yield Store(new)
            if directory.exists():
                directory.rename(old)
            new.rename(directory)
            fsync_dir(directory.parent)
        finally:
            shutil.rmtree(new, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
