"""Reading shards back: members of a tar, and a corpus sample by sample in its order.

Only what this floor writes is read: USTAR with a PAX path where a name needs one. A shard is
checked against the hash in the manifest before its first sample is given.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpus.shards import manifest, tar
from corpus.shards.shard import DIRECTORY
from infra.errors import Corrupt, NotFound
from infra.files import CHUNK_BYTES

SHARD: Final = re.compile(rf"{DIRECTORY}/shard-\d{{6,}}\.tar")


class Member(NamedTuple):
    """A file in a tar: its name, where its headers begin, where its data lies."""

    name: str
    offset: int
    data_offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A sample as it lies in a shard: its record and its pictures, each with its ending."""

    record: dict[str, Any]
    pictures: tuple[tuple[str, bytes], ...]


def samples(root: Path) -> Iterator[Stored]:
    """Every sample of the corpus under `root`, in order; one is held at a time.

    Raises NotFound where there is no corpus, Corrupt where a shard is not as it was written.
    """
    files = manifest.read(root)["files"]
    for name in sorted(n for n in files if n.startswith(f"{DIRECTORY}/") and n.endswith(".tar")):
        with _mapped(root, name, files[name]) as data:
            yield from _samples(data)


def sample_at(root: Path, shard: str, offset: int) -> Stored:
    """The sample that begins at that offset of a shard, whose other bytes are not read.

    Raises Corrupt where none begins there, NotFound where there is no such shard.
    """
    if not SHARD.fullmatch(shard):
        raise NotFound(f"no shard {shard!r}", "run `trawl corpus verify`", shard)
    with _opened(root, shard) as data:
        found = next(_samples(data, offset), None) if 0 <= offset < len(data) else None
    if found is None:
        raise Corrupt(f"no sample begins at {offset} of {shard}", "run `trawl corpus verify`")
    return found


def members(data: bytes | mmap.mmap, first: int = 0) -> Iterator[Member]:
    """The members of a tar in order, from `first` on. Raises Corrupt where a header is none."""
    at, start, name = first, first, ""
    while True:
        head = data[at : at + tar.BLOCK]
        if head == tar.END[: tar.BLOCK]:
            return
        short, size, kind = _header(head, at)
        body = at + tar.BLOCK
        if kind == b"x":
            name = _path(data[body : body + size])
        else:
            yield Member(name or short.decode("ascii"), start, body, size)
            name, start = "", body + size + -size % tar.BLOCK
        at = body + size + -size % tar.BLOCK


def _samples(data: mmap.mmap, first: int = 0) -> Iterator[Stored]:
    pictures: list[tuple[str, bytes]] = []
    for member in members(data, first):
        body = data[member.data_offset : member.data_offset + member.size]
        suffix = member.name.rpartition(".")[2]
        if suffix == "json":  # the last of each sample
            yield Stored(json.loads(body), tuple(pictures))
            pictures = []
        else:
            pictures.append((suffix, body))


def _mapped(root: Path, name: str, stated: dict[str, Any]) -> mmap.mmap:
    """The bytes of a shard that are those the manifest states."""
    data = _opened(root, name)
    digest = hashlib.sha256()
    for at in range(0, len(data), CHUNK_BYTES):
        digest.update(data[at : at + CHUNK_BYTES])
    if digest.hexdigest() != stated["sha256"]:
        data.close()
        raise Corrupt(f"shard {name} was changed", "run `trawl corpus verify`", name)
    return data


def _opened(root: Path, name: str) -> mmap.mmap:
    try:
        with (root / name).open("rb") as source:
            return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise Corrupt(f"shard {name} cannot be read", "run `trawl corpus verify`", name) from error


def _header(head: bytes, at: int) -> tuple[bytes, int, bytes]:
    """Name, size and kind of the member whose header this is, which is as it would be written."""
    try:
        name, size = head[: tar.NAME_BYTES].rstrip(b"\0"), int(head[124:135], 8)
    except ValueError as error:
        raise Corrupt(f"no tar header at {at}", "run `trawl corpus verify`") from error
    if head != tar.header(name, size, kind := head[156:157]):
        raise Corrupt(f"a changed tar header at {at}", "run `trawl corpus verify`")
    return name, size, kind


def _path(record: bytes) -> str:
    """The path in PAX records that hold nothing else."""
    _, _, value = record.partition(b" path=")
    return value.removesuffix(b"\n").decode("utf-8")
