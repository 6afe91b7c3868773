"""The shingle sets of kept texts and what the texts are called, in files without a name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from corpus.operators.units import Hashes
from infra import disk

PLACE_BYTES: Final = 16


class Sets:
    """Sets by row, in the order in which they were added. Raises OSError where the disk is full."""

    def __init__(self, directory: Path) -> None:
        self._data: Any = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - closed by close()
        self._places: Any = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - the same
        self._end = 0
        self.rows = 0

    def add(self, sets: Sequence[Hashes], labels: Sequence[str]) -> None:
        """Add sets with their labels; the first gets the row that `rows` was."""
        names = [label.encode("utf-8", "replace") for label in labels]
        sizes = np.array([len(s) * 8 + len(n) for s, n in zip(sets, names, strict=True)], np.uint64)
        places = np.empty((len(sets), 2), np.uint64)
        places[:, 0] = np.cumsum(sizes) - sizes + np.uint64(self._end)
        places[:, 1] = [len(name) for name in names]
        data = b"".join(part for s, n in zip(sets, names, strict=True) for part in (s.data, n))
        disk.write(self._data.fileno(), data, self._end)
        disk.write(self._places.fileno(), places.tobytes(), self.rows * PLACE_BYTES)
        self._end += len(data)
        self.rows += len(sets)

    def get(self, row: int) -> tuple[Hashes, str]:
        """The set and the label of a row."""
        held = os.pread(self._places.fileno(), 2 * PLACE_BYTES, row * PLACE_BYTES)
        place = np.frombuffer(held, np.uint64)
        start, name_bytes = int(place[0]), int(place[1])
        end = int(place[2]) if len(place) > 2 else self._end
        data = os.pread(self._data.fileno(), end - start, start)
        name_at = len(data) - name_bytes
        return np.frombuffer(data[:name_at], np.uint64), data[name_at:].decode()

    def close(self) -> None:
        """Give the files back."""
        self._data.close()
        self._places.close()
