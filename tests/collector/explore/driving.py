"""Drives an explorer on a machine and reads the recording back."""

from __future__ import annotations

import random
from pathlib import Path

from collector.episode import Pace, run_episode
from collector.episode.header import Order, header_for
from collector.explore.explorers import EXPLORERS
from collector.explore.memory import Memory
from collector.explore.start import Start
from envs.base import Env
from envs.fake import fake
from envs.recording.reader import read
from envs.recording.types import Recording
from envs.recording.writer import Recorder
from infra.clock import Clock, FakeClock, SystemClock
from infra.ids import RandomIds

QUICK = Pace(tries=2, between_s=0.05, reaction_s=0.1, gap_s=0.05, settle_s=1.0)


def on_fake(
    home: Path, explorer: str, seed: int, steps: int, memory: Memory | None = None
) -> Recording:
    """An episode on a fake desktop, in no time."""
    clock = FakeClock()
    return drive(home, fake(seed=seed, clock=clock), explorer, seed, steps, memory, clock)


def drive(
    home: Path,
    env: Env,
    explorer: str,
    seed: int,
    steps: int,
    memory: Memory | None = None,
    clock: Clock | None = None,
    pages: tuple[str, ...] = (),
    *,
    isolated: bool = True,
) -> Recording:
    """An episode of that explorer; without a clock it takes as long as it takes."""
    pace = Pace() if clock else QUICK
    clock = clock or SystemClock()
    policy = EXPLORERS[explorer](
        Start(
            seed,
            env.capabilities.family,
            isolated=isolated,
            performs=env.capabilities.actions,
            pages=pages,
            memory=memory or Memory(),
            uploads=tuple(env.info.extra.get("uploads", ())),
        )
    )
    before = len(list((home / "recordings").glob("*")))
    ids = RandomIds(clock, random.Random(f"{seed} {before}"))
    recorder = Recorder(home, header_for(env, policy, Order(seed=seed), ids, clock), clock)
    run_episode(env, policy, recorder, clock, steps, lambda: False, ids=ids, pace=pace)
    return read(recorder.directory)
