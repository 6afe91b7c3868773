"""Evaluation sets: which texts share a long run of words with one.

A run is 13 words in lower case without punctuation (GPT-3, appendix C), or 20 units where more than
half of them are characters of a script without spaces, such as Chinese. Items shorter than a run
cannot be told from chance and are not looked for. A set is held as sorted hashes, 12 bytes a run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from corpus.operators.folded import Places
from corpus.operators.units import MOST_CHARS, Hashes, Units, mixed, parts, split
from infra.errors import NotFound, UsageError
from infra.files import sha256_file
from infra.limits import SAMPLE_LINE_BYTES

WORDS: Final = 13
CHARACTERS: Final = 20
DEPTH: Final = 32


@dataclass(frozen=True, slots=True)
class EvaluationSets:
    """The runs of several sets: their hashes in order, and of which set each is."""

    names: tuple[str, ...]
    runs: Hashes
    owners: NDArray[np.uint32]

    @classmethod
    def read(cls, paths: Sequence[str]) -> Self:
        """The sets in these files: JSON lines, of which every string counts, or text by paragraph.

        Raises NotFound for a file that is not there, UsageError for a line that is no JSON: an
        item that were passed over would be learnt.
        """
        runs: list[Hashes] = [np.empty(0, np.uint64)]
        owners: list[NDArray[np.uint32]] = [np.empty(0, np.uint32)]
        for number, path in enumerate(paths):
            for batch in _batches(_texts(_place(path))):
                found = np.unique(np.concatenate([_runs(units) for units in batch]))
                runs.append(found)
                owners.append(np.full(len(found), number, np.uint32))
        held, at = np.unique(np.concatenate(runs), return_index=True)
        return cls(tuple(Path(p).name for p in paths), held, np.concatenate(owners)[at])

    def shared(self, text: str) -> str | None:
        """The name of a set that shares a run with `text`: of several, that of the first."""
        for units in _with_seams(text):
            runs = _runs(units)
            places = np.searchsorted(self.runs, runs)
            places[places == len(self.runs)] = 0
            hits = places[self.runs[places] == runs] if len(self.runs) else places[:0]
            if len(hits):
                return self.names[int(self.owners[hits[0]])]
        return None


def hashes(paths: Sequence[str]) -> Iterator[str]:
    """What the sets hold, for whoever keeps what was made with them. Raises NotFound."""
    for path in paths:
        yield f"{Path(path).name} {sha256_file(_place(path))}"


def _place(path: str) -> Path:
    place = Path(path).expanduser()
    if not place.is_file():
        raise NotFound(f"there is no evaluation set {path}", "give a JSON lines or text file", path)
    return place


def _texts(path: Path) -> Iterator[str]:
    """The items of one file."""
    if path.suffix not in {".jsonl", ".ndjson", ".json"}:
        paragraph: list[str] = []
        for _, line in _lines(path):
            if line.strip():
                paragraph.append(line)
            elif paragraph:
                yield "\n".join(paragraph)
                paragraph = []
        yield "\n".join(paragraph)
        return
    for number, line in _lines(path):
        if line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise UsageError(
                    f"{path}:{number} is not JSON", "mend that line", str(path)
                ) from error
            yield from _strings(record, 0)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, none longer than a sample's may be."""
    with path.open("rb") as file:
        number = 0
        while data := file.readline(SAMPLE_LINE_BYTES + 1):
            number += 1
            if len(data) > SAMPLE_LINE_BYTES:
                raise UsageError(f"{path}:{number} is longer than {SAMPLE_LINE_BYTES} bytes",
                                 "is it an evaluation set?", str(path))  # fmt: skip
            yield number, data.decode("utf-8", "replace")


def _strings(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < DEPTH and isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner, depth + 1)


def _batches(texts: Iterable[str]) -> Iterator[list[Units]]:
    """The units of texts: short ones many at a time, long ones in parts."""
    held: list[str] = []
    chars = 0
    for text in texts:
        if len(text) >= MOST_CHARS:
            yield list(_with_seams(text))
            continue
        if held and chars + len(text) + 1 > MOST_CHARS:
            yield [split(held)]
            held, chars = [], 0
        held.append(text)
        chars += len(text) + 1
    if held:
        yield [split(held)]


def _with_seams(text: str) -> Iterator[Units]:
    """The units of a text of any length, part by part, each with the end of the one before."""
    before = Units(np.empty(0, np.uint64), np.zeros(2, np.int64), np.empty(0, np.bool_))
    for part in parts(text):
        units = split([part])
        hashes = np.concatenate((before.hashes[-CHARACTERS + 1 :], units.hashes))
        alone = np.concatenate((before.alone[-CHARACTERS + 1 :], units.alone))
        before = Units(hashes, np.array([0, len(hashes)]), alone)
        yield before


def _runs(units: Units) -> Hashes:
    """The hashes of all runs of words, and of all runs of characters, within each text."""
    owner = np.repeat(np.arange(len(units.first) - 1), np.diff(units.first))
    characters: Places = np.concatenate((np.zeros(1, np.int64), np.cumsum(units.alone)))
    made = []
    for width, of_characters in ((WORDS, False), (CHARACTERS, True)):
        count = len(units.hashes) - width + 1
        if count < 1:
            continue
        mostly = 2 * (characters[width:] - characters[:count]) > width
        starts = np.flatnonzero((owner[:count] == owner[width - 1 :]) & (mostly == of_characters))
        runs: Hashes = np.full(len(starts), width, np.uint64)
        for step in range(width):
            runs = mixed(runs + units.hashes[starts + step])
        made.append(runs)
    return np.concatenate(made) if made else np.empty(0, np.uint64)
