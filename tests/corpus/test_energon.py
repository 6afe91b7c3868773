"""Shards are indexed for Megatron-Energon as it would do it itself, and it reads them."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from corpus.shards.energon import INDEX, META
from corpus.shards.file import Written
from infra.errors import Corrupt
from infra.files import sha256_file
from tests.corpus.made import write_shards
from tests.peers import ask

SAMPLES: dict[str, list[tuple[str, bytes]]] = {
    f"{'text' if n % 3 else 'agent'}-{n * 7919 % 1000:020x}": [
        *[(f"{k}.png" if n % 2 else "png", bytes([n, k]) * 300) for k in range(1 + n % 2)],
        ("json", json.dumps({"n": n}).encode()),
    ]
    for n in range(40)
}


def write(root: Path, shard_bytes: int = 20_000) -> list[Written]:
    return write_shards(root, SAMPLES.items(), shard_bytes)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_energon_reads_every_sample_in_order_and_any_by_key(tmp_path: Path) -> None:
    write(tmp_path)
    answer = ask("energon_read", root=str(tmp_path), keys=list(SAMPLES)[::7])
    assert answer["read"] == [
        [key, {name: sha256(data) for name, data in parts}] for key, parts in SAMPLES.items()
    ]
    assert answer["found"] == {key: sha256(SAMPLES[key][-1][1]) for key in list(SAMPLES)[::7]}


def test_energon_itself_would_have_written_the_same_index(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    shards = write(ours)
    assert sum(file.path.endswith(".tar") for file in shards) > 2
    shutil.copytree(ours / "shards", theirs / "shards", ignore=shutil.ignore_patterns("*.idx"))
    answer = ask("energon_prepare", root=str(theirs), workers=2, told=True)
    assert answer["tables"] == tables(ours)
    assert answer["split"] == (ours / META / "split.yaml").read_text()
    assert answer["info"] == json.loads((ours / META / ".info.json").read_bytes())
    for index in sorted((ours / "shards").glob("*.idx")):
        assert index.read_bytes() == (theirs / "shards" / index.name).read_bytes()


def tables(root: Path) -> dict[str, Any]:
    database = sqlite3.connect(root / INDEX)
    rows = {
        name: sorted(list(row) for row in database.execute(f"SELECT * FROM {name}"))
        for name in ("samples", "sample_parts")
    }
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    return rows


def test_equal_shards_have_equal_indices_and_every_file_is_hashed(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a"), write(tmp_path / "b")
    assert first == second
    there = {p.relative_to(tmp_path / "a").as_posix() for p in (tmp_path / "a").rglob("*.*")}
    assert {file.path for file in first} == there - {META}
    for file in first:
        assert sha256_file(tmp_path / "a" / file.path) == file.sha256
        assert sha256_file(tmp_path / "b" / file.path) == file.sha256


def test_other_samples_have_another_identity(tmp_path: Path) -> None:
    write(tmp_path / "a")
    write(tmp_path / "b", shard_bytes=30_000)
    one, other = (tmp_path / n / META / "index.uuid" for n in "ab")
    assert one.read_text() != other.read_text()


def test_a_key_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Corrupt):
        write_shards(tmp_path, [("text-1", [("json", b"{}")])] * 2, 1 << 20)


def test_a_mixture_of_nothing_has_no_index(tmp_path: Path) -> None:
    assert write_shards(tmp_path, [], 1 << 20) == []
