"""The exporter: every sample of a corpus, in order, into another format, published by rename.

One sample, and what the format holds back, is in memory. An export is a function of the corpus and
the format; its manifest names the corpus it was made from, and `verify` checks it like one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpus import room
from corpus.exports.form import Form
from corpus.exports.mds import Mds
from corpus.exports.packed import Msgpack
from corpus.exports.parquet import Parquet
from corpus.shards import manifest
from corpus.shards.file import File, Written
from corpus.shards.read import samples
from infra import disk
from infra.errors import Conflict, NotFound
from infra.files import exclusive, replace_dir
from infra.progress import Progress

SHARD_BYTES: Final = 1 << 26
SPARE: Final = 1.05
Make = Callable[[Path, int], Form]
FORMATS: Final[dict[str, Make]] = {
    "mds": Mds,
    "mds-zstd": lambda root, shard_bytes: Mds(root, shard_bytes, "zstd"),
    "msgpack": Msgpack,
    "parquet": Parquet,
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export."""

    root: Path
    sha256: str
    samples: int
    size_bytes: int


def export(
    corpus: Path, to: str, out: Path, disk_floor_bytes: int, progress: Progress,
    shard_bytes: int = SHARD_BYTES,
) -> Exported:  # fmt: skip
    """Write the corpus under `corpus` as `to` into `out`; an older export there is replaced.

    Raises NotFound for an unknown format or corpus, Conflict where `out` holds something else,
    Corrupt where a shard was changed, Unavailable where there is no room.
    """
    if to not in FORMATS:
        raise NotFound.among("format", to, FORMATS)
    stated = manifest.read(corpus)
    _check_free(out)
    disk.make_dir(out.parent)
    need = sum(f["bytes"] for name, f in stated["files"].items() if not name.startswith("images/"))
    room.check(int(need * SPARE), out.parent, disk_floor_bytes)
    with exclusive(out.with_name(f".{out.name}.lock"), f"export {out.name}"):
        temporary = out.with_name(f".{out.name}.tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        try:
            written = _written(corpus, FORMATS[to](temporary, shard_bytes), progress)
            written += _licences(corpus, temporary, list(stated["files"]))
            about = {
                "name": stated["name"], "export": to, "samples": stated["samples"],
                "corpus_sha256": manifest.seal(corpus),
            }  # fmt: skip
            sha256 = manifest.write(temporary, written, about)
            disk.sync_tree(temporary)
            replace_dir(out, temporary)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return Exported(out, sha256, stated["samples"], sum(file.size_bytes for file in written))


def _check_free(out: Path) -> None:
    """Refuse to replace anything but an older export."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (out / manifest.NAME).is_file() or "export" not in manifest.read(out):
        raise Conflict(f"{out} holds something that is no export", "name another directory")


def _written(corpus: Path, form: Form, progress: Progress) -> list[Written]:
    try:
        for sample in samples(corpus):
            form.add(sample)
            progress.advance()
        return list(form.finish())
    finally:
        form.abandon()


def _licences(corpus: Path, root: Path, names: list[str]) -> list[Written]:
    """The licences' texts, which go wherever the samples go."""
    copied = []
    for name in names:
        if name.startswith("licences/"):
            file = File(root, name)
            try:
                file.write(((corpus / name).read_bytes(),))
                copied.append(file.close())
            finally:
                file.abandon()
    return copied
