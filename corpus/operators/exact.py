"""When two texts are the same, and which were seen before; what was seen lies on disk.

The keys fill a database without a name: whatever ends the process leaves nothing behind. What of it
is in memory is bounded, whatever the number of texts.
"""

from __future__ import annotations

import sqlite3
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import Final, Self

from infra import disk
from infra.errors import Unavailable

KEY_BYTES: Final = 16
MEMORY_BYTES: Final = 32 * 1024 * 1024


def key(text: str) -> bytes:
    """What texts share that differ in white space alone; 16 bytes."""
    plain = " ".join(text.split()).encode("utf-8", "replace")
    return blake2b(plain, digest_size=KEY_BYTES).digest()


class Seen:
    """The texts of one pass. Raises Unavailable where the disk is full."""

    def __init__(self, directory: Path, memory_bytes: int = MEMORY_BYTES) -> None:
        disk.make_dir(directory)
        with tempfile.NamedTemporaryFile(dir=directory, prefix=".seen-") as file:
            self._database = sqlite3.connect(file.name, isolation_level=None)
            for setting in (
                "locking_mode = EXCLUSIVE", "journal_mode = OFF", "synchronous = OFF",
                "temp_store = MEMORY", f"cache_size = -{memory_bytes >> 10}",
            ):  # fmt: skip
                self._database.execute(f"PRAGMA {setting}")
            self._database.execute("CREATE TABLE seen (key BLOB PRIMARY KEY) WITHOUT ROWID")
            self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def is_new(self, text: str) -> bool:
        """Whether no text that was asked about before is the same."""
        try:
            done = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key(text),))
        except sqlite3.Error as error:
            raise Unavailable(f"the index of texts: {error}", "make room on the disk") from error
        return done.rowcount == 1
