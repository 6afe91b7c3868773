"""Dense records that wait until all of their run was read, since a later step may tell a function.

They wait on disk, in the order in which they come and already as JSON; the few elements that a
function is told of are read again.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from envs.recording import codec
from grounding.records import Record, joined
from grounding.referring.functions import Candidate, Function, Learnt, expressions, taught
from grounding.samples import dump


class Finished(NamedTuple):
    """A record as JSON, and those of its elements that got expressions by function."""

    line: bytes
    taught: list[dict[str, Any]]


class Spool:
    """Records on their way to `grounding.jsonl`; nothing of it is left when the block ends."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._waiting: list[tuple[str, list[Candidate], int]] = []
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

    def add(self, run: str, record: Record, among: list[Candidate]) -> None:
        """A record of a run, and its elements that a function may pick out."""
        parts = dump(record.head), [row.line for row in record.rows], dump(record.tail)
        size_bytes = self._file.write(codec.pack(parts))
        self._waiting.append((run, among, size_bytes))

    def learn(self, run: str, found: Iterable[tuple[str, Function]]) -> None:
        """What an episode of a run taught."""
        self._learnt[run].add(found)

    def records(self) -> Iterator[Finished]:
        """Every record in order, with what its run taught."""
        self._file.seek(0)
        for run, among, size_bytes in self._waiting:
            head, lines, tail = codec.unpack(self._file.read(size_bytes))
            told = taught(among, self._learnt[run])
            yield (
                _finished(head, lines, tail, told)
                if told
                else Finished(joined(head, lines, tail), [])
            )


def _finished(
    head: bytes, lines: list[bytes], tail: bytes, told: list[tuple[Candidate, Function]]
) -> Finished:
    """A record with expressions by function, and the steps that they were learnt from."""
    elements, rest = [], json.loads(tail)
    for candidate, function in told:
        element = json.loads(lines[candidate.place])
        element["expressions"] += expressions(candidate.role, function)
        lines[candidate.place] = dump(element)
        elements.append(element)
    rest["provenance"]["functions"] = {c.id: function.learnt_from for c, function in told}
    return Finished(joined(head, lines, dump(rest)), elements)
