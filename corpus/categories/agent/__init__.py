"""Screens, steps and icons that were collected here, as conversations.

It reads `samples/agent/` and `samples/icons/`, and nothing of recordings or machines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from corpus.categories.agent import grounding, icons, samples, steps
from corpus.categories.base import Context
from corpus.categories.gate import pass_sound
from corpus.lines import Line
from corpus.sample import Change, Origin, Picture, Sample, Turn, sample_id
from corpus.traits import NONE
from infra.blobs import Blobs
from infra.files import sha256_bytes, sha256_file

READERS: Final = ("grounding", "goals", *icons.READERS)
VERSION: Final = "agent-3"
CHECKS: Final = {"locate": "box", "icon target": "box", "icon choice": "choice"}
"""By which rule the answers of a kind can be told from wrong ones: how far two boxes overlap, or
whether the choice is the same."""
COMMANDS: Final = dict.fromkeys(icons.READERS, "trawl ground icons build")
PARTS: Final = ("image", "elements", "steps", "picture", "pictures", "bbox_px", "lang", "meaning")
"""What two records share that teach the same."""
__all__ = ["READERS", "Conversation", "dedup", "filter", "inputs", "make", "read", "validate"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns over a screen or icons, before they are weighed."""

    source: str
    kind: str
    language: str
    part: str
    turns: tuple[Turn, ...]
    pictures: tuple[Picture, ...]
    origin: Origin
    platform: str


@dataclass(frozen=True, slots=True)
class Record:
    """A line of a samples file with its source."""

    source: str
    reader: str
    file: str
    line: Line


def inputs(context: Context) -> Iterator[str]:
    """The hash of each file of samples; what lies beside is named in them by its hash."""
    for source in context.sources.values():
        path = _file(context.home, source.reader)
        samples.found(path, COMMANDS.get(source.reader, samples.COMMAND))
        yield sha256_file(path)


def read(context: Context) -> Iterator[Record]:
    """Every line of the samples files. Raises NotFound where there is no file."""
    for name, source in context.sources.items():
        path = _file(context.home, source.reader)
        context.progress.say(f"reading {name}")
        for line in samples.lines(path, COMMANDS.get(source.reader, samples.COMMAND)):
            context.funnel.enter(name)
            yield Record(name, source.reader, path.name, line)


def _file(home: Path, reader: str) -> Path:
    """The file that a reader reads."""
    if reader in icons.READERS:
        return home / "samples" / "icons" / f"{icons.READERS[reader]}.jsonl"
    return home / "samples" / "agent" / f"{reader}.jsonl"


def filter(items: Iterable[Record], context: Context) -> Iterator[Record]:  # noqa: A001
    """Whole records with a size of their screen; of goals those that nobody found unreached."""
    for item in items:
        reason = item.line.fault
        if not reason and item.reader not in icons.READERS and _size(item) is None:
            reason = "no size of its screen"
        if not reason and item.line.record.get("capture", {}).get("stable") is False:
            reason = "the screen was not stable"
        if not reason and item.line.record.get("task_completed") is False:
            reason = "its goal was not reached"
        if reason:
            context.drop(item.source, "filter", reason, f"{item.file}:{item.line.number}")
        else:
            yield item


def _size(item: Record) -> tuple[int, int] | None:
    key = "image_size" if item.reader == "grounding" else "screen"
    return samples.pixels(item.line.record.get(key))


def dedup(items: Iterable[Record], context: Context) -> Iterator[Record]:
    """Records not seen before: the same screen with the same elements, the same steps."""
    seen: set[str] = set()
    for item in items:
        record = item.line.record
        parts = [record.get(key) for key in PARTS]
        key = sha256_bytes(repr(parts).encode("utf-8", "replace"))
        if key in seen:
            context.drop(item.source, "dedup", "the same record", f"{item.file}:{item.line.number}")
            continue
        seen.add(key)
        yield item


