"""Parts of jobs become files of the corpus: messages end to end, ledger lines in order of their ids.

Memory holds one part's share of it at a time, however many parts there are.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from corpus.shards.file import File, Written
from infra.files import CHUNK_BYTES

AT_ONCE: Final = 128
"""So many parts are open at the same time."""


def joined(root: Path, parts: Sequence[str], name: str) -> Written:
    """The parts end to end as a file of that name. Raises OSError."""
    return _made(root, name, (chunk for part in parts for chunk in _chunks(root / part)))


def ordered(root: Path, parts: Sequence[str], name: str) -> Written:
    """The lines of parts that are each in order, in order and without their keys. Raises OSError."""
    left, rounds = list(parts), 0
    while len(left) > AT_ONCE:
        groups = [left[n : n + AT_ONCE] for n in range(0, len(left), AT_ONCE)]
        rounds += 1
        left = [
            _made(root, f"{parts[0]}.{rounds}-{n}", _merged(root, group)).path
            for n, group in enumerate(groups)
        ]
    return _made(root, name, (line.partition(b"\t")[2] for line in _merged(root, left)))


def _merged(root: Path, parts: Sequence[str]) -> Iterator[bytes]:
    with ExitStack() as stack:
        yield from heapq.merge(*(stack.enter_context((root / part).open("rb")) for part in parts))


def _made(root: Path, name: str, chunks: Iterator[bytes]) -> Written:
    (root / name).unlink(missing_ok=True)
    file = File(root, name)
    try:
        for chunk in chunks:
            file.write((chunk,))
        return file.close()
    finally:
        file.abandon()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            yield chunk
