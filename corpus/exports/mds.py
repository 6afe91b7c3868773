"""MDS, the format of MosaicML's StreamingDataset, byte for byte as its own MDSWriter makes it.

A shard is the number of samples, where each begins, the columns as JSON, then the samples: the sizes
of the columns that have none of their own, and the columns' bytes in the order of their names. One
shard is held in memory. Unlike theirs, no empty shard stands before a sample that is larger than one.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from corpus.exports.form import COUNTS, WORDS
from corpus.shards.file import File, Written
from corpus.shards.read import Stored
from infra.errors import UsageError
from infra.files import sha256_bytes

INDEX: Final = "index.json"
HASHES: Final = ["sha256"]
ZSTD_LEVEL: Final = 3
LARGEST: Final = 2**32 - 1
COLUMNS: Final = {
    **dict.fromkeys(WORDS, "str"),
    **dict.fromkeys(COUNTS, "int"),
    "traits": "json",
    "messages": "json",
    "images": "list[jpeg]",
}
"""Of a corpus. Its pictures are kept as they are: the readers of `list[jpeg]` open PNG too."""


_encoded = json.JSONEncoder().encode


def _json(value: Any) -> bytes:
    return _encoded(value).encode()


def _list(value: Sequence[bytes]) -> bytes:
    """A word that is not used yet, how many there are, their sizes, they themselves."""
    sizes = map(len, value)
    return b"".join((struct.pack(f"<{2 + len(value)}I", 0, len(value), *sizes), *value))


ENCODE: Final[dict[str, Callable[[Any], bytes]]] = {
    "bytes": bytes,
    "int": struct.Struct("<q").pack,
    "json": _json,
    "list[jpeg]": _list,
    "str": str.encode,
}
FIXED: Final = {"int": 8}


class Shards:
    """MDS shards of these columns under `root`; `compression` is `zstd` or nothing."""

    def __init__(
        self, root: Path, columns: Mapping[str, str], shard_bytes: int, compression: str | None = None
    ) -> None:  # fmt: skip
        if not 0 < shard_bytes <= LARGEST:
            raise UsageError("an MDS shard has at most 4 GiB", "lower the size of shards")
        self._root, self._shard_bytes = root, shard_bytes
        self._columns = [(name, ENCODE[columns[name]]) for name in sorted(columns)]
        self._config: dict[str, Any] = {
            "version": 2, "format": "mds", "compression": compression, "hashes": HASHES,
            "size_limit": shard_bytes, "column_names": sorted(columns),
            "column_encodings": [columns[name] for name in sorted(columns)],
            "column_sizes": [FIXED.get(columns[name]) for name in sorted(columns)],
        }  # fmt: skip
        self._stated = json.dumps(self._config, sort_keys=True).encode()
        varied = [n for n, size in enumerate(self._config["column_sizes"]) if size is None]
        self._sizes, self._varied = struct.Struct(f"<{len(varied)}I"), varied
        self._pieces: list[bytes] = []
        self._lengths: list[int] = []
        self._length = self._empty
        self._shards: list[dict[str, Any]] = []
        self._written: list[Written] = []

    @property
    def _empty(self) -> int:
        """The size of a shard without samples."""
        return 8 + len(self._stated)

    def add(self, values: Mapping[str, Any]) -> None:
        """Write a sample. Raises OSError."""
        parts = [encode(values[name]) for name, encode in self._columns]
        sizes = [len(part) for part in parts]
        head = self._sizes.pack(*[sizes[number] for number in self._varied])
        length = len(head) + sum(sizes)
        if self._lengths and self._shard_bytes < self._length + length + 4:
            self._flush()
        self._pieces += (head, *parts)
        self._lengths.append(length)
        self._length += length + 4

    def finish(self) -> list[Written]:
        """Write the last shard and the index. Raises OSError."""
        if self._lengths:
            self._flush()
        index = json.dumps({"version": 2, "shards": self._shards}, sort_keys=True)
        self._put(INDEX, [index.encode()])
        return self._written

    def _flush(self) -> None:
        offsets = np.cumsum([0, *self._lengths], dtype=np.uint64)
        offsets += 4 + 4 * len(offsets) + len(self._stated)
        head = (struct.pack("<I", len(self._lengths)), offsets.astype("<u4").tobytes())
        pieces = [*head, self._stated, *self._pieces]
        stored = {"samples": len(self._lengths), **self._stored(pieces), **self._config}
        self._shards.append(stored)
        self._pieces, self._lengths, self._length = [], [], self._empty

    def _stored(self, pieces: list[bytes]) -> dict[str, Any]:
        """Write a shard; what the index says of its file, and of the compressed one that stands for it."""
        name = f"shard.{len(self._shards):05}.mds"
        if self._config["compression"] is None:
            return {"raw_data": _info(self._put(name, pieces)), "zip_data": None}
        import zstandard

        raw = b"".join(pieces)
        packed = zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(raw)
        told = _info(Written(name, len(raw), sha256_bytes(raw)))
        return {"raw_data": told, "zip_data": _info(self._put(f"{name}.zstd", [packed]))}

    def _put(self, name: str, pieces: Sequence[bytes]) -> Written:
        file = File(self._root, name)
        try:
            file.write(pieces)
            self._written.append(file.close())
        finally:
            file.abandon()
        return self._written[-1]


class Mds:
    """The samples of a corpus as MDS."""

    def __init__(self, root: Path, shard_bytes: int, compression: str | None = None) -> None:
        self._shards = Shards(root, COLUMNS, shard_bytes, compression)

    def add(self, sample: Stored) -> None:
        """Write one sample. Raises OSError."""
        self._shards.add(
            {"traits": {}, **sample.record, "images": [data for _, data in sample.pictures]}
        )

    def finish(self) -> list[Written]:
        """Write what waits and the index. Raises OSError."""
        return self._shards.finish()

    def abandon(self) -> None:
        """Nothing is open between shards."""


def _info(file: Written) -> dict[str, Any]:
    return {"basename": file.path, "bytes": file.size_bytes, "hashes": {"sha256": file.sha256}}