def make(items: Iterable[Record], context: Context) -> Iterator[Sample]:
    """Samples of every record."""
    screens = samples.Screens(context.home, context.cache)
    pictures = Blobs(context.home / "samples" / "icons" / "blobs")
    for item in items:
        if item.reader in icons.READERS:
            made = _of_icons(item, pictures, context)
        elif item.reader == "grounding":
            made = _of_screen(item, screens, context)
        else:
            made = _of_goal(item, screens, context)
        for conversation in made:
            yield _weighed(conversation, context)


def _origin(item: Record) -> Origin:
    record = item.line.record
    provenance = record.get("provenance")
    inner = provenance.get("episode_id") if isinstance(provenance, dict) else None
    episode = samples.text(record.get("episode_id") or inner or "unknown", 80)
    return samples.origin(item.file, item.line, episode)


def _platform(item: Record) -> str:
    """The machine's kind, `none` where the record names no machine."""
    return samples.text(item.line.record.get("platform"), 40) or NONE


def _of_screen(item: Record, screens: samples.Screens, context: Context) -> Iterator[Conversation]:
    record, size = item.line.record, _size(item)
    assert size is not None
    where = f"{item.file}:{item.line.number}"
    picture, reason = screens.picture(record.get("image"), size)
    if picture is None:
        context.drop(item.source, "make", reason, where)
        return
    found, dropped = grounding.elements(record, size)
    for why, count in dropped.items():
        context.drop(item.source, "make", why, where, count)
    made = 0
    for talk in grounding.conversations(found, item.line.sha256):
        made += 1
        part = f"{talk.kind}-{made}"
        yield Conversation(
            item.source,
            talk.kind,
            talk.language,
            part,
            talk.turns,
            (picture,),
            _origin(item),
            _platform(item),
        )
    if not made:
        context.drop(item.source, "make", "nothing on it can be named", where)


def _of_goal(item: Record, screens: samples.Screens, context: Context) -> Iterator[Conversation]:
    size = _size(item)
    assert size is not None
    language = "zh" if item.line.record.get("lang") == "zh" else "en"
    for step in steps.steps(item.line.record, size):
        where = f"{item.file}:{item.line.number} step {step.index}"
        if step.fault:
            context.drop(item.source, "make", step.fault, where)
            continue
        picture, reason = screens.picture(step.image, size)
        if picture is None:
            context.drop(item.source, "make", reason, where)
            continue
        part = f"step-{step.index}"
        yield Conversation(
            item.source,
            "step",
            language,
            part,
            step.turns,
            (picture,),
            _origin(item),
            _platform(item),
        )


def _of_icons(item: Record, blobs: Blobs, context: Context) -> Iterator[Conversation]:
    record = item.line.record
    for number, one in enumerate(icons.asked(item.reader, record, blobs, item.line.sha256)):
        if one.fault:
            context.drop(item.source, "make", one.fault, f"{item.file}:{item.line.number}")
            continue
        yield Conversation(
            item.source, one.kind, one.language, f"{one.kind}-{number}", one.turns, one.pictures,
            samples.icon_origin(item.file, item.line) or _origin(item), _platform(item),
        )  # fmt: skip


def _weighed(made: Conversation, context: Context) -> Sample:
    plain: Any = "".join(turn.content.replace("<image>", "") + "\n" for turn in made.turns)
    name = sample_id("agent", made.source, made.origin.file_sha256, made.part)
    change = Change("ask", (("kind", made.kind), ("coordinates", "0-1000"), ("version", VERSION)))
    return Sample(
        name, "agent", made.source, made.kind, made.language, made.turns, made.pictures,
        context.text.count(plain),
        sum(context.tower.tokens(p.width, p.height) for p in made.pictures),
        made.origin, (change,),
        (("platform", made.platform), ("check", CHECKS.get(made.kind, NONE))),
    )  # fmt: skip


def validate(samples_made: Iterable[Sample], context: Context) -> Iterator[Sample]:
    """Sound samples."""
    yield from pass_sound(samples_made, context)
