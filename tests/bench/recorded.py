"""Recordings for benches of what is made of them: this home's, else ones made on the fake machine."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collector.episode import run_episode
from collector.episode.header import Order, header_for
from collector.explore.explorers import EXPLORERS
from collector.explore.start import Start
from envs.fake import fake
from envs.recording import reader
from envs.recording.types import Recording
from envs.recording.writer import Recorder
from grounding.screens import why_not_recording
from infra import settings
from infra.clock import FakeClock
from infra.errors import TrawlError
from infra.ids import RandomIds

ENOUGH: Final = 100
"""With fewer screens of real machines than this, recordings are made."""
MADE: Final = 4
STEPS: Final = 40


@dataclass(frozen=True, slots=True)
class Recorded:
    """The home that recordings are read from, a place for what is made of them, and what they are."""

    home: Path
    scratch: Path
    what: str
    stand_ins: bool


@contextmanager
def recorded() -> Iterator[Recorded]:
    """The recordings of real machines under the configured home, else made ones; nothing is left."""
    scratch = Path(tempfile.mkdtemp(prefix="trawl-bench-"))
    try:
        home = settings.load().home
        screens = _screens(home)
        stand_ins = screens.total() < ENOUGH
        if stand_ins:
            home = scratch / "made"
            screens = _made(home)
        kinds = ", ".join(f"{count} of {kind}" for kind, count in sorted(screens.items()))
        what = f"recorded on {'the fake machine' if stand_ins else 'real machines'}: {kinds}"
        yield Recorded(home, scratch, what, stand_ins)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _screens(home: Path) -> Counter[str]:
    """The screens of real machines that are recorded under `home`, by platform."""
    found: Counter[str] = Counter()
    for directory in reader.directories(home):
        try:
            recording = reader.read(directory)
        except TrawlError:
            continue
        if why_not_recording(recording.header) is None:
            found[recording.header.env.platform] += _count(recording)
    return found


def _made(home: Path) -> Counter[str]:
    """Walks on a few fake machines, recorded as a fleet records them."""
    found: Counter[str] = Counter()
    for seed in range(MADE):
        clock = FakeClock()
        env, ids = fake(seed=seed, clock=clock), RandomIds(clock, random.Random(seed))
        start = Start(seed, isolated=True, performs=env.capabilities.actions)
        policy = EXPLORERS["walk"](start)
        header = header_for(env, policy, Order(seed=seed, run_id="bench"), ids, clock)
        recorder = Recorder(home, header, clock)
        run_episode(env, policy, recorder, clock, STEPS, lambda: False, ids=ids)
        found["fake"] += _count(reader.read(recorder.directory))
    return found


def _count(recording: Recording) -> int:
    return len(recording.observations())
