"""An inventory: the samples of one category as records on disk, and columns of what a recipe weighs.

    records   samples one after another (`corpus.store.record`), in the order they were made
    rows.npy  one row a sample, ordered by id: where its record lies, tokens, sizes, profile
    uses.npy  the pictures of all rows, one after another, as numbers of the pictures below
    score-…   one file a score, 32-bit numbers row by row; NaN where a sample has none
    about     msgpack: every profile, every picture, the funnel, hashes of the columns

A profile is what many samples share: source, licence, language and every other trait. Columns are
mapped, not read, so an inventory of a million samples costs its reader some 80 MB of page cache
and no records.
"""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import nan
from pathlib import Path
from typing import Any, Final

import msgpack
import numpy as np

from corpus.funnel import Funnel
from corpus.sample import Picture, Sample
from corpus.select import Numbers
from corpus.shards.size import line_bytes, pictures_bytes
from corpus.store import record
from corpus.store.record import FORMAT, HINT, encode
from corpus.traits import TRAITS
from infra.errors import Corrupt
from infra.files import sha256_file

ROW: Final = np.dtype(
    [("id", "S48"), ("at", "<u8"), ("bytes", "<u4"), ("crc", "<u4"), ("text", "<u4"),
     ("image", "<u4"), ("line", "<u4"), ("members", "<u8"), ("use", "<u8"), ("pictures", "<u2"),
     ("profile", "<u4")]
)  # fmt: skip
CHUNK_ROWS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Profile:
    """What the samples of a group share; `text_sha256` is that of the licence's text."""

    traits: tuple[tuple[str, str], ...]
    package: str
    form: str
    text_sha256: str

    def trait(self, name: str) -> str:
        """The group's value of that trait."""
        return dict(self.traits)[name]


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that samples use: what it is called, where it lies, how large its file is."""

    sha256: str
    suffix: str
    path: str
    size_bytes: int


@dataclass(slots=True)
class Writer:
    """Takes samples in any order; `finish` writes what makes them an inventory."""

    root: Path
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _columns: list[Numbers] = field(default_factory=list)
    _scores: dict[str, array[float]] = field(default_factory=dict)
    _uses: array[int] = field(default_factory=lambda: array("I"))
    _profiles: dict[Profile, int] = field(default_factory=dict)
    _pictures: dict[str, tuple[int, Kept]] = field(default_factory=dict)
    _size: int = 0
    _file: Any = None

    def __enter__(self) -> Writer:
        self._file = (self.root / "records").open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, sample: Sample) -> None:
        """Keep one sample."""
        data = encode(sample)
        numbers = [self._picture(picture) for picture in sample.pictures]
        sizes = [self._pictures[picture.sha256][1].size_bytes for picture in sample.pictures]
        profile = self._profiles.setdefault(profile_of(sample), len(self._profiles))
        self._rows.append(
            (sample.id.encode(), self._size, len(data), zlib.crc32(data), sample.text_tokens,
             sample.image_tokens, line_bytes(sample), pictures_bytes(sizes), len(self._uses),
             len(numbers), profile)
        )  # fmt: skip
        self._score(sample)
        self._uses.extend(numbers)
        self._size += self._file.write(data)
        if len(self._rows) == CHUNK_ROWS:
            self._pour()

    def _score(self, sample: Sample) -> None:
        """Scores wait row by row; who has none of a name has NaN there."""
        before = sum(map(len, self._columns)) + len(self._rows) - 1
        for name, value in sample.scores:
            column = self._scores.setdefault(name, array("f"))
            column.extend([nan] * (before - len(column)))
            column.append(value)

    def _pour(self) -> None:
        """Rows become columns, which take a fifth of the room."""
        self._columns.append(np.array(self._rows, dtype=ROW))
        self._rows = []

    def _picture(self, picture: Picture) -> int:
        known = self._pictures.get(picture.sha256)
        if known is None:
            size = picture.path.stat().st_size if picture.path.exists() else 0
            kept = Kept(picture.sha256, picture.suffix, str(picture.path), size)
            known = self._pictures[picture.sha256] = (len(self._pictures), kept)
        return known[0]

    def finish(self, funnel: Funnel) -> None:
        """Write columns and funnel; of samples with one id the first stays, others are counted."""
        self._file.flush()
        self._pour()
        made = np.concatenate(self._columns)
        order = np.argsort(made["id"], kind="stable")
        profiles = list(self._profiles)
        order = order[_once(made[order], profiles, funnel)]
        rows = made[order]
        for name, column in self._scores.items():
            column.extend([nan] * (len(made) - len(column)))
            np.save(self.root / f"score-{name}.npy", np.frombuffer(column, "f4")[order])
        counts = np.bincount(rows["profile"], minlength=len(profiles))
        for profile, count in zip(profiles, counts, strict=True):
            funnel.keep(profile.trait("source"), int(count))
        np.save(self.root / "rows.npy", rows)
        np.save(self.root / "uses.npy", np.frombuffer(self._uses, dtype="u4"))
        self._about(profiles, funnel)

    def _about(self, profiles: Sequence[Profile], funnel: Funnel) -> None:
        about = {
            "format": FORMAT,
            "profiles": [[list(p.traits), p.package, p.form, p.text_sha256] for p in profiles],
            "pictures": [[k.sha256, k.suffix, k.path, k.size_bytes]
                         for _, k in self._pictures.values()],
            "funnel": funnel.record(),
            "sha256": {path.name: sha256_file(path) for path in sorted(self.root.glob("*.npy"))},
        }  # fmt: skip
        (self.root / "about").write_bytes(msgpack.packb(about, unicode_errors="surrogatepass"))


def _once(rows: Numbers, profiles: Sequence[Profile], funnel: Funnel) -> Numbers:
    """Which rows are not of an id that came before; those that are are counted."""
    again = np.zeros(len(rows), dtype=bool)
    again[1:] = rows["id"][1:] == rows["id"][:-1]
    for number in np.flatnonzero(again):
        row, before = rows[number], rows[number - 1]
        what = "the same sample twice" if row["crc"] == before["crc"] else "an id of other content"
        source = profiles[int(row["profile"])].trait("source")
        funnel.drop(source, "validate", what, row["id"].decode())
    return ~again


def profile_of(sample: Sample) -> Profile:
    """The group that a sample is of."""
    traits = tuple((name, of(sample)) for name, of in TRAITS.items())
    origin = sample.origin
    return Profile(traits, origin.package, origin.licence.form, origin.licence.text_sha256)


class Inventory:
    """A finished inventory, read where it lies. Raises Corrupt where its columns were changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        about = msgpack.unpackb((root / "about").read_bytes(), unicode_errors="surrogatepass")
        for name, sha256 in about["sha256"].items():
            if sha256_file(root / name) != sha256:
                raise Corrupt(f"{root / name} was changed", HINT, str(root))
        self.rows: Numbers = np.load(root / "rows.npy", mmap_mode="r")
        self.uses: Numbers = np.load(root / "uses.npy", mmap_mode="r")
        self.profiles = [
            Profile(tuple((k, v) for k, v in traits), *rest) for traits, *rest in about["profiles"]
        ]
        self.scores = {
            path.stem.removeprefix("score-"): np.load(path, mmap_mode="r")
            for path in sorted(root.glob("score-*.npy"))
        }
        self.pictures = [Kept(*values) for values in about["pictures"]]
        self.funnel = Funnel.restored(about["funnel"])

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def _records(self) -> int:
        return os.open(self.root / "records", os.O_RDONLY | os.O_CLOEXEC)

    def sample(self, row: int) -> Sample:
        """The sample of a row. Raises Corrupt where its record was changed."""
        at = self.rows[row]
        where, size, crc = (int(at[name]) for name in ("at", "bytes", "crc"))
        return record.read(self._records, where, size, crc, str(self.root))

    def samples(self) -> Iterable[Sample]:
        """Every sample, ordered by id."""
        return (self.sample(row) for row in range(len(self)))

    def is_whole(self) -> bool:
        """Whether every picture is still there, by its size."""
        return all(_size(kept.path) == kept.size_bytes for kept in self.pictures)

    def close(self) -> None:
        """Let go of the records; they are opened again where they are wanted."""
        if "_records" in self.__dict__:
            os.close(self.__dict__.pop("_records"))


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return -1
