"""A content-addressed store of immutable bytes: `root/ab/abcdef…`, named by SHA-256.

A blob that can be read is whole: it was published by rename and is hashed again on `get`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra import disk
from infra.errors import Corrupt, HostileInput, NotFound
from infra.files import fsync_dir, publish, sha256_bytes
from infra.limits import BLOB_BYTES


@dataclass(frozen=True, slots=True)
class Blobs:
    """The blobs under one directory."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the blob of that hash lies or would lie."""
        return self.root / named(sha256)[:2] / sha256

    def put(self, data: bytes) -> str:
        """Store `data` durably and return its SHA-256; storing it again writes nothing."""
        sha256 = sha256_bytes(data)
        path = self.path(sha256)
        if path.exists():
            fsync_dir(path.parent)  # whoever published it may have failed, or died, before this
        else:
            publish(path, data)
        return sha256

    def link(self, names: Iterable[str], other: Blobs) -> None:
        """Hold blobs of another store too, durably; their bytes lie once where the file system can.

        Raises NotFound, Corrupt for one that is not whole there and cannot be linked.
        """
        disk.make_dir(self.root)
        touched: dict[Path, None] = {}
        for sha256 in names:
            path = self.path(sha256)
            touched[path.parent] = None
            path.parent.mkdir(exist_ok=True)
            try:
                path.hardlink_to(other.path(sha256))
            except FileExistsError:
                continue
            except OSError:
                publish(path, other.get(sha256))
        for directory in (*touched, self.root):
            fsync_dir(directory)

    def get(self, sha256: str) -> bytes:
        """The blob's bytes. Raises NotFound, or Corrupt where they do not hash to their name."""
        path = self.path(sha256)
        try:
            if path.stat().st_size > BLOB_BYTES:
                raise HostileInput("the blob is larger than any we write", subject=sha256)
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"no blob {sha256} under {self.root}", subject=sha256) from error
        if sha256_bytes(data) != sha256:
            raise Corrupt(f"blob {sha256} was changed on disk", f"delete {path}", sha256)
        return data

    def has(self, sha256: str) -> bool:
        """Whether a blob of that name is there (not whether it is still whole)."""
        return self.path(sha256).exists()

    def names(self) -> Iterator[str]:
        """The hashes of all blobs, in order."""
        for path in sorted(self.root.glob("??/*")):
            if len(path.name) == 64:
                yield path.name


def named(sha256: str) -> str:
    """The name of a blob as it was given. Raises HostileInput where it is none."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise HostileInput("a blob's name is 64 lower-case hex digits", subject=sha256[:80])
    return sha256
