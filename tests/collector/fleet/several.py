"""Several hosts on one database, as tests use them: each a home, a name and a real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from envs.recording.reader import read
from infra.clock import SystemClock
from infra.ids import RandomIds
from infra.store import Store, machines, pools, runs
from infra.store.rows import Pool, Run

POOL = "fake"
USABLE = ("PARKED", "RESUMING", "READY", "BUSY")


class House:
    """The database that all hosts share; tests see it at another address where it is given."""

    def __init__(self, address, seen_at=None):
        self.address, self.clock = address, SystemClock()
        self.store = Store(seen_at or address, busy_timeout_s=5)

    def want(self, count, **recycle):
        with self.store.write() as tx:
            pools.want(tx, [Pool(POOL, "fake", "", count, recycle=recycle)], self.clock.now_ns())

    def submit(self, episodes, steps):
        now = self.clock.now_ns()
        run = Run(RandomIds().new("run"), POOL, "walk", episodes, steps, 3, "queued", now, None)
        with self.store.write() as tx:
            runs.submit(tx, run)
        return run.id

    def episodes(self, run):
        with self.store.read() as tx:
            return runs.episodes(tx, run)

    def has_ended(self, run):
        with self.store.read() as tx:
            return runs.get(tx, run).status not in runs.OPEN

    def shares(self):
        """Machines that can serve, by host."""
        with self.store.read() as tx:
            return Counter(m.host for m in machines.alive(tx) if m.observed in USABLE)

    def host_of(self, uuid):
        with self.store.read() as tx:
            return machines.get(tx, uuid).host

    def at_work(self, run, host):
        """Episodes of a run that have steps and go on, on that host."""
        going = [e for e in self.episodes(run) if e.status == "running" and e.steps]
        return [e for e in going if self.host_of(e.machine) == host]


class Host:
    """A home with a name; `start` runs its controller, inside a namespace where it is told."""

    def __init__(self, place, name, house, inside=()):
        self.home, self.name, self.process = place / name, name, None
        self.inside, self.program = inside, (sys.executable, "-m", "collector.control")
        self.home.mkdir(mode=0o700)
        self.environ = {
            **os.environ, "TRAWL_HOME": str(self.home), "TRAWL_HOST": name, "TRAWL_RUNNING": "1",
            "TRAWL_DATABASE": house.address, "TRAWL_DISK_FLOOR_BYTES": "0",
        }  # fmt: skip

    def start(self):
        with (self.home / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [*self.inside, *self.program],
                env=self.environ, stderr=said,
            )  # fmt: skip

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()

    def said(self):
        return (self.home / "said").read_text(errors="replace")[-2000:]


def until(what, within_s, told=lambda: ""):
    """Wait for something to be true."""
    end = time.monotonic() + within_s
    while not (value := what()):
        if time.monotonic() > end:
            pytest.fail(f"not within {within_s} s: {told()}")
        time.sleep(0.1)
    return value


def recordings(homes):
    """Every recording of the homes by its name."""
    places = [d for home in homes for d in (home / "recordings").glob("*")]
    return {place.name: read(place) for place in places}


def assert_each_once(house, run, homes, episodes, steps):
    """Every episode was completed in exactly one recording, with exactly its steps."""
    ended = house.episodes(run)
    assert [e.status for e in ended] == ["completed"] * episodes, ended
    assert [e.steps for e in ended] == [steps] * episodes
    kept = recordings(homes)
    whole = {name for name, r in kept.items() if r.close and r.close.status == "completed"}
    counted = {e.recording for e in ended}
    assert len(counted) == episodes
    assert counted <= whole
    assert [len(kept[name].steps) for name in counted] == [steps] * episodes
    return whole - counted
