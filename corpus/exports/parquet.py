"""Parquet as the Hugging Face hub shows it: pictures are images, messages are lists, traits JSON.

A row group holds at most so many bytes, so that a reader of one needs little memory. Equal corpora
give equal bytes with one version of pyarrow, which writes its name into each file.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from corpus.exports.form import COUNTS, WORDS
from corpus.shards.file import File, Written
from corpus.shards.read import Stored
from infra.errors import Unavailable

GROUP_BYTES: Final = 16 << 20
CARD: Final = """\
---
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.parquet
---

A mixture made by Trawl. Where each sample comes from is in the ledger of the corpus this was made
from; the licences' texts are in `licences`.
"""


class Parquet:
    """The samples of a corpus as `data/train-00000-of-00003.parquet` and on."""

    def __init__(self, root: Path, shard_bytes: int) -> None:
        self._root, self._shard_bytes = root, shard_bytes
        self._arrow = _arrow()
        self._schema = _schema(self._arrow)
        self._rows: list[dict[str, Any]] = []
        self._waiting_bytes = 0
        self._sink: _Sink | None = None
        self._writer: Any = None
        self._written: list[Written] = []

    def add(self, sample: Stored) -> None:
        """Write one sample. Raises OSError."""
        named = zip(sample.record["images"], sample.pictures, strict=True)
        images = [{"bytes": data, "path": path.rpartition("/")[2]} for path, (_, data) in named]
        traits = json.dumps(sample.record.get("traits", {}), ensure_ascii=False)
        self._rows.append({**sample.record, "traits": traits, "images": images})
        self._waiting_bytes += sum(len(data) for _, data in sample.pictures)
        self._waiting_bytes += sum(len(turn["content"]) for turn in sample.record["messages"])
        if self._waiting_bytes >= min(GROUP_BYTES, self._shard_bytes):
            self._group()

    def finish(self) -> list[Written]:
        """Close the last file and give all their final names. Raises OSError."""
        if self._rows:
            self._group()
        self._end()
        named = [self._named(number) for number in range(len(self._written))]
        card = File(self._root, "README.md")
        card.write((CARD.encode(),))
        return [card.close(), *named]

    def abandon(self) -> None:
        """Let go of what is open."""
        if self._sink is not None:
            self._sink.file.abandon()

    def _group(self) -> None:
        """Write the rows that wait as one row group."""
        if self._sink is None:
            self._sink = _Sink(File(self._root, f"data/train-{len(self._written):05d}.parquet"))
            self._writer = self._arrow.parquet.ParquetWriter(
                self._sink, self._schema, compression="zstd", write_statistics=False
            )
        table = self._arrow.Table.from_pylist(self._rows, schema=self._schema)
        self._writer.write_table(table, row_group_size=len(self._rows))
        self._rows, self._waiting_bytes = [], 0
        if self._sink.file.size >= self._shard_bytes:
            self._end()

    def _end(self) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            self._writer.close()
            self._written.append(sink.file.close())

    def _named(self, number: int) -> Written:
        """The file under the name that says how many there are."""
        old = self._written[number]
        new = f"data/train-{number:05d}-of-{len(self._written):05d}.parquet"
        (self._root / old.path).rename(self._root / new)
        return Written(new, old.size_bytes, old.sha256)


class _Sink:
    """What pyarrow writes to: a file that is hashed."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.closed = False

    def write(self, data: Any) -> int:
        self.file.write((bytes(data),))
        return len(data)

    def tell(self) -> int:
        return self.file.size

    def flush(self) -> None:
        """Whole chunks are written as they come."""

    def close(self) -> None:
        self.closed = True


def _arrow() -> ModuleType:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise Unavailable("pyarrow is not here", "pip install 'trawl[parquet]'") from error
    arrow: ModuleType = pyarrow
    return arrow


def _schema(pa: Any) -> Any:
    """Arrow's columns, and the hub's features beside them in the metadata."""
    turn = pa.struct([("role", pa.string()), ("content", pa.string())])
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = [
        *((name, pa.string()) for name in (*WORDS, "traits")),
        ("messages", pa.list_(turn)),
        ("images", pa.list_(image)),
        *((name, pa.int64()) for name in COUNTS),
    ]
    told = {"info": {"features": _features()}}
    return pa.schema(columns, metadata={"huggingface": json.dumps(told)})


def _features() -> dict[str, Any]:
    text, count = ({"dtype": kind, "_type": "Value"} for kind in ("string", "int64"))
    return {
        **dict.fromkeys((*WORDS, "traits"), text),
        "messages": [{"role": text, "content": text}],
        "images": [{"_type": "Image"}],
        **dict.fromkeys(COUNTS, count),
    }
