"""The ledger: for every pick where it came from and what was done to it, as sorted JSON lines.

Lines are ordered by id, so an answer takes a few reads however large the ledger is.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, BinaryIO, Final

from corpus.lines import line_of
from corpus.sample import Change, Licence
from corpus.select import Pick
from corpus.shards.chat import reference
from corpus.shards.shard import Place
from infra.errors import Corrupt, NotFound
from infra.limits import SAMPLE_LINE_BYTES

NAME: Final = "ledger.jsonl"


def entry(pick: Pick, sequence: int, place: Place) -> dict[str, Any]:
    """What the ledger keeps of one pick."""
    sample, origin = pick.sample, pick.sample.origin
    return {
        "id": pick.key,
        "category": sample.category,
        "source": sample.source,
        "kind": sample.kind,
        "package": origin.package,
        "version": origin.version,
        "file": origin.file,
        "file_sha256": origin.file_sha256,
        **({"traits": dict(sample.traits)} if sample.traits else {}),
        "licence": licence(origin.licence),
        "changes": [_change(change) for change in sample.changes],
        "text_tokens": sample.text_tokens,
        "image_tokens": sample.image_tokens,
        "images": [reference(picture) for picture in sample.pictures],
        "epoch": pick.epoch,
        "sequence": sequence,
        "shard": place.shard,
        "offset": place.offset,
    }


def licence(value: Licence) -> dict[str, Any]:
    """A licence as plain values; a null name means that nobody stated one that a program can read."""
    stated = {"form": value.form, "name": value.name, "text": f"licences/{value.text_sha256}.txt"}
    return {**stated, "declared": value.declared} if value.declared else stated


def _change(change: Change) -> dict[str, Any]:
    return {"name": change.name, **dict(change.parameters)}


def line(pick: Pick, sequence: int, place: Place) -> bytes:
    """The pick's line, its end included."""
    return line_of(entry(pick, sequence, place))


def why(root: Path, name: str) -> dict[str, Any]:
    """The entry of that id, or of the only id that begins so. Raises NotFound or Corrupt."""
    wanted = name.encode("utf-8", "replace")
    try:
        with (root / NAME).open("rb") as source:
            offset = _first_at_least(source, wanted, os.fstat(source.fileno()).st_size)
            first = _line_from(source, offset)
            second = source.readline(SAMPLE_LINE_BYTES)
    except OSError as error:
        raise NotFound(f"no ledger in {root}", "run `trawl corpus build first`", name) from error
    found = _id(first) if first else b""
    if not wanted or not found.startswith(wanted):
        raise NotFound(f"no sample {name!r} in {root.name}", "ids are in messages.jsonl", name)
    if found != wanted and second and _id(second).startswith(wanted):
        raise NotFound(f"several samples begin with {name!r}", "give more of the id", name)
    answer: dict[str, Any] = json.loads(first)
    return answer


def _first_at_least(source: BinaryIO, wanted: bytes, size: int) -> int:
    """An offset from which the next line is the first whose id is not before `wanted`."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        line = _line_from(source, middle)
        if not line or _id(line) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def _line_from(source: BinaryIO, offset: int) -> bytes:
    """The first line that begins at or after `offset`."""
    source.seek(max(0, offset - 1))
    if offset:
        source.readline(SAMPLE_LINE_BYTES)
    return source.readline(SAMPLE_LINE_BYTES)


def _id(line: bytes) -> bytes:
    try:
        return str(json.loads(line)["id"]).encode()
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt("the ledger was changed", "run `trawl corpus verify`") from error
