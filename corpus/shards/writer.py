"""Writing the mixture: every pick into a tar shard and a line of `messages.jsonl`, pictures beside.

Files are hashed as they are written; who takes them into use makes them durable. Nothing here decides what is written or in which order.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from corpus.sample import Picture
from corpus.select import Pick
from corpus.shards import tar
from infra import disk
from infra.errors import Corrupt
from infra.files import sha256_bytes

MESSAGES: Final = "messages.jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: its path in the corpus, size and hash."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pick lies: its shard and the offset of its first member."""

    shard: str
    offset: int


@dataclass(slots=True)
class File:
    """An open file that counts and hashes what goes into it."""

    root: Path
    name: str
    size: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)
    _fd: int | None = None

    def write(self, data: bytes) -> None:
        """Append `data`; the first makes the file."""
        if self._fd is None:
            path = self.root / self.name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        disk.write(self._fd, data, self.size)
        self._digest.update(data)
        self.size += len(data)

    def close(self) -> Written:
        """The finished file, empty where nothing was written."""
        self.write(b"")
        self.abandon()
        return Written(self.name, self.size, self._digest.hexdigest())

    def abandon(self) -> None:
        """Let go of the file as it is."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)


class Writer:
    """Writes picks in order under `root`; `finish` gives every file written."""

    def __init__(self, root: Path, shard_bytes: int) -> None:
        self._root = root
        self._shard_bytes = shard_bytes
        self._shard: File | None = None
        self._shards = 0
        self._messages = File(root, MESSAGES)
        self._pictures: dict[str, Written] = {}
        self._written: list[Written] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._messages.abandon()
        if self._shard is not None:
            self._shard.abandon()

    def add(self, pick: Pick, sequence: int) -> Place:
        """Write one pick; says where it lies."""
        pictures = [(picture, _read(picture)) for picture in pick.sample.pictures]
        line = encoded(pick, sequence)
        many = len(pictures) > 1
        members = [
            tar.member(f"{pick.key}.{n}.{p.suffix}" if many else f"{pick.key}.{p.suffix}", data)
            for n, (p, data) in enumerate(pictures)
        ]
        members.append(tar.member(f"{pick.key}.json", line[:-1]))
        shard = self._room(sum(map(len, members)))
        place = Place(shard.name, shard.size)
        for member in members:
            shard.write(member)
        self._messages.write(line)
        for picture, data in pictures:
            self._picture(picture, data)
        return place

    def finish(self) -> list[Written]:
        """Close everything; every file written, ordered by path."""
        self._end_shard()
        self._written.append(self._messages.close())
        return sorted([*self._written, *self._pictures.values()], key=lambda w: w.path)

    def _room(self, size: int) -> File:
        """The shard the next pick goes to; a full one is closed first."""
        if self._shard is not None and self._shard.size + size + len(tar.END) > self._shard_bytes:
            self._end_shard()
        if self._shard is None:
            self._shard = File(self._root, f"shards/shard-{self._shards:06d}.tar")
            self._shards += 1
        return self._shard

    def _end_shard(self) -> None:
        shard, self._shard = self._shard, None
        if shard is not None:
            shard.write(tar.END)
            self._written.append(shard.close())

    def _picture(self, picture: Picture, data: bytes) -> None:
        """A picture beside the JSONL, once however often it is used."""
        if picture.sha256 in self._pictures:
            return
        file = File(self._root, reference(picture))
        try:
            file.write(data)
            self._pictures[picture.sha256] = file.close()
        finally:
            file.abandon()


def reference(picture: Picture) -> str:
    """How the JSONL names a picture: relative to its own directory."""
    return f"images/{picture.sha256[:2]}/{picture.sha256}.{picture.suffix}"


def _read(picture: Picture) -> bytes:
    try:
        data = picture.path.read_bytes()
    except OSError as error:
        raise Corrupt(
            f"picture {picture.path} cannot be read", "build again", picture.sha256
        ) from error
    if sha256_bytes(data) != picture.sha256:
        raise Corrupt(f"picture {picture.path} was changed on disk", "delete it and build again")
    return data


def encoded(pick: Pick, sequence: int) -> bytes:
    """The pick's line in `messages.jsonl`, its end included."""
    record = _record(pick, sequence)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _record(pick: Pick, sequence: int) -> dict[str, Any]:
    """The chat form of a pick, with what a trainer may filter by."""
    sample = pick.sample
    return {
        "id": pick.key,
        "category": sample.category,
        "source": sample.source,
        "kind": sample.kind,
        "language": sample.language,
        "messages": [{"role": t.role, "content": t.content} for t in sample.messages],
        "images": [reference(picture) for picture in sample.pictures],
        "text_tokens": sample.text_tokens,
        "image_tokens": sample.image_tokens,
        "sequence": sequence,
    }
