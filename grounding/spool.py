"""Dense records that wait until all of their run was read, since a later step may tell a function.

They wait on disk, in the order in which they come.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from envs.recording import codec
from grounding.referring.functions import Function, Learnt, add_to


class Spool:
    """Records on their way to `grounding.jsonl`; nothing of it is left when the block ends."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._waiting: list[tuple[str, dict[str, str], int]] = []
        self._learnt: defaultdict[str, Learnt] = defaultdict(Learnt)

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile(dir=self._directory, prefix=".spool")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, run: str, record: dict[str, Any], known: dict[str, str]) -> None:
        """A record of a run, and what its elements are known by."""
        size_bytes = self._file.write(codec.pack(record))
        self._waiting.append((run, known, size_bytes))

    def learn(self, run: str, found: Iterable[tuple[str, Function]]) -> None:
        """What an episode of a run taught."""
        self._learnt[run].add(found)

    def records(self) -> Iterator[tuple[dict[str, Any], bool]]:
        """Every record in order, and whether it got expressions by function."""
        self._file.seek(0)
        for run, known, size_bytes in self._waiting:
            record = codec.unpack(self._file.read(size_bytes))
            yield record, add_to(record, known, self._learnt[run])
