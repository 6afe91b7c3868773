"""Writing MDS: ours against MosaicML's MDSWriter, the same samples into the same bytes.

Both are given the pictures as bytes, hash their shards by SHA-256 and are timed without their start.
`ratio` is of samples without pictures, where the writer is what is measured; with pictures of
14 KB (`pictures_ratio`) both spend most of their time on hashing and writing the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from corpus.exports.mds import Shards
from infra.files import sha256_file
from infra.progress import Progress
from tests.bench.drawn import Drawn, samples
from tests.bench.report import Report
from tests.bench.turns import seconds
from tests.corpus.made import lines
from tests.peers import ask

TIMES: Final = 5
SHARD_BYTES: Final = 1 << 24
COLUMNS: Final = {
    "id": "str", "category": "str", "source": "str", "kind": "str", "language": "str",
    "messages": "json", "picture": "bytes", "text_tokens": "int", "image_tokens": "int", "sequence": "int",
}  # fmt: skip


def run(progress: Progress) -> Report:
    """Write the same samples in turn; the fastest of each."""
    drawn = samples()
    bare = [sample._replace(picture=b"") for sample in drawn]
    figures: dict[str, Any] = {"samples": len(drawn), "byte_identical": "yes"}
    for name, work in (("messages", bare), ("pictures", drawn)):
        took = _turns(work, progress)
        figures[f"{name}_samples_per_s"] = round(len(work) / took["ours"])
        figures[f"{name}_mds_writer_samples_per_s"] = round(len(work) / took["theirs"])
        figures[f"{name}_ratio"] = round(took["theirs"] / took["ours"], 2)
    ratio = figures["messages_ratio"]
    return Report("mds", figures, "mosaicml-streaming's MDSWriter", ratio)


def _turns(drawn: Sequence[Drawn], progress: Progress) -> dict[str, float]:
    rows = [{**sample.record, "picture": sample.picture} for sample in drawn]
    with tempfile.TemporaryDirectory() as place:
        source = _source(Path(place), drawn)
        ways = {
            "ours": lambda root: _ours(root, rows),
            "theirs": lambda root: _theirs(root / "out", source),
        }
        _check(Path(place), rows, source)
        return seconds(ways, TIMES, progress)


def _source(root: Path, drawn: Sequence[Drawn]) -> Path:
    """The samples as the peer loads them: JSON lines, pictures beside."""
    rows = []
    for number, sample in enumerate(drawn):
        picture = root / f"{number}.jpg"
        picture.write_bytes(sample.picture)
        rows.append({**sample.record, "picture": str(picture)})
    lines(root / "samples.jsonl", rows)
    return root / "samples.jsonl"


def _ours(root: Path, rows: Sequence[dict[str, Any]]) -> None:
    shards = Shards(root, COLUMNS, SHARD_BYTES)
    for row in rows:
        shards.add(row)
    shards.finish()


def _theirs(root: Path, source: Path) -> float:
    answer = ask("mds", verb="write", root=str(root), source=str(source), columns=COLUMNS,
                 shard_bytes=SHARD_BYTES, compression=None)  # fmt: skip
    return float(answer["s"])


def _check(place: Path, rows: Sequence[dict[str, Any]], source: Path) -> None:
    """Both wrote the same files."""
    _ours(place / "ours", rows)
    _theirs(place / "theirs", source)
    found = [
        {path.name: sha256_file(path) for path in (place / name).iterdir()}
        for name in ("ours", "theirs")
    ]
    assert found[0] == found[1]
    assert len(found[0]) > 1
