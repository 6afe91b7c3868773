"""The files of `samples/agent`: written whole or not at all, the same bytes for the same input."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from envs.recording import codec
from envs.types import Pixels
from grounding.pictures import Encoder
from infra import disk
from infra.blobs import Blobs
from infra.errors import Corrupt, NotFound
from infra.files import fsync_dir, publish


def dump(value: Any) -> bytes:
    """One value as compact JSON in UTF-8; surrogates, which UTF-8 has none of, are replaced."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")


class Lines:
    """A JSON-lines file that appears under its name when the block ends without an error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._out = self._temporary.open("wb")
        return self

    def add(self, row: dict[str, Any]) -> None:
        """Append one row."""
        self.write(dump(row))

    def write(self, line: bytes) -> None:
        """Append one row that is JSON already."""
        self._out.write(line + b"\n")
        self.count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with self._out:
                self._out.flush()
                disk.sync(self._out.fileno())
            if error is None:
                disk.rename(self._temporary, self.path)
                fsync_dir(self.path.parent)
        finally:
            self._temporary.unlink(missing_ok=True)


def publish_list(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """A JSON list, one row a line."""
    publish(path, b"[\n" + b",\n".join(dump(row) for row in rows) + b"\n]\n")


def publish_document(path: Path, value: Any) -> None:
    """One JSON document for people and programs."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    publish(path, text.encode("utf-8", "replace"))


def read_lines(path: Path) -> Iterable[dict[str, Any]]:
    """The rows of a JSON-lines file. Raises NotFound where it was not built, Corrupt for a bad row."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise Corrupt(
                        f"line {number} of {path} is not JSON", "trawl ground build", str(path)
                    ) from error
    except FileNotFoundError as error:
        raise NotFound(f"no samples at {path}", "trawl ground build") from error


def place_image(source: Path, target: Path) -> None:
    """Give a picture another name; linked where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


class Screens:
    """The screens of the samples at `root`, as they were recorded: their records have their sizes."""

    def __init__(self, root: Path) -> None:
        self._blobs = Blobs(root / "blobs")
        self._encoder = Encoder()

    def take(self, names: Iterable[str], recorded: Blobs) -> None:
        """Hold exactly these recorded screens. Raises NotFound, Corrupt."""
        wanted = set(names)
        self._blobs.link(sorted(wanted), recorded)
        for name in set(self._blobs.names()) - wanted:
            self._blobs.path(name).unlink()

    def pixels(self, sha256: str, size: tuple[int, int]) -> Pixels:
        """A screen of that width and height. Raises NotFound, Corrupt, HostileInput."""
        return codec.unpack_pixels(self._blobs.get(sha256), codec.PIXELS, *size)

    def png(self, sha256: str, size: tuple[int, int]) -> bytes:
        """The same as a PNG, which is made when somebody asks for it."""
        return self._encoder.png(self.pixels(sha256, size))
