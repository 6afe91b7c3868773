"""Results of pure functions of a file's bytes, kept by hash between builds.

A key names the function, its version and parameters, and the input's hash; a value is published
by rename and carries its own hash, so a torn or changed entry is a miss, never a wrong answer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgpack

from infra.files import sha256_bytes
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
        path = self.path(input_sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_bytes(hashlib.sha256(body).digest() + body)
        temporary.rename(path)
