"""A file of a corpus while it is written: gathered into large writes, counted and hashed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from infra import disk

GATHERED_BYTES: Final = 1 << 18
"""So few that they stay in the processor's cache from being gathered to being written."""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: its path in the corpus, size and hash."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(slots=True)
class File:
    """An open file below `root`; durable only once who takes it into use has synced it."""

    root: Path
    name: str
    size: int = 0
    """Bytes added so far."""
    _waiting: list[bytes] = field(default_factory=list)
    _written: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)
    _fd: int | None = None

    def write(self, parts: Iterable[bytes]) -> None:
        """Add these bytes. Raises OSError."""
        for part in parts:
            self._waiting.append(part)
            self.size += len(part)
            if self.size - self._written >= GATHERED_BYTES:
                self._flush()

    def close(self) -> Written:
        """Write what waits; what the file has become. Raises OSError."""
        self._flush()
        self.abandon()
        return Written(self.name, self.size, self._digest.hexdigest())

    def abandon(self) -> None:
        """Close it without writing what waits."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def _flush(self) -> None:
        if self._fd is None:
            path = self.root / self.name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        data = b"".join(self._waiting)
        disk.write(self._fd, data, self._written)
        self._digest.update(data)
        self._written += len(data)
        self._waiting.clear()
