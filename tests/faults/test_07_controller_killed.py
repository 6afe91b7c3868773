"""Fault 7: the controller's process is killed at every commit point, of files and of its database.

Each time a real process is killed by SIGKILL at its n-th commit point, and another one goes on in
the same home. n rises until a life is over before it reaches it; where the machine is a desktop,
which takes longer, every 20th point is one (`TRAWL_STRIDE`).
"""

from __future__ import annotations

import os
import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count, pairwise
from pathlib import Path

import pytest

from envs.recording.reader import read
from envs.recording.verify import Verifier
from infra.files import exclusive
from infra.store import leases, runs
from infra.store.rows import Pool
from tests.faults.killed import DESKTOP, FAKE, STEPS, Fleet, exit_code, lasts

AT_ONCE = 6
"""Lives mostly wait, so that so many go on at once."""
STRIDE = int(os.environ.get("TRAWL_STRIDE", "20"))
"""From one point to the next, where a life is that of a desktop."""


def recordings(home: Path) -> dict[str, Path]:
    """Each recording that has begun: its log is there."""
    return {log.parent.name: log.parent for log in (home / "recordings").glob("*/log")}


def acknowledged(fleet: Fleet) -> dict[str, int]:
    """How many steps of each recording the database says are committed."""
    with fleet.store.read() as tx:
        return {e.recording: e.steps for e in runs.episodes(tx, "run") if e.steps}


def killed_at(number: int, pool: Pool = FAKE) -> bool:
    """One home whose first controller is killed there; False where it has not so many points."""
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="trawl-07-") as directory:
        fleet = Fleet(Path(directory), pool)
        first = fleet.controller(CRASH_AT=str(number))
        lasts(first, lambda: fleet.answers() and fleet.is_done())
        code = exit_code(first, told=True)
        assert code in (0, -signal.SIGKILL)
        try:
            survived(fleet)
        except BaseException as error:
            said = Path(directory, "stderr").read_text(encoding="utf-8")
            error.add_note(f"killed at commit point {number}\n{said}")
            raise
    assert processes(directory) == [], "a machine outlived its fleet"
    return code != 0


def processes(directory: str) -> list[int]:
    """What runs with a word of this home in its command line."""
    found = []
    for said in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if directory.encode() in said.read_bytes():
                found.append(int(said.parent.name))
    return found


def survived(fleet: Fleet) -> None:
    """What was acknowledged is there; the next controller ends the run, and leaves nothing."""
    before = acknowledged(fleet)
    for name, steps in before.items():
        assert len(read(recordings(fleet.home)[name]).steps) >= steps, (
            "an acknowledged step is lost"
        )
    second = fleet.controller()
    assert lasts(second, lambda: fleet.answers() and fleet.is_done())
    counts_are_exact(fleet, before)
    fleet.want_nothing()
    assert exit_code(second) == 0
    nothing_is_left(fleet)


def counts_are_exact(fleet: Fleet, before: dict[str, int]) -> None:
    with fleet.store.read() as tx:
        run, (episode,) = runs.get(tx, "run"), runs.episodes(tx, "run")
        history, live = leases.history(tx), leases.live(tx)
    assert (run.status, episode.status, episode.steps) == ("completed", "completed", STEPS)
    there = recordings(fleet.home)
    assert set(there) <= {lease.holder for lease in history}, "nobody had a lease for it"
    assert len(there) <= episode.attempts <= 2
    steps = {name: read(path).steps for name, path in there.items()}
    assert len(steps[episode.recording]) == STEPS
    assert read(there[episode.recording]).close is not None
    assert all(len(steps[name]) >= told for name, told in before.items())
    every = [step.step_id for some in steps.values() for step in some]
    assert len(every) == len(set(every)), "a step was invented"
    for path in there.values():
        assert Verifier().verify(path).problems == ()
    assert live == []
    for one, next_one in pairwise(history):
        assert one.machine != next_one.machine or one.fence < next_one.fence


def nothing_is_left(fleet: Fleet) -> None:
    left = {path.name for path in fleet.home.rglob("*") if path.name.endswith(".tmp")}
    assert left == set()
    assert not (fleet.home / "run" / "controller.sock").exists()
    with exclusive(fleet.home / "run" / "controller.lock", "the controller"):
        assert fleet.machines() == []


def test_killed_at_every_commit_point_the_next_controller_ends_the_run_and_nothing_is_lost():
    numbers, reached = count(1), 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while all(found := list(threads.map(killed_at, [next(numbers) for _ in range(AT_ONCE)]))):
            reached += AT_ONCE
    reached += found.index(False)
    assert reached > 50


@pytest.mark.machine
@pytest.mark.timeout(0 if STRIDE == 1 else 600)
def test_killed_at_commit_points_the_next_controller_of_a_desktop_goes_on_too(template):
    del template  # it must be there: the machine starts from it
    reached = 0
    while killed_at(reached * STRIDE + 1, DESKTOP):
        reached += 1
    assert reached * STRIDE > 50
