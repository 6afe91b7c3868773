"""One tar shard, with what an index wants to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from corpus.shards import tar
from corpus.shards.energon import Entry, Part
from corpus.shards.file import File, Written

DIRECTORY: Final = "shards"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pick lies: its shard and the offset of its first member."""

    shard: str
    offset: int


def shard_name(number: int) -> str:
    """The path in the corpus of the shard of that number."""
    return f"{DIRECTORY}/shard-{number:06d}.tar"


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished shard, its samples, and where its last member ends."""

    written: Written
    entries: list[Entry]
    end: int


class Shard:
    """One shard; samples are added in order."""

    def __init__(self, root: Path, number: int) -> None:
        self._file = File(root, shard_name(number))
        self._entries: list[Entry] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.abandon()

    def add(self, key: str, members: Sequence[tuple[str, bytes]]) -> Place:
        """Write a sample of these parts (`png`, `json`); says where it lies. Raises OSError."""
        start, parts = self._file.size, []
        for part, data in members:
            member = tar.member(f"{key}.{part}", data)
            parts.append(Part(part, self._file.size + len(member[0]), len(data)))
            self._file.write(member)
        self._entries.append(Entry(key, start, tuple(parts)))
        return Place(self._file.name, start)

    def finish(self) -> Finished:
        """End the archive. Raises OSError."""
        end = self._file.size
        self._file.write((tar.END,))
        return Finished(self._file.close(), self._entries, end)
