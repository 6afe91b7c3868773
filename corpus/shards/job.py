"""One shard as a piece of work: everything it is made of, done by whoever has time, done once.

What a job leaves is its shard, its pictures, its part of the messages and of the ledger, and last
a receipt that names all of these by hash. A job with a receipt is not done again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import msgpack
import numpy as np
from numpy.typing import NDArray

from corpus import ledger
from corpus.select import Pick
from corpus.shards import pictures
from corpus.shards.chat import encoded
from corpus.shards.energon import Entry, Part
from corpus.shards.file import File, Written
from corpus.shards.shard import Finished, Place, Shard, shard_name
from corpus.store import record
from infra.files import publish, sha256_file

PARTS: Final = "parts"
PICK: Final = np.dtype(
    [("file", "<u2"), ("at", "<u8"), ("bytes", "<u4"), ("crc", "<u4"), ("epoch", "<u4"),
     ("sequence", "<u4")]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Job:
    """A shard to be written below `root`: which records of which files, in which order."""

    root: str
    number: int
    records: tuple[str, ...]
    picks: NDArray[Any]

    def part(self, kind: str) -> str:
        """The path below the root of what the job leaves for others."""
        return f"{PARTS}/{self.number:06d}.{kind}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a finished job left: files of the corpus, parts of such, the shard's index."""

    written: tuple[Written, ...]
    parts: tuple[Written, ...]
    shard: Finished


def write(job: Job) -> int:
    """Do the job; how many samples it has. Raises Corrupt for a source that was changed, OSError."""
    root = Path(job.root)
    for name in (shard_name(job.number), job.part("messages"), job.part("ledger")):
        (root / name).unlink(missing_ok=True)
    messages, lines = File(root, job.part("messages")), File(root, job.part("ledger"))
    kept: dict[str, Written] = {}
    entries: list[tuple[bytes, bytes]] = []
    try:
        with Shard(root, job.number) as shard:
            for pick, sequence in _picks(job):
                line = encoded(pick, sequence)
                place = _add(root, shard, pick, line, kept)
                messages.write((line,))
                entries.append((pick.key.encode(), ledger.line(pick, sequence, place)))
            finished = shard.finish()
        lines.write(b"\t".join(entry) for entry in sorted(entries))
        parts = (messages.close(), lines.close())
    finally:
        messages.abandon()
        lines.abandon()
    written = (finished.written, *(kept[name] for name in sorted(kept)))
    publish(root / job.part("receipt"), _packed(Receipt(written, parts, finished)))
    return len(entries)


def _add(root: Path, shard: Shard, pick: Pick, line: bytes, kept: dict[str, Written]) -> Place:
    """Put one pick and its pictures where they belong."""
    found = [(picture, pictures.read(picture)) for picture in pick.sample.pictures]
    members = [
        (f"{n}.{picture.suffix}" if len(found) > 1 else picture.suffix, data)
        for n, (picture, data) in enumerate(found)
    ]
    for picture, data in found:
        if picture.sha256 not in kept:
            kept[picture.sha256] = pictures.put(root, picture, data)
    return shard.add(pick.key, [*members, ("json", line[:-1])])


def _picks(job: Job) -> Iterator[tuple[Pick, int]]:
    files = [os.open(path, os.O_RDONLY | os.O_CLOEXEC) for path in job.records]
    try:
        for file, at, size, crc, epoch, sequence in job.picks.tolist():
            sample = record.read(files[file], at, size, crc, job.records[file])
            yield Pick(sample, epoch), sequence
    finally:
        for fd in files:
            os.close(fd)


def receipt(job: Job) -> Receipt:
    """What the job says that it left. Raises OSError, ValueError, TypeError where it says nothing."""
    return _unpacked((Path(job.root) / job.part("receipt")).read_bytes())


def is_done(job: Job) -> bool:
    """Whether all that the job left is still as it was."""
    root = Path(job.root)
    try:
        found = receipt(job)
        return all(
            sha256_file(root / file.path) == file.sha256 for file in (*found.written, *found.parts)
        )
    except (OSError, ValueError, TypeError):
        return False


def _packed(made: Receipt) -> bytes:
    data: bytes = msgpack.packb(asdict(made))
    return data


def _unpacked(data: bytes) -> Receipt:
    values = msgpack.unpackb(data)
    shard = values["shard"]
    entries = [
        Entry(k, at, tuple(Part(*part) for part in parts)) for k, at, parts in shard["entries"]
    ]
    return Receipt(
        tuple(Written(**file) for file in values["written"]),
        tuple(Written(**file) for file in values["parts"]),
        Finished(Written(**shard["written"]), entries, shard["end"]),
    )
