"""What Megatron-Energon (7.4) wants to know of shards, written beside them: `.nv-meta/`, `.tar.idx`.

It is what `energon prepare` would find by reading every shard again: each sample's place in a
SQLite index and each shard's offsets in a file of 64-bit numbers. Equal shards give equal bytes:
the index is filled in order, its indices are built sorted, and the three numbers in its header that
tell of the library and of past writes are set to fixed ones.
"""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpus.shards.file import File, Written
from infra.errors import Corrupt, Unavailable
from infra.files import sha256_bytes, sha256_file

META: Final = ".nv-meta"
INDEX: Final = f"{META}/index.sqlite"
MADE_FOR: Final = "7.4.1"
"""The version of Energon whose format this is."""
CACHE_KIB: Final = 32 * 1024

TABLES: Final = """
CREATE TABLE samples (tar_file_id INTEGER NOT NULL, sample_key TEXT NOT NULL,
    sample_index INTEGER NOT NULL, byte_offset INTEGER, byte_size INTEGER);
CREATE TABLE sample_parts (tar_file_id INTEGER, sample_index INTEGER, part_name TEXT,
    content_byte_offset INTEGER, content_byte_size INTEGER);
"""
INDICES: Final = """
CREATE UNIQUE INDEX idx_samples_sample_key ON samples(sample_key);
CREATE INDEX idx_samples_by_tar_and_idx ON samples(tar_file_id, sample_index);
CREATE INDEX idx_sample_parts_seq
    ON sample_parts(tar_file_id, sample_index, content_byte_offset);
CREATE INDEX idx_sample_parts_full
    ON sample_parts(tar_file_id, sample_index, part_name, content_byte_offset, content_byte_size);
"""
CHANGES_AT, VALID_AT, LIBRARY_AT = 24, 92, 96
"""Where SQLite's header counts changes (twice) and names the library (https://sqlite.org/fileformat.html)."""


class Part(NamedTuple):
    """One member of a sample: its ending, and where its data lies."""

    name: str
    offset: int
    size: int


class Entry(NamedTuple):
    """One sample of a shard: its key, where its first member begins, its members."""

    key: str
    offset: int
    parts: tuple[Part, ...]


class Index:
    """Takes shards in order; `finish` writes what is left and gives every file."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._database: sqlite3.Connection | None = None
        self._counts: dict[str, int] = {}
        self._hashes: list[str] = []
        self._written: list[Written] = []

    def add(self, shard: Written, entries: Sequence[Entry], end: int) -> None:
        """Index a shard whose members end at `end`. Raises OSError or Unavailable."""
        number = len(self._counts)
        self._counts[shard.path] = len(entries)
        self._hashes.append(shard.sha256)
        offsets = array("Q", (entry.offset for entry in entries))
        offsets.append(end)
        self._put(f"{shard.path}.idx", offsets.tobytes())
        self._fill("INSERT INTO samples VALUES (?, ?, ?, ?, ?)", _samples(number, entries, end))
        self._fill("INSERT INTO sample_parts VALUES (?, ?, ?, ?, ?)", _parts(number, entries))

    def finish(self) -> list[Written]:
        """Every file of the index. Raises OSError, Unavailable, or Corrupt where a key is there twice."""
        if self._counts:
            self._fill(INDICES)
            self.abandon()
            path = self._root / INDEX
            _without_history(path)
            self._written.append(Written(INDEX, path.stat().st_size, sha256_file(path)))
            for name, text in self._descriptions():
                self._put(f"{META}/{name}", text.encode())
        return self._written

    def abandon(self) -> None:
        """Close the database as it is."""
        database, self._database = self._database, None
        if database is not None:
            database.close()

    def _fill(self, statement: str, rows: Iterator[tuple[Any, ...]] | None = None) -> None:
        try:
            if self._database is None:
                self._database = _created(self._root / INDEX)
            if rows is None:
                self._database.executescript(statement)  # it commits first
            else:
                self._database.executemany(statement, rows)
        except sqlite3.IntegrityError as error:
            raise Corrupt("two samples of the mixture have one key", "build it again") from error
        except sqlite3.Error as error:
            raise Unavailable(f"the index cannot be written: {error}", "make room") from error

    def _put(self, name: str, data: bytes) -> None:
        file = File(self._root, name)
        try:
            file.write((data,))
            self._written.append(file.close())
        finally:
            file.abandon()

    def _descriptions(self) -> Iterator[tuple[str, str]]:
        """The small files: what the shards hold, that all of them are for training, how to read them."""
        info = {"energon_version": MADE_FOR, "shard_counts": self._counts}
        yield ".info.json", json.dumps(info, indent=2)
        train = f"split_parts:\n  train:\n  - {_collapsed(list(self._counts))}\n"
        yield "split.yaml", f"{train}  val: []\n  test: []\nexclude: []\n"
        yield "dataset.yaml", "__module__: megatron.energon\n__class__: CrudeWebdataset\n"
        told = sha256_bytes("".join(self._hashes).encode())
        yield "index.uuid", str(uuid.uuid5(uuid.NAMESPACE_OID, told))


def _collapsed(shards: Sequence[str]) -> str:
    """All names in one, as a shell would spread it: `shards/shard-{000000..000041}.tar`."""
    if len(shards) == 1:
        return shards[0]
    before, _, first = shards[0].removesuffix(".tar").rpartition("-")
    last = shards[-1].removesuffix(".tar").rpartition("-")[2]
    return f"{before}-{{{first}..{last}}}.tar"


def _samples(number: int, entries: Sequence[Entry], end: int) -> Iterator[tuple[Any, ...]]:
    ends = [*(entry.offset for entry in entries[1:]), end]
    for index, (entry, stop) in enumerate(zip(entries, ends, strict=True)):
        yield number, entry.key, index, entry.offset, stop - entry.offset


def _parts(number: int, entries: Sequence[Entry]) -> Iterator[tuple[Any, ...]]:
    for index, entry in enumerate(entries):
        for part in entry.parts:
            yield number, index, *part


def _created(path: Path) -> sqlite3.Connection:
    """A new database in one transaction; who takes the corpus into use makes it durable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    for setting in (
        "page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "auto_vacuum = NONE",
        f"cache_size = -{CACHE_KIB}",
    ):  # fmt: skip
        database.execute(f"PRAGMA {setting}")
    database.executescript(f"{TABLES}BEGIN;")
    return database


def _without_history(path: Path) -> None:
    """Set what SQLite's header tells of the library and of past writes to fixed numbers."""
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        for at, value in ((CHANGES_AT, 1), (VALID_AT, 1), (LIBRARY_AT, 3_000_000)):
            os.pwrite(fd, value.to_bytes(4, "big"), at)
    finally:
        os.close(fd)
