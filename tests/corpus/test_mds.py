"""MDS shards are those of a writer that takes one sample after another, however they were laid out."""

from __future__ import annotations

import json
import random
import struct
from pathlib import Path
from typing import Any

import pytest

from corpus.exports.mds import BATCH_BYTES, BATCH_SAMPLES, Shards
from tests.corpus.test_exports import contents

COLUMNS = {"id": "str", "messages": "json", "n": "int", "picture": "bytes"}
CHARACTERS = 'ab "\\\n\0\x7fé你🎈/<'


def samples() -> list[dict[str, Any]]:
    """More than a batch by number, then more than one by size, with all that JSON escapes."""
    draw = random.Random(1)
    return [
        {
            "id": f"é{number}",
            "messages": [{"role": "user", "content": "".join(draw.choices(CHARACTERS, k=draw.randrange(90)))}],
            "n": draw.randrange(-(2**63), 2**63),
            "picture": draw.randbytes(draw.randrange(BATCH_BYTES // 3) if number > BATCH_SAMPLES else 9),
        }
        for number in range(BATCH_SAMPLES + 40)
    ]  # fmt: skip


def plain(rows: list[dict[str, Any]], shard_bytes: int) -> list[bytes]:
    """The shards as MosaicML's specification has them, one sample after another."""
    told = {
        "version": 2, "format": "mds", "compression": None, "hashes": ["sha256"],
        "size_limit": shard_bytes, "column_names": list(COLUMNS),
        "column_encodings": list(COLUMNS.values()), "column_sizes": [None, None, 8, None],
    }  # fmt: skip
    stated = json.dumps(told, sort_keys=True).encode()
    shards: list[list[bytes]] = [[]]
    for row in rows:
        values = [row["id"].encode(), json.dumps(row["messages"]).encode(), row["picture"]]
        sizes = struct.pack("<3I", *map(len, values))
        made = b"".join((sizes, *values[:2], struct.pack("<q", row["n"]), values[2]))
        size = 8 + len(stated) + sum(len(one) + 4 for one in (*shards[-1], made))
        if shards[-1] and size > shard_bytes:
            shards.append([])
        shards[-1].append(made)
    written = []
    for shard in shards:
        start = 4 * (len(shard) + 2) + len(stated)
        offsets = [start + sum(map(len, shard[:n])) for n in range(len(shard) + 1)]
        head = struct.pack(f"<{len(shard) + 2}I", len(shard), *offsets)
        written.append(b"".join((head, stated, *shard)))
    return written


@pytest.mark.parametrize("shard_bytes", [300, 2000, 200_000, 1 << 24])
def test_samples_lie_in_shards_as_if_each_had_been_written_by_itself(
    tmp_path: Path, shard_bytes: int
) -> None:
    rows = samples()
    shards = Shards(tmp_path, COLUMNS, shard_bytes)
    for row in rows:
        shards.add(row)
    named = [file.path for file in shards.finish()]
    found = contents(tmp_path)
    assert [found[name] for name in named[:-1]] == plain(rows, shard_bytes)
    assert named[-1] == "index.json"


def test_no_samples_make_an_index_of_no_shards(tmp_path: Path) -> None:
    (index,) = Shards(tmp_path, COLUMNS, 1 << 20).finish()
    assert json.loads((tmp_path / index.path).read_bytes()) == {"version": 2, "shards": []}
