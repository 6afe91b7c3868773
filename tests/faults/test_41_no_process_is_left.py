"""Whatever part of a web machine is killed, no process of its browser is left, time after time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from envs.web.group import Group
from envs.web.supervisor import descendants, started

pytestmark = pytest.mark.browser
CYCLES = 4
WITHIN_S = 10.0
OWNER = """
import sys
from envs.web import open_web
env = open_web(start="widgets")
print(env._base, flush=True)
sys.stdin.readline()
"""


class Machine:
    """A web machine in a process of its own, and every process that it started."""

    def __init__(self) -> None:
        self.owner = subprocess.Popen(
            [sys.executable, "-c", OWNER],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.owner.stdout is not None
        self.base = Path(self.owner.stdout.readline().strip())
        group = Group.read(self.base)
        assert group is not None
        self.group = group
        self.pids = {"owner": self.owner.pid, "driver": group.driver, "supervisor": group.pid}
        self.browser = [*group.members()]
        self.all = {pid: started(pid) for pid in (*self.browser, *descendants(self.owner.pid))}

    def left(self) -> list[int]:
        """Processes of the machine that are alive, and no others that took their numbers."""
        return [pid for pid, began in self.all.items() if began and started(pid) == began]

    def end(self) -> None:
        for pipe in (self.owner.stdin, self.owner.stdout):
            assert pipe is not None
            pipe.close()
        self.owner.kill()
        self.owner.wait(WITHIN_S)


@pytest.fixture
def machine() -> Iterator[list[Machine]]:
    made: list[Machine] = []
    yield made
    for one in made:
        one.end()
        for pid in one.left():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(one.base, ignore_errors=True)


def until(holds: object, within_s: float = WITHIN_S) -> None:
    assert callable(holds)
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


@pytest.mark.parametrize("victim", ["supervisor", "driver", "owner"])
def test_a_killed_part_leaves_no_process_of_the_browser(
    machine: list[Machine], victim: str
) -> None:
    for _ in range(CYCLES):
        one = Machine()
        machine.append(one)
        assert len(one.browser) > 5
        os.kill(one.pids[victim], signal.SIGKILL)
        until(lambda one=one: not set(one.left()) & set(one.browser))
        one.end()
        until(lambda one=one: one.left() == [])
        if victim != "supervisor":
            assert not one.base.exists(), "its directory is left"
