"""Dense records that wait until all of their run was read, since a later step may tell a function.

They wait on disk, in the order in which they come; only those that learn something are parsed
again.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grounding.referring.functions import Function, Learnt, add_to
from grounding.samples import dump


class Spool:
    """Records on their way to `grounding.jsonl`; nothing of it is left when the block ends."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._waiting: list[tuple[str, dict[str, str]]] = []
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
        self._file.write(dump(record) + b"\n")
        self._waiting.append((run, known))

    def learn(self, run: str, found: Iterable[tuple[str, Function]]) -> None:
        """What an episode of a run taught."""
        self._learnt[run].add(found)

    def records(self) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
        """Every record's line in order, and the record where it got expressions by function."""
        self._file.seek(0)
        for (run, known), line in zip(self._waiting, self._file, strict=True):
            learnt = self._learnt[run]
            if not any(learnt.of(key) for key in known.values()):
                yield line, None
                continue
            record = json.loads(line)
            if add_to(record, known, learnt):
                yield dump(record) + b"\n", record
            else:
                yield line, None
