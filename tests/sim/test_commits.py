"""The controller killed at every commit of a small fleet's life, before it and after it."""

from __future__ import annotations

import shutil
import tempfile
from itertools import count
from pathlib import Path

from tests.sim.chance import Plan
from tests.sim.world import World


def killed_at(number: int) -> bool:
    """One world whose controller is killed at that chance; False where it has not so many."""
    home = Path(tempfile.mkdtemp(dir="/dev/shm", prefix="trawl-sim-"))
    chances = count(1)
    killed = []

    def dies() -> bool:
        if next(chances) == number:
            killed.append(number)
        return bool(killed) and len(killed) == 1 and not killed.append(0)

    try:
        world = World(home, 7, Plan(machines=1, episodes=1, steps=2))
        world.dies = dies
        world.run()
    except BaseException as error:
        error.add_note(f"killed at chance {number}")
        raise
    finally:
        shutil.rmtree(home)
    return bool(killed)


def test_killed_at_every_commit_the_fleet_converges_and_loses_no_acknowledged_step():
    reached = 0
    while killed_at(reached + 1):
        reached += 1
    assert reached > 40
