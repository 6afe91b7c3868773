"""Many worlds, each from a seed; `TRAWL_SEEDS=20000` makes more of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.sim.world import World

SEEDS = int(os.environ.get("TRAWL_SEEDS", "200"))
BATCH = 25


def lives(seed: int) -> None:
    """One world, in memory."""
    home = Path(tempfile.mkdtemp(dir="/dev/shm", prefix="trawl-sim-"))
    try:
        World(home, seed).run()
    except BaseException as error:
        error.add_note(f"the world of seed {seed}: add it to tests/sim/regressions.txt")
        raise
    finally:
        shutil.rmtree(home)


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_in_every_world_the_promises_hold_and_it_converges(first):
    for seed in range(first, first + BATCH):
        lives(seed)


def test_worlds_that_once_broke_a_promise_keep_it():
    for line in (Path(__file__).parent / "regressions.txt").read_text().splitlines():
        seed, _, _why = line.partition(" ")
        lives(int(seed))
