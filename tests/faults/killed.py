"""Lives of real controllers, each a process of its own, killed where they are told to be.

A server that has loaded the code forks them, so that hundreds cost what a dozen would.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from collector.fleet import client
from infra.settings import Settings
from infra.store import Store, machines, pools, runs
from infra.store.rows import Machine, Pool, Run

TURNS = threading.Lock()
"""What looks after processes is not made for threads."""
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.faults.loaded"])
STEPS = 1
LIFE_S = 120.0
STOP_S = 30.0


def lives(home: str, environ: dict[str, str]) -> None:
    """What a process does: it is the controller of that home."""
    from collector.control import main

    os.environ.update(environ, TRAWL_HOME=home, TRAWL_DISK_FLOOR_BYTES="0", TRAWL_RUNNING="1")
    sys.stderr = (Path(home) / "stderr").open("a")
    faulthandler.register(signal.SIGUSR1, sys.stderr)
    sys.exit(main())


FAKE = Pool("p", "fake", "", 1, {"width": 64, "height": 48})
DESKTOP = Pool("p", "ubuntu", "debian-12", 1)


class Fleet:
    """A home where one machine is wanted and one short episode waits."""

    def __init__(self, home: Path, pool: Pool = FAKE) -> None:
        self.home, self.store = home, Store(home / "trawl.db")
        with self.store.write() as tx:
            pools.want(tx, [pool], 1)
            runs.submit(tx, Run("run", "p", "walk", 1, STEPS, 0, "queued", 1, None))

    def controller(self, **environ: str) -> ForkServerProcess:
        """A new one, at work."""
        process = SERVER.Process(target=lives, args=(str(self.home), environ), daemon=True)
        with TURNS:
            process.start()
        return process

    def machines(self) -> list[Machine]:
        with self.store.read() as tx:
            return machines.alive(tx)

    def run(self) -> Run:
        with self.store.read() as tx:
            return runs.get(tx, "run")

    def is_done(self) -> bool:
        """Whether the run has ended and the fleet is as wanted again."""
        ended = self.run().status not in ("queued", "running")
        return ended and [m.observed for m in self.machines()] == ["PARKED"]

    def answers(self) -> bool:
        """Whether the controller is up, so that it heeds a signal."""
        return client.is_up(Settings(home=self.home, cache=self.home))

    def want_nothing(self) -> None:
        with self.store.write() as tx:
            pools.want(tx, [], 1)


def is_alive(process: ForkServerProcess) -> bool:
    with TURNS:
        return process.is_alive()


def lasts(process: ForkServerProcess, until: Callable[[], Any], most_s: float = LIFE_S) -> bool:
    """Wait until that holds; False where the process ended before."""
    end_s = time.monotonic() + most_s
    while is_alive(process):
        if until():
            return True
        assert time.monotonic() < end_s, "it does not get there"
        time.sleep(0.05)
    return False


def exit_code(process: ForkServerProcess, *, told: bool = False) -> int | None:
    """How it ended, by itself or `told` to; where it hangs is in its `stderr`."""
    pid = process.pid or 0
    if told and is_alive(process):
        os.kill(pid, signal.SIGTERM)
    try:
        lasts(process, lambda: False, STOP_S)
    except AssertionError:
        os.kill(pid, signal.SIGUSR1)
        time.sleep(1.0)
        os.kill(pid, signal.SIGKILL)
        raise
    return process.exitcode
