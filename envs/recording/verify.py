"""Whether a recording is what was written: every blob hashed and decoded, every reference followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from envs.recording import reader
from envs.recording.types import ObservationRef, Recording, ScreenRef, Step, TreeRef
from infra.blobs import Blobs
from infra.errors import TrawlError


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of one episode; it is whole where `problems` is empty."""

    episode_id: str
    status: str
    steps: int
    blobs: int
    torn: bool
    problems: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything acknowledged is there and unchanged."""
        return not self.problems

    def as_record(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "episode_id": self.episode_id,
            "whole": self.is_whole,
            "status": self.status,
            "steps": self.steps,
            "blobs": self.blobs,
            "torn": self.torn,
            "problems": list(self.problems),
        }


@dataclass(slots=True)
class Verifier:
    """Checks recordings that share one blob store; each blob is read once."""

    known: dict[ScreenRef | TreeRef, str] = field(default_factory=dict)

    def verify(self, directory: Path) -> Report:
        """Everything that is wrong with the episode in `directory`; it never raises for damage."""
        try:
            recording = reader.read(directory)
        except TrawlError as error:
            return Report(directory.name, "unreadable", 0, 0, torn=False, problems=(str(error),))
        blobs = reader.blobs_of(directory)
        problems = [*_of_log(recording, directory.name), *self._of_blobs(recording, blobs)]
        return Report(
            directory.name,
            recording.close.status if recording.close else "open",
            len(recording.steps),
            len(reader.blob_names(recording)),
            recording.torn,
            tuple(problems),
        )

    def _of_blobs(self, recording: Recording, blobs: Blobs) -> Iterator[str]:
        for seen in recording.observations():
            for what, ref in (("screen", seen.screen), ("tree", seen.tree)):
                problem = self._problem(_stored(ref), blobs)
                if problem:
                    yield f"{what} of observation {seen.number}: {problem}"
        for step in recording.steps:
            if not self._problem(_stored(step.before.tree), blobs):
                yield from _of_element(step, blobs)

    def _problem(self, ref: ScreenRef | TreeRef, blobs: Blobs) -> str:
        """What is wrong with that blob; empty where nothing is."""
        if ref not in self.known:
            self.known[ref] = _check(ref, blobs)
        return self.known[ref]


def _stored(ref: ScreenRef | TreeRef) -> ScreenRef | TreeRef:
    """The reference without its times, so that what is stored once is checked once."""
    if isinstance(ref, ScreenRef):
        return ScreenRef(ref.sha256, ref.codec, ref.width, ref.height, ref.scale, 0)
    return TreeRef(ref.sha256, ref.elements, ref.source, 0, 0)


def _check(ref: ScreenRef | TreeRef, blobs: Blobs) -> str:
    try:
        loaded = ref.load(blobs)
    except TrawlError as error:
        return str(error)
    if isinstance(ref, TreeRef) and len(getattr(loaded, "elements", ())) != ref.elements:
        return "it holds another number of elements than were written"
    return ""


def _of_log(recording: Recording, name: str) -> Iterator[str]:
    """What the log's records say against each other."""
    if recording.header.episode_id != name:
        yield f"the directory is {name}, the episode {recording.header.episode_id}"
    ids = [step.step_id for step in recording.steps]
    if len(set(ids)) != len(ids):
        yield "a step id was used twice"
    for number, seen in enumerate(recording.observations()):
        if seen.number != number:
            yield f"observation {seen.number} stands at place {number}"
    for index, step in enumerate(recording.steps):
        yield from _of_step(step, index)
    if recording.close and recording.close.steps != len(recording.steps):
        yield f"closed with {recording.close.steps} steps, {len(recording.steps)} are there"


def _of_step(step: Step, index: int) -> Iterator[str]:
    if step.index != index:
        yield f"step {step.index} stands at place {index}"
    if step.result.outcome == "unknown":
        yield f"step {index} was committed with an unknown outcome"
    applied = step.result.outcome == "applied"
    if applied and not _inside(step.before, step.action.points()):
        yield f"step {index} touched a pixel outside its screen"


def _inside(seen: ObservationRef, points: tuple[tuple[int, int], ...]) -> bool:
    return all(0 <= x < seen.screen.width and 0 <= y < seen.screen.height for x, y in points)


def _of_element(step: Step, blobs: Blobs) -> Iterator[str]:
    if step.element_id and step.element_id not in step.before.tree.load(blobs).by_id():
        yield f"step {step.index} names an element that its screen did not have"
