"""A machine in quarantine keeps what it showed last, until it is released."""

from __future__ import annotations

import dataclasses
import stat

import cv2
import numpy as np
import pytest

from collector.fleet import last_screen
from collector.fleet.backends import Backends
from collector.fleet.deadlines import START_BUDGET
from collector.fleet.ending import Endings
from collector.fleet.last_screen import LastScreens
from collector.fleet.local import LocalBackend
from collector.fleet.reconciler import Reconciler
from collector.fleet.worker import Ended, Worker
from envs.fake import FakeEnv, Faults
from envs.registry import env
from envs.types import Box
from infra.clock import FakeClock
from infra.errors import InfraLost
from infra.ids import RandomIds
from infra.store import Store, events, machines, pools, runs
from infra.store.rows import Pool, Run
from tests.collector.fleet.trawl import Trawl

FLEET = "[pools.sleepers]\nkind = 'sleeper'\ncount = 1\n"
SECRET = Box(10, 10, 60, 40)


class Sleeper(FakeEnv):
    """A machine that shows a protected field and never wakes: it never says that it is well."""

    tree_is_there = True

    def __init__(self):
        super().__init__(0, 160, 100, Faults(), FakeClock())

    def health(self):
        raise InfraLost("it does not answer")

    def tree(self):
        if not self.tree_is_there:
            raise InfraLost("its tree is not there")
        tree = super().tree()
        field = dataclasses.replace(tree.elements[-1], role="password-text", box=SECRET)
        return dataclasses.replace(tree, elements=(*tree.elements[:-1], field))


@env("sleeper")
def sleeper():
    return Sleeper()


class House:
    """A home whose only machine does not wake, until its pool's budget is spent."""

    def __init__(self, home):
        self.home, self.clock, self.store = home, FakeClock(), Store(home / "trawl.db")
        ids, screens = RandomIds(self.clock), LastScreens(home)
        backends = Backends(LocalBackend)
        backends("sleeper").answering = lambda uuids: backends("sleeper").alive() & set(uuids)
        endings = Endings(self.store, backends, self.clock, screens)
        self.reconciler = Reconciler(self.store, backends, self.clock, ids, endings=endings)
        collect = lambda *_: Ended("completed", "")
        self.worker = Worker(self.store, backends, collect, self.clock, ids, screens=screens)
        with self.store.write() as tx:
            pools.want(tx, [Pool("p", "sleeper", "", 1)], 0)
            runs.submit(tx, Run("run-1", "p", "walk", START_BUDGET, 1, 0, "queued", 1, None))

    def quarantined(self):
        for _ in range(300):
            self.reconciler.tick()
            work = self.worker.claim()
            if work:
                self.worker.perform(work, lambda: False)
            with self.store.read() as tx:
                kept = [m for m in machines.alive(tx) if m.observed == "QUARANTINED"]
            if kept:
                self.reconciler.tick()
                return kept[0]
            self.clock.sleep(1)
        return pytest.fail("nothing came into quarantine")

    def release(self, machine):
        with self.store.write() as tx:
            machines.want(tx, machine.uuid, "GONE", self.clock.now_ns())
        self.reconciler.tick()


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_what_it_showed_is_kept_without_what_a_protected_field_shows(house):
    machine = house.quarantined()
    kept = last_screen.path(house.home, machine.uuid)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    pixels = cv2.imread(str(kept))
    shown = FakeEnv(0, 160, 100, Faults(), FakeClock()).screen().pixels[:, :, ::-1].copy()
    assert shown[SECRET.top : SECRET.bottom, SECRET.left : SECRET.right].any()
    shown[SECRET.top : SECRET.bottom, SECRET.left : SECRET.right] = 0
    assert np.array_equal(pixels, shown)
    with house.store.read() as tx:
        (event,) = events.after(tx, 0, kind="machine.last_screen")
    assert (event.subject, event.reason) == (machine.uuid, "its last screen is kept")


def test_a_screen_of_which_nobody_can_say_what_is_protected_is_withheld(house, monkeypatch):
    monkeypatch.setattr(Sleeper, "tree_is_there", False)
    machine = house.quarantined()
    assert not last_screen.path(house.home, machine.uuid).exists()
    with house.store.read() as tx:
        (event,) = events.after(tx, 0, kind="machine.last_screen")
    assert event.reason == "its last screen is not kept: its tree is not there"


def test_it_is_removed_when_the_machine_is_released(house):
    machine = house.quarantined()
    house.release(machine)
    assert list((house.home / "quarantine").iterdir()) == []


def test_one_that_a_dead_controller_left_without_a_quarantine_is_removed(house):
    machine = house.quarantined()
    stray = last_screen.path(house.home, "somebody")
    stray.write_bytes(b"left")
    house.reconciler.adopt()
    assert not stray.exists()
    assert last_screen.path(house.home, machine.uuid).exists()


def test_the_command_line_shows_where_it_is_and_copies_it(house):
    machine = house.quarantined()
    kept = last_screen.path(house.home, machine.uuid)
    trawl, out = Trawl(house.home, FLEET), house.home / "out.png"
    shown = trawl("machine", "show", machine.name)
    assert shown["last_screen"] == str(kept)
    assert shown["reason"].startswith("it did not wake: it does not answer")
    assert trawl("machine", "screen", machine.name, "--out", str(out)) == {
        "file": str(out), "width": 160, "height": 100,
    }  # fmt: skip
    assert out.read_bytes() == kept.read_bytes()
    kept.unlink()
    assert trawl("machine", "show", machine.name)["last_screen"] is None
    error = trawl("machine", "screen", machine.name, "--out", str(out), code=4)["error"]
    assert machine.name in error["message"]
