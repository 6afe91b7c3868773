"""Results of pure functions of a file's bytes, kept by hash between builds.

A key names the function, its version and parameters, and the input's hash; a value is published
by rename and carries its own hash, so a torn or changed entry is a miss, never a wrong answer.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgpack

from infra import disk
from infra.files import sha256_bytes, sha256_file
from infra.limits import BLOB_BYTES

HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Results:
    """The kept results of one function under `root`."""

    root: Path
    function: str

    def path(self, input_sha256: str) -> Path:
        """Where the result for that input lies or would lie."""
        name = sha256_bytes(f"{self.function}\0{input_sha256}".encode())
        return self.root / name[:2] / name

    def get(self, input_sha256: str) -> Any | None:
        """The kept result, or None."""
        try:
            data = self.path(input_sha256).read_bytes()
        except FileNotFoundError:
            return None
        body = data[HASH_BYTES:]
        if hashlib.sha256(body).digest() != data[:HASH_BYTES]:
            return None
        return msgpack.unpackb(body, max_bin_len=BLOB_BYTES, max_str_len=BLOB_BYTES)

    def put(self, input_sha256: str, result: Any) -> None:
        """Keep a result; not synced, since losing it costs only the work."""
        body = msgpack.packb(result)
        _place(self.path(input_sha256), hashlib.sha256(body).digest() + body)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Encoded pictures kept by the hash of their bytes, as files that others may read."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the picture of that hash lies or would lie."""
        return self.root / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Keep a picture and return its hash; not synced."""
        sha256 = sha256_bytes(data)
        if not self.is_whole(sha256):
            _place(self.path(sha256), data)
        return sha256

    def is_whole(self, sha256: str) -> bool:
        """Whether the picture is there and is what its name says."""
        try:
            return sha256_bytes(self.path(sha256).read_bytes()) == sha256
        except FileNotFoundError:
            return False


def _place(path: Path, data: bytes) -> None:
    """Write and rename, without waiting for the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        try:
            disk.write(fd, data, 0)
        finally:
            os.close(fd)
        disk.rename(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def hash_of(path: Path, cache: Path) -> str:
    """The SHA-256 of a large file, worked out again only where it was written to meanwhile."""
    results, status = Results(cache / "corpus", "hash-1"), path.stat()
    key = sha256_bytes(
        f"{path.resolve()}\0{status.st_size} {status.st_mtime_ns} {status.st_ino}".encode()
    )
    kept = results.get(key)
    if kept is None:
        kept = sha256_file(path)
        results.put(key, kept)
    return str(kept)
