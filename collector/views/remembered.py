"""What was read from a file is remembered for as long as the file stays the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Reads = Callable[[Path], T]


def remembered(most: int) -> Callable[[Reads[T]], Reads[T]]:
    """A reader of files that reads each of the last `most` again only where its size or its time changed.

    The reader then raises OSError where there is no file.
    """

    def remembering(read: Reads[T]) -> Reads[T]:
        @lru_cache(most)
        def held(path: Path, _size_bytes: int, _changed_ns: int) -> T:
            return read(path)

        @wraps(read)
        def asked(path: Path) -> T:
            found = path.stat()
            return held(path, found.st_size, found.st_mtime_ns)

        return asked

    return remembering
