"""MDS, the format of MosaicML's StreamingDataset, byte for byte as its own MDSWriter makes it.

A shard is the number of samples, where each begins, the columns as JSON, then the samples: the sizes
of the columns that have none of their own, and the columns' bytes in the order of their names. One
shard and a batch are held in memory. Unlike theirs, no empty shard stands before a sample that is larger than one.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpus.exports.columns import ENCODE, FIXED, LARGE
from corpus.exports.form import COUNTS, WORDS
from corpus.shards.file import File, Written
from corpus.shards.read import Stored
from infra.errors import UsageError
from infra.files import sha256_bytes

INDEX: Final = "index.json"
HASHES: Final = ["sha256"]
ZSTD_LEVEL: Final = 3
LARGEST: Final = 2**32 - 1
BATCH_SAMPLES: Final = 256
BATCH_BYTES: Final = 1 << 20
"""What is laid out at once; more is no faster."""
COLUMNS: Final = {
    **dict.fromkeys(WORDS, "str"),
    **dict.fromkeys(COUNTS, "int"),
    "traits": "json",
    "messages": "json",
    "images": "list[jpeg]",
}
"""Of a corpus. Its pictures are kept as they are: the readers of `list[jpeg]` open PNG too."""


class Shards:
    """MDS shards of these columns under `root`; `compression` is `zstd` or nothing."""

    def __init__(
        self, root: Path, columns: Mapping[str, str], shard_bytes: int, compression: str | None = None
    ) -> None:  # fmt: skip
        if not 0 < shard_bytes <= LARGEST:
            raise UsageError("an MDS shard has at most 4 GiB", "lower the size of shards")
        self._root, self._shard_bytes = root, shard_bytes
        self._kinds = {name: columns[name] for name in sorted(columns)}
        sizes = [FIXED.get(kind) for kind in self._kinds.values()]
        self._config: dict[str, Any] = {
            "version": 2, "format": "mds", "compression": compression, "hashes": HASHES,
            "size_limit": shard_bytes, "column_names": list(self._kinds),
            "column_encodings": list(self._kinds.values()), "column_sizes": sizes,
        }  # fmt: skip
        self._stated = json.dumps(self._config, sort_keys=True).encode()
        self._varied = [number for number, size in enumerate(sizes) if size is None]
        self._fixed_bytes = 4 * len(self._varied) + sum(filter(None, sizes))
        self._large = [(n, ENCODE[kind]) for n, kind in self._kinds.items() if kind in LARGE]
        self._waiting: list[Mapping[str, Any]] = []
        self._encoded: list[list[bytes]] = []
        self._waiting_bytes = 0
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
        large = [encode(values[name]) for name, encode in self._large]
        self._waiting.append(values)
        self._encoded.append(large)
        self._waiting_bytes += sum(map(len, large))
        if len(self._waiting) == BATCH_SAMPLES or self._waiting_bytes >= BATCH_BYTES:
            self._lay_out()

    def finish(self) -> list[Written]:
        """Write the last shard and the index. Raises OSError."""
        self._lay_out()
        if self._lengths:
            self._flush()
        index = json.dumps({"version": 2, "shards": self._shards}, sort_keys=True)
        self._put(INDEX, [index.encode()])
        return self._written

    def _lay_out(self) -> None:
        """Put the samples that wait into shards."""
        if not self._waiting:
            return
        columns = self._columns()
        told = chain.from_iterable(map(len, columns[number]) for number in self._varied)
        sizes = np.fromiter(told, "<u4").reshape(len(self._varied), -1).T
        head, step = sizes.tobytes(), 4 * len(self._varied)
        heads = [head[at : at + step] for at in range(0, len(head), step)]
        parts = list(chain.from_iterable(zip(heads, *columns, strict=True)))
        self._fill(parts, self._fixed_bytes + sizes.sum(axis=1, dtype=np.int64))

    def _fill(self, parts: Sequence[bytes], lengths: NDArray[np.int64]) -> None:
        """Give samples of those lengths to the shard, and what it has no room for to the next."""
        ends, wide, start = np.cumsum(lengths + 4), len(parts) // len(lengths), 0
        while start < len(lengths):
            before = int(ends[start - 1]) if start else 0
            room = self._shard_bytes - self._length + before
            end = int(np.searchsorted(ends, room, "right"))
            if end <= start and self._lengths:
                self._flush()
                continue
            end = max(end, start + 1)
            self._pieces.append(b"".join(parts[start * wide : end * wide]))
            self._lengths += lengths[start:end].tolist()
            self._length += int(ends[end - 1]) - before
            start = end

    def _columns(self) -> list[Sequence[bytes]]:
        """Every column of the samples that wait, which wait no more."""
        waiting, encoded = self._waiting, self._encoded
        self._waiting, self._encoded, self._waiting_bytes = [], [], 0
        large = dict(
            zip((name for name, _ in self._large), zip(*encoded, strict=True), strict=True)
        )
        return [
            large[name] if name in large
            else list(map(ENCODE[kind], [values[name] for values in waiting]))
            for name, kind in self._kinds.items()
        ]  # fmt: skip

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
