"""The reconciler and the worker over machines of a toy kind: convergence, leases, replacement."""

from __future__ import annotations

import random

import pytest

from collector.fleet.backends import Backends
from collector.fleet.reconciler import RESUME_S, Reconciler
from collector.fleet.worker import Ended, Worker
from infra.clock import FakeClock
from infra.errors import InfraLost, Unavailable
from infra.ids import RandomIds
from infra.store import Store, events, leases, machines, runs
from infra.store.rows import Pool, Run


class Toy:
    """A kind of machine that is a name in a set; `broken` refuses to start."""

    def __init__(self):
        self.there: set[str] = set()
        self.broken = False

    def start(self, machine, pool):
        if self.broken:
            raise Unavailable("no room")
        self.there.add(machine.uuid)

    def alive(self):
        return set(self.there)

    def wake(self, machine, fence):
        if machine.uuid not in self.there:
            raise InfraLost("gone")
        return (machine.uuid, fence)

    def destroy(self, uuid):
        self.there.discard(uuid)

    def close(self):
        pass


class House:
    """Store, toy backend, reconciler and worker on a fake clock."""

    def __init__(self, path, collect=lambda *_: Ended("completed", "")):
        self.clock, self.toy = FakeClock(), Toy()
        self.store = Store(path)
        self.ids = RandomIds(self.clock, random.Random(7))
        self.backends = Backends(lambda kind: self.toy)
        self.backends("toy")
        self.reconciler = Reconciler(self.store, self.backends, self.clock, self.ids)
        self.worker = Worker(self.store, self.backends, collect, self.clock, self.ids)

    def want(self, count):
        pools = [Pool("p", "toy", "", count)] if count else []
        with self.store.write() as tx:
            machines.set_pools(tx, pools, self.clock.now_ns())

    def submit(self, episodes=1):
        with self.store.write() as tx:
            runs.submit(tx, Run("run-1", "p", "walk", episodes, 5, 0, "queued", 1, None))

    def settle(self):
        for _ in range(50):
            if not self.reconciler.tick():
                return
        pytest.fail("the fleet does not converge")

    def states(self):
        with self.store.read() as tx:
            return [m.observed for m in machines.alive(tx)]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "trawl.db")


def test_a_pool_grows_shrinks_and_goes(house):
    for count in (3, 1, 0):
        house.want(count)
        house.settle()
        assert house.states() == ["PARKED"] * count
        assert len(house.toy.there) == count


def test_twice_is_the_same_as_once(house):
    house.want(2)
    house.settle()
    before = set(house.toy.there)
    house.want(2)
    house.settle()
    assert house.toy.there == before


def test_a_machine_that_dies_is_replaced_and_the_event_says_why(house):
    house.want(2)
    house.settle()
    dead = house.toy.there.pop()
    house.settle()
    assert house.states() == ["PARKED"] * 2
    with house.store.read() as tx:
        reasons = [e.reason for e in events.after(tx, 0, subject=dead)]
    assert "its process is gone" in reasons


def test_a_machine_that_no_row_knows_is_destroyed(house):
    house.toy.there.add("stray")
    house.settle()
    assert house.toy.there == set()


def test_a_pool_that_cannot_start_is_tried_ever_more_slowly(house):
    house.toy.broken = True
    house.want(1)
    house.settle()
    assert house.states() == []
    house.toy.broken = False
    house.settle()
    assert house.states() == [], "it waits before it tries again"
    house.clock.sleep(2)
    house.settle()
    assert house.states() == ["PARKED"]


def test_an_episode_runs_under_a_lease_and_its_machine_is_not_used_again(house):
    house.want(1)
    house.submit()
    house.settle()
    first = set(house.toy.there)
    work = house.worker.claim()
    assert house.worker.claim() is None
    assert house.states() == ["RESUMING"]
    assert house.worker.perform(work, lambda: False).status == "completed"
    assert house.states() == ["DIRTY"]
    house.settle()
    assert house.states() == ["PARKED"]
    assert house.toy.there.isdisjoint(first)
    with house.store.read() as tx:
        assert leases.live(tx) == []
        assert runs.get(tx, "run-1").status == "completed"


def test_a_machine_lost_on_waking_queues_its_episode_again(house):
    house.want(1)
    house.submit()
    house.settle()
    work = house.worker.claim()
    house.toy.there.clear()
    assert house.worker.perform(work, lambda: False).status == "infra_lost"
    house.settle()
    assert house.worker.perform(house.worker.claim(), lambda: False).status == "completed"


def test_a_holder_that_hangs_loses_its_machine_and_is_refused(tmp_path):
    house = House(tmp_path / "trawl.db")

    def hang(work, env, committed, stop):
        house.clock.sleep(RESUME_S * 10)
        house.reconciler.tick()
        committed(1, "click")
        return Ended("completed", "")

    house.worker = Worker(house.store, house.backends, hang, house.clock, house.ids)
    house.want(1)
    house.submit()
    house.settle()
    ended = house.worker.perform(house.worker.claim(), lambda: False)
    assert ended.status == "infra_lost"
    house.settle()
    assert house.states() == ["PARKED"]


def test_a_new_controller_ends_what_a_dead_one_was_doing(house):
    house.want(2)
    house.submit()
    house.settle()
    house.worker.claim()
    resting = set(house.toy.there)
    again = Reconciler(house.store, house.backends, house.clock, house.ids)
    again.adopt()
    house.reconciler = again
    house.settle()
    assert house.states() == ["PARKED"] * 2
    assert len(house.toy.there & resting) == 1, "the resting machine was adopted"
    with house.store.read() as tx:
        assert leases.live(tx) == []
        assert runs.episodes(tx, "run-1")[0].status == "queued"


def test_a_defect_of_ours_ends_the_episode_and_not_the_fleet(tmp_path):
    def broken(work, env, committed, stop):
        raise ZeroDivisionError

    house = House(tmp_path / "trawl.db", broken)
    house.want(1)
    house.submit()
    house.settle()
    assert house.worker.perform(house.worker.claim(), lambda: False).status == "failed"
    house.settle()
    assert house.states() == ["PARKED"]
