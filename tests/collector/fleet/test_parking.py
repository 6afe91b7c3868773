"""A database that goes away under a lease: its driver waits; an answer that is lost does no harm."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from collector.fleet.deadlines import LEASE_S, RESUME_S
from collector.fleet.worker import Ended
from infra.errors import Unavailable
from infra.store import Store, events, leases, machines, pools, runs
from infra.store.rows import Pool, Run
from tests.collector.fleet.test_fleet import House


class Flaky(Store):
    """A store whose next transactions are refused, or committed without an answer."""

    refused = unanswered = 0

    def _meet(self):
        if self.refused:
            self.refused -= 1
            raise Unavailable("the wire is cut")

    @contextmanager
    def write(self):
        self._meet()
        with super().write() as tx:
            yield tx
        if self.unanswered:
            self.unanswered -= 1
            raise Unavailable("the wire was cut before the answer")

    @contextmanager
    def read(self):
        self._meet()
        with super().read() as tx:
            yield tx


class Collect:
    """Three steps, before each of which something happens to the store."""

    def __init__(self, before):
        self.before, self.store, self.asked = before, None, []

    def __call__(self, work, env, committed, stop):
        for step in range(1, 4):
            self.before(self.store, step)
            if stop():
                return Ended("interrupted", "it was told to stop")
            committed(step, "click", 0.1)
        return Ended("completed", "")


@pytest.fixture
def house(tmp_path):
    def build(before=lambda store, step: None):
        collect = Collect(before)
        house = House(tmp_path / "trawl.db", collect)
        collect.store = Flaky(tmp_path / "trawl.db")
        house.worker._store = collect.store
        house.want(1)
        house.settle()
        house.submit()
        return house

    return build


def episode(house):
    with house.store.read() as tx:
        return runs.episodes(tx, "run-1")[0]


def stepped(house):
    with house.store.read() as tx:
        told = events.after(tx, 0, subject="run-1", kind="step.committed")
    return [e.payload["steps"] for e in told]


def test_a_driver_waits_while_the_database_is_away_and_then_goes_on(house):
    house = house(lambda store, step: setattr(store, "refused", 5 if step == 2 else 0))
    ended = house.worker.perform(house.worker.claim(), lambda: False)
    assert (ended.status, episode(house).status, episode(house).attempts) == (
        "completed", "completed", 1,
    )  # fmt: skip
    assert stepped(house) == [1, 2, 3]


def test_a_driver_waits_no_longer_than_its_lease_and_the_episode_is_queued_again(house):
    house = house(lambda store, step: setattr(store, "refused", LEASE_S + 5))
    assert house.worker.perform(house.worker.claim(), lambda: False).status == "infra_lost"
    assert (episode(house).status, stepped(house)) == ("queued", [])


def test_a_driver_that_is_told_to_stop_does_not_wait(house):
    house = house(lambda store, step: setattr(store, "refused", LEASE_S))
    before = house.clock.now_ns()
    assert house.worker.perform(house.worker.claim(), lambda: True).status == "interrupted"
    assert (house.clock.now_ns(), episode(house).status) == (before, "running"), "the next ends it"


def test_a_step_whose_answer_was_lost_is_told_once(house):
    house = house(lambda store, step: setattr(store, "unanswered", int(step == 2)))
    house.worker.perform(house.worker.claim(), lambda: False)
    assert (episode(house).status, stepped(house)) == ("completed", [1, 2, 3])


def test_a_claim_whose_answer_was_lost_is_queued_again_and_its_machine_replaced(house):
    house = house()
    store = house.worker._store
    store.unanswered = 1
    with pytest.raises(Unavailable):
        house.worker.claim()
    assert episode(house).status == "running"
    assert house.worker.claim() is None
    assert episode(house).status == "queued"
    house.clock.sleep(RESUME_S + 1)
    house.settle()
    house.worker.perform(house.worker.claim(), lambda: False)
    assert episode(house).status == "completed"


def test_a_machine_let_go_without_an_answer_is_not_taken_from_who_has_it_now(house):
    house = house()
    house.toy.rest = lambda uuid: True
    store, taken = house.worker._store, []

    def collect(work, env, committed, stop):
        store.unanswered = 1  # the next transaction lets the machine go
        return Ended("completed", "")

    def meanwhile():
        taken.append(house.worker.claim())
        return False

    with house.store.write() as tx:
        pools.want(tx, [Pool("p", "toy", "", 1, recycle={"episodes": 5})], 1)
        runs.submit(tx, Run("run-2", "p", "walk", 1, 5, 0, "queued", 2, None))
    house.worker._collect = collect
    house.worker.perform(house.worker.claim(), meanwhile)
    (other,) = taken
    with house.store.read() as tx:
        assert [lease.id for lease in leases.live(tx)] == [other.lease.id]
        assert machines.get(tx, other.machine.uuid) == other.machine
    assert other.machine.episodes == 1
