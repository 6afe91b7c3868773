"""The bands of kept texts, in sorted runs: small ones in memory, the others in files.

What is held in memory is bounded by what the caller allows: half of it is for a filter with a bit
for each key that was added, which spares most searches and grows with them; the other half takes
new entries until it is full and is then merged into a file. FAN runs of like size are merged into one, so that there
are few. Files have no name: whatever ends the process leaves nothing behind.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from corpus.operators.folded import Places
from corpus.operators.units import Hashes
from infra import disk

ENTRY_BYTES: Final = 16
FAN: Final = 8
LEAST_FILTER_BYTES: Final = 1 << 14
BITS_AN_ENTRY: Final = 8
STEP: Final = 1 << 16
"""Entries of either run that are in memory while two files are merged."""
MOST_IN_BAND: Final = 64
"""Entries of one run that are offered for one key."""


@dataclass(frozen=True, slots=True)
class Run:
    """Keys in ascending order and the row of each, in memory or mapped from a file."""

    keys: Hashes
    rows: Hashes
    file: IO[bytes] | None = None

    def close(self) -> None:
        """Give the file back; a map of it that is still held stays good."""
        if self.file is not None:
            self.file.close()


Merge = Callable[[Sequence[Run]], Run]


@dataclass(slots=True)
class Index:
    """Rows by key. Raises OSError where the disk is full."""

    directory: Path
    memory_bytes: int
    _filter: Any = field(init=False)
    _recent: list[list[Run]] = field(default_factory=list)
    _files: list[list[Run]] = field(default_factory=list)
    """Runs by how often they were merged; of one list the older stand first."""
    _recent_entries: int = 0
    _entries: int = 0

    def __post_init__(self) -> None:
        self._filter = np.zeros(LEAST_FILTER_BYTES, np.uint8)

    def find(self, keys: Hashes) -> tuple[Places, Hashes]:
        """Which of `keys` were added with which rows: positions in `keys`, and rows."""
        byte, bit = self._bits(keys)
        asked = np.flatnonzero(self._filter[byte] & bit)
        asked = asked[np.argsort(keys[asked])]
        positions: list[Places] = [np.empty(0, np.int64)]
        rows: list[Hashes] = [np.empty(0, np.uint64)]
        for run in self._runs():
            low = np.searchsorted(run.keys, keys[asked], "left")
            high = np.searchsorted(run.keys, keys[asked], "right")
            counts = np.minimum(high - low, MOST_IN_BAND)
            ends = np.cumsum(counts)
            within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
            positions.append(np.repeat(asked, counts))
            rows.append(np.asarray(run.rows[np.repeat(low, counts) + within]))
        return np.concatenate(positions), np.concatenate(rows)

    def add(self, keys: Hashes, rows: Hashes) -> None:
        """Hold each key with its row; rows never go down from one call to the next."""
        self._entries += len(keys)
        self._make_room()
        self._mark(keys)
        self._recent_entries += len(keys)
        _put(self._recent, 0, _sorted(keys, rows), _in_memory)
        if self._recent_entries * ENTRY_BYTES * 4 > self.memory_bytes:
            whole = _in_memory(list(chain.from_iterable(reversed(self._recent))))
            self._recent, self._recent_entries = [], 0
            _put(self._files, 0, self._filed([whole], len(whole.keys)), self._in_file)

    def close(self) -> None:
        """Give the files back."""
        for run in chain.from_iterable(self._files):
            run.close()
        self._files, self._recent = [], []

    def _runs(self) -> Iterator[Run]:
        return chain.from_iterable((*self._files, *self._recent))

    def _make_room(self) -> None:
        """A larger filter, where this one is crowded and memory allows it."""
        size_bytes = len(self._filter)
        if size_bytes * 8 < self._entries * BITS_AN_ENTRY:
            while (
                size_bytes < self._entries * BITS_AN_ENTRY and size_bytes * 4 <= self.memory_bytes
            ):
                size_bytes *= 2
        if size_bytes > len(self._filter):
            self._filter = np.zeros(size_bytes, np.uint8)
            for run in self._runs():
                for start in range(0, len(run.keys), STEP):
                    self._mark(run.keys[start : start + STEP])

    def _mark(self, keys: Hashes) -> None:
        byte, bit = self._bits(keys)
        np.bitwise_or.at(self._filter, byte, bit)

    def _bits(self, keys: Hashes) -> tuple[Hashes, Any]:
        place = keys & np.uint64(8 * len(self._filter) - 1)
        return place >> np.uint64(3), np.left_shift(1, place & np.uint64(7)).astype(np.uint8)

    def _in_file(self, runs: Sequence[Run]) -> Run:
        """Files merged two by two into one, piece by piece."""
        whole = runs[0]
        for run in runs[1:]:
            merged = self._filed(_merged(whole, run), len(whole.keys) + len(run.keys))
            whole.close()
            run.close()
            whole = merged
        return whole

    def _filed(self, pieces: Iterable[Run], size: int) -> Run:
        """The pieces, which together have `size` entries, in a file without a name."""
        file = tempfile.TemporaryFile(dir=self.directory)  # noqa: SIM115 - lives as long as the run
        at = 0
        for piece in pieces:
            disk.write(file.fileno(), piece.keys.tobytes(), 8 * at)
            disk.write(file.fileno(), piece.rows.tobytes(), 8 * (size + at))
            at += len(piece.keys)
        mapped = np.memmap(file, np.uint64, "r", shape=(2 * size,))
        return Run(mapped[:size], mapped[size:], file)


def _put(levels: list[list[Run]], level: int, run: Run, merge: Merge) -> None:
    """Put a run into a level; where that makes FAN they become one of the next."""
    if level == len(levels):
        levels.append([])
    levels[level].append(run)
    if len(levels[level]) == FAN:
        runs, levels[level] = levels[level], []
        _put(levels, level + 1, merge(runs), merge)


def _sorted(keys: Hashes, rows: Hashes) -> Run:
    order = np.argsort(keys, kind="stable")
    return Run(keys[order], rows[order])


def _in_memory(runs: Sequence[Run]) -> Run:
    return _sorted(
        np.concatenate([run.keys for run in runs]), np.concatenate([run.rows for run in runs])
    )


def _merged(first: Run, second: Run) -> Iterator[Run]:
    """Both runs in one order, piece by piece; of equal keys those of `first` come first."""
    at, other = 0, 0
    while at < len(first.keys) or other < len(second.keys):
        one, two = first.keys[at : at + STEP], second.keys[other : other + STEP]
        lasts = [
            int(chunk[-1])
            for chunk, end, run in ((one, at, first), (two, other, second))
            if end + len(chunk) < len(run.keys)
        ]
        if lasts:
            one = one[: np.searchsorted(one, min(lasts), "right")]
            two = two[: np.searchsorted(two, min(lasts), "right")]
        rows = first.rows[at : at + len(one)], second.rows[other : other + len(two)]
        yield _in_memory((Run(one, rows[0]), Run(two, rows[1])))
        at, other = at + len(one), other + len(two)
