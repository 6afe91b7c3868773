"""The log file while it is written: append, fsync, and back to the last whole record on failure."""

from __future__ import annotations

import os
from pathlib import Path

from envs.recording import framing
from infra import disk
from infra.errors import Conflict
from infra.files import commit_point, publish


class Log:
    """An append-only file of frames, open for writing by one owner."""

    def __init__(self, path: Path, first: bytes) -> None:
        """Publish a new log that holds `first`. Raises Conflict where one is there already."""
        if path.exists():
            raise Conflict(f"{path} is written already", "an episode's id is used once")
        start = framing.PREAMBLE + framing.frame(first)
        publish(path, start)
        self._fd: int | None = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        self._end = len(start)

    def append(self, payload: bytes) -> None:
        """Make the record durable before returning; on OSError the log is as it was."""
        if self._fd is None:
            raise Conflict("the log is closed")
        data = framing.frame(payload)
        commit_point()
        try:
            disk.write(self._fd, data, self._end)
            commit_point()
            disk.sync(self._fd)
        except OSError:
            self._back(self._fd)
            raise
        self._end += len(data)
        commit_point()

    def close(self) -> None:
        """Give the file back; closing twice is fine."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _back(self, fd: int) -> None:
        """Drop what a failed append left; where that fails too, nothing more is written."""
        try:
            os.ftruncate(fd, self._end)
            disk.sync(fd)
        except OSError:
            self.close()
