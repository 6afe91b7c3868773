"""Telling near duplicates from texts that are new, in one pass over a stream.

A text is a near duplicate when the Jaccard index of its shingles and those of an earlier text that
was itself kept, of the same language, is at least the threshold. MinHash bands only propose; the
sets decide, so nothing is dropped for resembling a text that was dropped, and no chain of
likenesses makes a cluster. Equal streams have equal answers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import numpy as np

from corpus.operators.near.index import MOST_IN_BAND, Index
from corpus.operators.near.sets import Sets
from corpus.operators.near.shingles import (
    HASH_BITS,
    SLOTS,
    first_of,
    jaccard,
    keyed_set,
    keyed_sets,
    signatures,
)
from corpus.operators.units import MOST_CHARS, Hashes, mixed

Item = TypeVar("Item")
MEMORY_BYTES: Final = 64 * 1024 * 1024
BATCH_TEXTS: Final = 256
MOST_COMPARED: Final = 256
"""Kept texts that one text is compared with: those it shares most bands with, then the oldest."""
SURE: Final = 0.999
"""How surely two texts that are just alike enough are compared."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, its language, and what it is called where it is named as a reason."""

    content: str
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class Match:
    """The kept text that another is a near duplicate of, and their Jaccard index."""

    label: str
    jaccard: float


def band_rows(threshold: float) -> int:
    """The most slots a band may have so that texts at the threshold surely share one."""
    fitting = (
        rows for rows in range(16, 1, -1) if 1 - (1 - threshold**rows) ** (SLOTS // rows) >= SURE
    )
    return next(fitting, 1)


class NearDuplicates:
    """The texts kept so far, on disk under `directory`, with at most `memory_bytes` in memory.

    A batch in work needs some 64 MiB beside them. Raises OSError where the disk is full.
    """

    def __init__(self, directory: Path, threshold: float, memory_bytes: int = MEMORY_BYTES) -> None:
        self._threshold = threshold
        self._rows = band_rows(threshold)
        self._index = Index(directory, memory_bytes)
        self._sets = Sets(directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._index.close()
        self._sets.close()

    def sift(self, items: Iterable[tuple[Item, Text]]) -> Iterator[tuple[Item, Match | None]]:
        """Every item in its order, with the kept text it is a near duplicate of, or None."""
        for batch in _batches(items):
            texts = [text for _, text in batch]
            answers = self._answers(texts, _keyed(texts))
            yield from zip((item for item, _ in batch), answers, strict=True)

    def _answers(self, texts: Sequence[Text], keyed: Hashes) -> list[Match | None]:
        keys = self._keys(signatures(keyed, len(texts)), texts)
        batch = _Batch(texts, keyed, keys, self._sets, self._threshold)
        older = self._older(keys)
        answers = [batch.answer(number, older[number]) for number in range(len(texts))]
        rows = np.arange(len(batch.kept), dtype=np.uint64) + np.uint64(self._sets.rows)
        self._index.add(keys[batch.kept].ravel(), np.repeat(rows, keys.shape[1]))
        self._sets.add([batch.set_of(n) for n in batch.kept], [texts[n].label for n in batch.kept])
        return answers

    def _keys(self, slots: Hashes, texts: Sequence[Text]) -> Hashes:
        """A key for each band of each text; languages never share one."""
        bands = SLOTS // self._rows
        taken = slots[:, : bands * self._rows].reshape(len(texts), bands, self._rows)
        salts = mixed(np.arange(1, self._rows + 1, dtype=np.uint64)) | np.uint64(1)
        keys = (taken * salts).sum(axis=2, dtype=np.uint64)
        keys += mixed(np.arange(bands, dtype=np.uint64) << np.uint64(32))
        languages = {name: _salt(name) for name in {text.language for text in texts}}
        keys += np.array([languages[text.language] for text in texts], np.uint64)[:, None]
        return mixed(keys)

    def _older(self, keys: Hashes) -> defaultdict[int, Counter[int]]:
        """For each text, the rows of earlier batches that share a band, and how many."""
        positions, rows = self._index.find(keys.ravel())
        found: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for position, row in zip(positions.tolist(), rows.tolist(), strict=True):
            found[position // keys.shape[1]][row] += 1
        return found


class _Batch:
    """The texts of one batch, decided on one after another."""

    def __init__(
        self, texts: Sequence[Text], keyed: Hashes, keys: Hashes, older: Sets, threshold: float
    ) -> None:
        self.kept: list[int] = []
        self._texts, self._older, self._threshold = texts, older, threshold
        self._first = first_of(keyed, len(texts))
        self._hashes = keyed & np.uint64((1 << HASH_BITS) - 1)
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        self._groups = inverse.reshape(keys.shape)
        self._shared = (counts > 1)[self._groups]
        self._rows_of: defaultdict[int, list[int]] = defaultdict(list)

    def set_of(self, number: int) -> Hashes:
        """The shingles of one text."""
        return self._hashes[self._first[number] : self._first[number + 1]]

    def answer(self, number: int, votes: Counter[int]) -> Match | None:
        """The kept text that this one is a near duplicate of; `votes` are of earlier batches."""
        own = self.set_of(number)
        if not len(own):
            self.kept.append(number)
            return None
        groups = self._groups[number][self._shared[number]].tolist()
        for group in groups:
            votes.update(self._rows_of[group])
        likeliest = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
        for row, _ in likeliest[:MOST_COMPARED]:
            other, label = self._kept_set(row)
            likeness = jaccard(own, other)
            if likeness >= self._threshold:
                return Match(label, likeness)
        for group in groups:
            if len(self._rows_of[group]) < MOST_IN_BAND:
                self._rows_of[group].append(self._older.rows + len(self.kept))
        self.kept.append(number)
        return None

    def _kept_set(self, row: int) -> tuple[Hashes, str]:
        if row < self._older.rows:
            return self._older.get(row)
        number = self.kept[row - self._older.rows]
        return self.set_of(number), self._texts[number].label


def _batches(items: Iterable[tuple[Item, Text]]) -> Iterator[list[tuple[Item, Text]]]:
    """Items in groups that are signed at once; a text too long for that is a group of its own."""
    held: list[tuple[Item, Text]] = []
    chars = 0
    for item in items:
        size = len(item[1].content) + 1
        if held and (len(held) == BATCH_TEXTS or chars + size > MOST_CHARS):
            yield held
            held, chars = [], 0
        held.append(item)
        chars += size
    if held:
        yield held


def _keyed(texts: Sequence[Text]) -> Hashes:
    if len(texts) == 1:
        return keyed_set(texts[0].content)
    return keyed_sets([text.content for text in texts])


def _salt(language: str) -> int:
    return int.from_bytes(blake2b(language.encode("utf-8", "replace"), digest_size=8).digest())
