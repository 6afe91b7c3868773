"""Indexing shards for Megatron-Energon: ours against what `energon prepare` does, on the same shards.

A build never reads its shards back, since the writer knows every offset: that is `one_pass_s`, on top
of writing them, and what `ratio` is of. `read_again_ratio` is of the harder case, which is theirs:
shards that lie there. Their time is without their start, with as many workers as suit them best.
"""

from __future__ import annotations

import mmap
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from corpus.shards import tar
from corpus.shards.energon import Entry, Index, Part
from corpus.shards.file import Written
from corpus.shards.read import Member, members
from infra.progress import Progress
from tests.bench.drawn import samples
from tests.bench.report import Report
from tests.bench.turns import seconds
from tests.corpus.made import write_shards
from tests.peers import ask

TIMES: Final = 5
SHARD_BYTES: Final = 1 << 24
Shard = tuple[Written, list[Entry], int]


def run(progress: Progress) -> Report:
    """Index the same shards in turn; the fastest of each."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        written = _shards(root)
        known = [(shard, *_read(root / shard.path)) for shard in written]
        cores = len(os.sched_getaffinity(0))
        took = seconds(
            {
                "again": lambda out: _index(out, [(w, *_read(root / w.path)) for w in written]),
                "one pass": lambda out: _index(out, known),
                f"{cores} workers": lambda out: _theirs(root, out, cores),
                "16 workers": lambda out: _theirs(root, out, 16),
            },
            TIMES,
            progress,
        )
    theirs = min(took[f"{cores} workers"], took["16 workers"])
    figures: dict[str, Any] = {
        "samples": sum(len(entries) for _, entries, _ in known),
        "shards": len(written),
        "read_again_s": round(took["again"], 4),
        "one_pass_s": round(took["one pass"], 4),
        "energon_prepare_s": round(theirs, 4),
        "read_again_ratio": round(theirs / took["again"], 1),
    }
    ratio = round(theirs / took["one pass"], 1)
    return Report("energon", figures, "energon prepare, its start not counted", ratio)


def _shards(root: Path) -> list[Written]:
    drawn = ((s.key, [("jpg", s.picture), ("json", s.line)]) for s in samples())
    written = write_shards(root, drawn, SHARD_BYTES)
    return [file for file in written if file.path.endswith(".tar")]


def _read(path: Path) -> tuple[list[Entry], int]:
    """A shard's samples and where they end, from its headers."""
    found: dict[str, list[Member]] = {}
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for member in members(data):
            found.setdefault(member.name.partition(".")[0], []).append(member)
    entries = [
        Entry(key, own[0].offset, tuple(
            Part(m.name.partition(".")[2], m.data_offset, m.size) for m in own
        ))
        for key, own in found.items()
    ]  # fmt: skip
    return entries, member.data_offset + member.size + -member.size % tar.BLOCK


def _index(out: Path, shards: Sequence[Shard]) -> None:
    index = Index(out)
    for shard, entries, end in shards:
        index.add(shard, entries, end)
    index.finish()


def _theirs(root: Path, out: Path, workers: int) -> float:
    shutil.copytree(root / "shards", out / "shards", ignore=shutil.ignore_patterns("*.idx"))
    return float(ask("energon_prepare", root=str(out), workers=workers, told=False)["s"])
