"""msgpack: files that hold one map a sample, one after another, pictures within as bytes."""

from __future__ import annotations

from pathlib import Path

from corpus.shards.file import File, Written
from corpus.shards.read import Stored


class Msgpack:
    """The samples of a corpus as `samples-00000.msgpack` and on, each file below `shard_bytes`."""

    def __init__(self, root: Path, shard_bytes: int) -> None:
        import msgpack

        self._root, self._shard_bytes = root, shard_bytes
        self._pack = msgpack.Packer().pack
        self._open: File | None = None
        self._written: list[Written] = []

    def add(self, sample: Stored) -> None:
        """Write one sample. Raises OSError."""
        named = zip(sample.record["images"], sample.pictures, strict=True)
        images = [{"path": path, "bytes": data} for path, (_, data) in named]
        data: bytes = self._pack({**sample.record, "images": images})
        if self._open is not None and self._open.size + len(data) > self._shard_bytes:
            self._end()
        if self._open is None:
            self._open = File(self._root, f"samples-{len(self._written):05d}.msgpack")
        self._open.write((data,))

    def finish(self) -> list[Written]:
        """Close the last file. Raises OSError."""
        self._end()
        return self._written

    def abandon(self) -> None:
        """Let go of what is open."""
        if self._open is not None:
            self._open.abandon()

    def _end(self) -> None:
        file, self._open = self._open, None
        if file is not None:
            self._written.append(file.close())
