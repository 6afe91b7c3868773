"""The queue of kept elements: whether a box is around that thing, and that is what it is called.

Subjects are drawn from the samples as they were built: evenly over programs, each look of an
element once, in an order that is the same for everybody and every process.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, ClassVar, Final

from collector.dash.annotation.queues import UNCLEAR, Answer, Card
from collector.dash.pictures import crop_address
from collector.views.remembered import remembered
from envs.types import Box
from grounding.build import directory
from infra import ordered
from infra.errors import Corrupt, NotFound
from infra.limits import SAMPLE_LINE_BYTES

MOST: Final = 5_000
"""So many subjects stand in the queue."""
PARTS: Final = 64
PART_BYTES: Final = 1 << 20
"""A large file is read in so many parts of so many bytes, evenly over it."""
AROUND_PX: Final = 90
SAID: Final = {
    "right": "right",
    "wrong_box": "wrong box",
    "wrong_name": "wrong name",
    UNCLEAR: "unclear",
}


class Boxes:
    """Elements that the gates kept."""

    kind: ClassVar[str] = "grounding"
    name: ClassVar[str] = "Kept elements"
    question: ClassVar[str] = (
        "Is the box around that thing, all of it and nothing else, and is that what it is called?"
    )
    answers: ClassVar[tuple[Answer, ...]] = tuple(Answer(word, said) for word, said in SAID.items())

    def subjects(self, home: Path) -> Sequence[str]:
        """Their keys, `SAMPLE#ELEMENT`."""
        try:
            return _drawn(directory(home) / "grounding.jsonl")
        except FileNotFoundError:
            return ()

    def card(self, home: Path, subject: str) -> Card:
        """An element in its surroundings. Raises NotFound where it was not kept, Corrupt."""
        sample, _, element_id = subject.partition("#")
        try:
            record = next(ordered.since(directory(home) / "grounding.jsonl", sample), {})
        except FileNotFoundError:
            record = {}
        kept = record.get("elements", ()) if record.get("id") == sample else ()
        element = next((e for e in kept if e["id"] == element_id), None)
        if element is None:
            raise NotFound("this element is not among the samples any more", "take the next one",
                           subject)  # fmt: skip
        return _card(subject, record, element)


def _card(subject: str, record: Mapping[str, Any], element: Mapping[str, Any]) -> Card:
    width, height = record["image_size"]
    box = Box(*element["bbox_px"])
    around = Box(
        max(0, box.left - AROUND_PX),
        max(0, box.top - AROUND_PX),
        min(width, box.right + AROUND_PX),
        min(height, box.bottom + AROUND_PX),
    )
    screen = {"sha256": record["image"], "width": width, "height": height}
    sides = (around.left, around.top, around.right, around.bottom)
    inside = Box(box.left - around.left, box.top - around.top,
                 box.right - around.left, box.bottom - around.top)  # fmt: skip
    facts = (
        ("Role", element["role"].replace("-", " ")),
        ("Program", _program(record, element)),
        ("Size", f"{box.width}×{box.height}"),
        ("Named by", element.get("name_source", "")),
    )
    episode, _, step = record["id"].rpartition("-")
    more = f"/trajectories/{episode}?step={int(step)}" if step.isdecimal() else ""
    return Card(subject, element["name"], facts, crop_address(screen, sides),
                (around.width, around.height), inside, more)  # fmt: skip


def _program(record: Mapping[str, Any], element: Mapping[str, Any]) -> str:
    """The program whose window an element is in, else the one that most of the screen is of."""
    if isinstance(element["window"], int) and element["window"] < len(record["windows"]):
        return str(record["windows"][element["window"]]["app"])
    counts: dict[str, int] = record["provenance"].get("applications", {})
    return max(sorted(counts), key=lambda name: counts[name], default="")


@remembered(2)
def _drawn(path: Path) -> tuple[str, ...]:
    """The keys of the queue, from the file of samples. Raises FileNotFoundError, Corrupt."""
    looks: dict[tuple[object, ...], tuple[str, str, str]] = {}
    for record in _records(path):
        for element in record["elements"]:
            left, top, right, bottom = element["bbox_px"]
            program, key = _program(record, element), f"{record['id']}#{element['id']}"
            look = (program, element["role"], element["name"], right - left, bottom - top)
            rank = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
            looks[look] = min(looks.get(look, (rank, key, program)), (rank, key, program))
    by_program: dict[str, list[str]] = defaultdict(list)
    for _, key, program in heapq.nsmallest(MOST, looks.values()):
        by_program[program].append(key)
    turns = zip_longest(*(by_program[program] for program in sorted(by_program)))
    return tuple(key for key in chain.from_iterable(turns) if key is not None)


def _records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of the file; of a large one, parts of it that lie evenly."""
    size = path.stat().st_size
    step = max(PART_BYTES, -(-size // PARTS))
    with path.open("rb") as lines:
        for start in range(0, size, step):
            lines.seek(max(0, start - 1))
            if start:
                lines.readline(SAMPLE_LINE_BYTES)  # the rest of what began before belongs there
            while lines.tell() < min(size, start + PART_BYTES):
                yield _parsed(lines.readline(SAMPLE_LINE_BYTES), path)


def _parsed(line: bytes, path: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise Corrupt(f"{path.name} was changed", "trawl ground build", str(path)) from error
    return record
