"""Fault 9: a second controller of one home is refused, and one writes the history."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.errors import Conflict
from infra.store import events
from tests.collector.fleet.trawl import Trawl

FLEET = '[pools.fake]\nkind = "fake"\ncount = 2\n'


@pytest.fixture
def trawl(tmp_path: Path) -> Iterator[Trawl]:
    trawl = Trawl(tmp_path, FLEET)
    yield trawl
    trawl("fleet", "down")


def controller(trawl: Trawl) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "collector.control"],
        env=trawl.environ, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def states(trawl: Trawl) -> list[tuple[str, str]]:
    """Each transition that was ever written: machine and state, in order."""
    with trawl.store() as store, store.read() as tx:
        every = events.after(tx, 0, 10_000, kind="machine.state")
    return [(event.subject, event.payload["state"]) for event in every]


def test_a_second_controller_is_refused_and_touches_nothing(trawl: Trawl) -> None:
    before = trawl.up()["pools"]
    first, history = trawl.controller_pid(), states(trawl)
    second = controller(trawl)
    _, said = second.communicate(timeout=60)
    assert second.returncode == Conflict.exit_code == 4
    assert "this home's controller" in said
    assert str(first) in said, "it names who holds the home"
    assert trawl.controller_pid() == first
    assert states(trawl) == history
    assert trawl("fleet", "status") == {"controller": "up", "pools": before}


def test_of_controllers_started_at_once_one_works_and_the_others_are_refused(trawl: Trawl) -> None:
    several = [controller(trawl) for _ in range(3)]
    trawl.up()
    first = trawl.controller_pid()
    done = trawl("run", "submit", "--pool", "fake", "--episodes", "4", "--steps", "2", "--follow")
    assert done["status"] == "completed"
    refused = [process for process in several if process.pid != first]
    assert {process.wait(timeout=60) for process in refused} == {4}
    os.kill(first, 0)
    born = [subject for subject, state in states(trawl) if state == "STARTING"]
    assert len(born) == len(set(born))
    recordings = [episode["recording"] for episode in done["episodes"]]
    assert sorted(path.name for path in (trawl.home / "recordings").iterdir()) == sorted(recordings)
    trawl("fleet", "down")
    for process in several:
        process.communicate(timeout=60)
