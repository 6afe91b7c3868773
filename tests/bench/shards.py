"""Writing tar shards: ours, hashed and indexed as they are written, against webdataset's writer.

webdataset's has its times fixed, which nearly doubles its speed, and is given bytes, so that it
encodes nothing. Both archives are read back by webdataset and hold the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from corpus.shards.energon import Index
from corpus.shards.shard import Shard
from infra.progress import Progress
from tests.bench.drawn import Drawn, samples
from tests.bench.report import Report
from tests.bench.turns import seconds

TIMES: Final = 7


def run(progress: Progress) -> Report:
    """Write the same samples in turn; the fastest of each."""
    drawn = samples()
    lines = [sample.line for sample in drawn]
    took = seconds(
        {
            "ours": lambda root: _ours(root, drawn, lines),
            "webdataset": lambda root: _theirs(root, drawn, lines),
        },
        TIMES,
        progress,
    )
    _check(drawn, lines)
    size = sum(len(s.picture) for s in drawn) + sum(map(len, lines))
    figures: dict[str, Any] = {
        "samples": len(drawn),
        "mean_sample_bytes": size // len(drawn),
        "samples_per_s": round(len(drawn) / took["ours"]),
        "webdataset_samples_per_s": round(len(drawn) / took["webdataset"]),
    }
    ratio = round(took["webdataset"] / took["ours"], 2)
    return Report("shards", figures, "webdataset's TarWriter, times fixed", ratio)


def _ours(root: Path, drawn: Sequence[Drawn], lines: Sequence[bytes]) -> None:
    with Shard(root, 0) as shard:
        for sample, line in zip(drawn, lines, strict=True):
            shard.add(sample.key, [("jpg", sample.picture), ("json", line)])
        finished = shard.finish()
    index = Index(root)
    index.add(finished.written, finished.entries, finished.end)
    index.finish()


def _theirs(root: Path, drawn: Sequence[Drawn], lines: Sequence[bytes]) -> None:
    import webdataset

    with webdataset.TarWriter(str(root / "a.tar"), mtime=0, encoder=False) as writer:
        for sample, line in zip(drawn, lines, strict=True):
            writer.write({"__key__": sample.key, "jpg": sample.picture, "json": line})


def _check(drawn: Sequence[Drawn], lines: Sequence[bytes]) -> None:
    """Both archives hold the samples, in their order."""
    import webdataset

    wanted = [(s.key, s.picture, line) for s, line in zip(drawn, lines, strict=True)]
    for write in (_ours, _theirs):
        with tempfile.TemporaryDirectory() as place:
            write(Path(place), drawn, lines)
            (archive,) = Path(place).rglob("*.tar")
            read = webdataset.WebDataset(str(archive), shardshuffle=False, empty_check=False)
            assert [(s["__key__"], s["jpg"], s["json"]) for s in read] == wanted
