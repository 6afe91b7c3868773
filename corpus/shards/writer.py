"""Writing the mixture: every pick into a tar shard and a line of `messages.jsonl`, pictures beside.

Files are hashed as they are written; who takes them into use makes them durable. Nothing here decides what is written or in which order.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from corpus.sample import Picture
from corpus.select import Pick
from corpus.shards.file import File, Written
from corpus.shards.shard import Place, Shards
from infra.errors import Corrupt
from infra.files import sha256_bytes

MESSAGES: Final = "messages.jsonl"


class Writer:
    """Writes picks in order under `root`; `finish` gives every file written."""

    def __init__(self, root: Path, shard_bytes: int) -> None:
        self._root = root
        self._shards = Shards(root, shard_bytes)
        self._messages = File(root, MESSAGES)
        self._pictures: dict[str, Written] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._messages.abandon()
        self._shards.abandon()

    def add(self, pick: Pick, sequence: int) -> Place:
        """Write one pick; says where it lies."""
        pictures = [(picture, _read(picture)) for picture in pick.sample.pictures]
        line = encoded(pick, sequence)
        many = len(pictures) > 1
        members = [
            (f"{n}.{picture.suffix}" if many else picture.suffix, data)
            for n, (picture, data) in enumerate(pictures)
        ]
        place = self._shards.add(pick.key, [*members, ("json", line[:-1])])
        self._messages.write((line,))
        for picture, data in pictures:
            self._picture(picture, data)
        return place

    def finish(self) -> list[Written]:
        """Close everything; every file written, ordered by path."""
        written = [*self._shards.finish(), self._messages.close(), *self._pictures.values()]
        return sorted(written, key=lambda w: w.path)

    def _picture(self, picture: Picture, data: bytes) -> None:
        """A picture beside the JSONL, once however often it is used."""
        if picture.sha256 in self._pictures:
            return
        file = File(self._root, reference(picture))
        try:
            file.write((data,))
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
