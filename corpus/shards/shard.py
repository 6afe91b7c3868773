"""Tar shards of a bounded size, one after another, indexed as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpus.shards import tar
from corpus.shards.energon import Entry, Index, Part
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


class Shards:
    """Writes samples into shards in order; `finish` gives every file written."""

    def __init__(self, root: Path, shard_bytes: int) -> None:
        self._root = root
        self._shard_bytes = shard_bytes
        self._index = Index(root)
        self._open: File | None = None
        self._entries: list[Entry] = []
        self._finished: list[Written] = []

    def add(self, key: str, members: Sequence[tuple[str, bytes]]) -> Place:
        """Write a sample of these parts (`png`, `json`); says where it lies. Raises OSError."""
        written = [tar.member(f"{key}.{part}", data) for part, data in members]
        shard = self._room(sum(len(piece) for member in written for piece in member))
        start = shard.size
        parts = []
        for (part, data), member in zip(members, written, strict=True):
            parts.append(Part(part, shard.size + len(member[0]), len(data)))
            shard.write(member)
        self._entries.append(Entry(key, start, tuple(parts)))
        return Place(shard.name, start)

    def finish(self) -> list[Written]:
        """Close the last shard and the index; every file written. Raises OSError."""
        self._end()
        return [*self._finished, *self._index.finish()]

    def abandon(self) -> None:
        """Leave everything as it is."""
        if self._open is not None:
            self._open.abandon()
        self._index.abandon()

    def _room(self, size: int) -> File:
        """The shard the next sample goes to; a full one is closed first."""
        if self._open is not None and self._open.size + size + len(tar.END) > self._shard_bytes:
            self._end()
        if self._open is None:
            self._open = File(self._root, shard_name(len(self._finished)))
        return self._open

    def _end(self) -> None:
        shard, self._open = self._open, None
        if shard is None:
            return
        end = shard.size
        shard.write((tar.END,))
        self._finished.append(shard.close())
        self._index.add(self._finished[-1], self._entries, end)
        self._entries = []
