"""Elements drawn by lot from recorded screens: those that the gates kept, and those they dropped.

Screens and elements are drawn with a seed, evenly over programs, each look of an element once, so
that neither a program that was open all day nor a label on every screen decides a figure.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from envs.recording import reader
from envs.recording.types import Header, ObservationRef, Recording
from envs.tree.audit import unaudited
from envs.types import Box, Pixels
from grounding import screens, text
from grounding.elements import Harvest, harvest
from grounding.scene import Known, Node, Scene
from grounding.stored import Stored
from infra.blobs import Blobs
from infra.errors import Corrupt, HostileInput, NotFound
from infra.progress import Progress

DRAWN: Final = 400
"""Screens that elements are drawn from."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """One recorded screen put through the gates."""

    header: Header
    number: int
    scene: Scene
    found: Harvest


@dataclass(frozen=True, slots=True)
class Drawn:
    """One element of a screen, with its pixels; `reason` is the gate that dropped it, if any."""

    episode: str
    number: int
    program: str
    toolkit: str
    element: str
    role: str
    name: str
    reason: str
    box: Box
    pixels: Pixels = field(repr=False)
    font: str
    scale: float


@dataclass(slots=True)
class Urn:
    """What elements are drawn from: each look once by program, and what was not asked for."""

    kept: dict[str, list[Drawn]] = field(default_factory=lambda: defaultdict(list))
    dropped: dict[str, list[Drawn]] = field(default_factory=lambda: defaultdict(list))
    excluded: Counter[str] = field(default_factory=Counter)
    """Kept elements that cannot be asked, by reason; each look once."""
    screens: int = 0


def looks(
    home: Path, chance: random.Random, progress: Progress, *, stand_ins: bool = False
) -> Iterator[Look]:
    """`DRAWN` screens of the recordings, by lot; those that a build would leave out are left out."""
    blobs = Blobs(home / "blobs")
    read = list(_readable(home, stand_ins=stand_ins))
    refs = [(i, ref) for i, recording in enumerate(read) for ref in _groundable(recording)]
    chance.shuffle(refs)
    by_recording: dict[int, list[ObservationRef]] = defaultdict(list)
    for i, ref in refs[:DRAWN]:
        by_recording[i].append(ref)
    for i, chosen in sorted(by_recording.items()):
        stored, known = Stored(blobs), Known()
        for ref in chosen:
            progress.advance()
            try:
                scene = Scene(stored.observation(ref), known)
            except (Corrupt, NotFound, HostileInput):
                continue
            if not screens.shows_an_error_page(scene.observation):
                yield Look(read[i].header, ref.number, scene, harvest(scene))


def filled(found: Iterator[Look], why_not: Callable[[Node, Scene], str | None]) -> Urn:
    """All elements of these screens that can be asked, each look of one once."""
    urn, seen = Urn(), set[tuple[object, ...]]()
    for look in found:
        urn.screens += 1
        for node in look.scene.nodes.values():
            program, reason = program_of(node), look.found.reasons.get(node.id, "")
            key = (program, node.element.role, node.name, node.box.width, node.box.height, reason)
            if key in seen or not node.box.area:
                continue
            seen.add(key)
            excluded = why_not(node, look.scene)
            if excluded is None:
                side = urn.dropped if reason else urn.kept
                side[program].append(drawn(look, node, reason))
            elif not reason:
                urn.excluded[excluded] += 1
    return urn


def drawn(look: Look, node: Node, reason: str = "") -> Drawn:
    """A node with its pixels."""
    box, env = node.box, look.header.env
    said = env.extra.get("look")
    return Drawn(
        look.header.episode_id,
        look.number,
        program_of(node),
        node.element.toolkit,
        node.id,
        node.element.role,
        node.name,
        reason,
        box,
        look.scene.pixels[box.top : box.bottom, box.left : box.right].copy(),
        str(said.get("font", "")) if isinstance(said, dict) else "",
        env.scale,
    )


def program_of(node: Node) -> str:
    """The program that an element belongs to."""
    return text.clean(node.element.app) or "unknown"


def evenly(by_program: dict[str, list[T]], count: int, chance: random.Random) -> list[T]:
    """So many, by lot, from each program in turn until it has no more."""
    left = [chance.sample(by_program[name], len(by_program[name])) for name in sorted(by_program)]
    taken: list[T] = []
    while left and len(taken) < count:
        taken.extend(queue.pop() for queue in left)
        left = [queue for queue in left if queue]
    return taken[:count]


def _readable(home: Path, *, stand_ins: bool) -> Iterator[Recording]:
    for path in reader.directories(home):
        try:
            recording = reader.read(path)
        except (Corrupt, NotFound, HostileInput):
            continue
        if stand_ins or screens.why_not_recording(recording.header) is None:
            yield recording


def _groundable(recording: Recording) -> Sequence[ObservationRef]:
    refs = list(recording.observations())
    doubtful = unaudited([ref.tree for ref in refs])
    return [
        ref
        for place, ref in enumerate(refs)
        if screens.why_not_screen(ref, doubtful=place in doubtful) is None
    ]
