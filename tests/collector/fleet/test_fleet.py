"""The reconciler and the worker over machines of a toy kind: convergence, leases, replacement."""

from __future__ import annotations

import itertools
import random

import pytest

from collector.fleet.backends import Backends
from collector.fleet.deadlines import (
    ASK_AFTER_S,
    BACKOFF_S,
    GONE_S,
    HOST_LOST_S,
    NO_ROOM_S,
    RESUME_S,
    SIGN_TTL_S,
    START_BUDGET,
    UNKNOWN_S,
)
from collector.fleet.reconciler import Reconciler
from collector.fleet.silence import Silence
from collector.fleet.worker import Ended, Worker
from infra.clock import FakeClock
from infra.errors import InfraLost, Unavailable
from infra.ids import RandomIds
from infra.store import Store, events, leases, machines, pools, runs
from infra.store.rows import Pool, Run


class Toy:
    """A kind of machine that is a name in a set; `broken` is what starting raises."""

    def __init__(self):
        self.there: set[str] = set()
        self.hung: set[str] = set()
        self.broken = None

    def start(self, machine, pool):
        if self.broken:
            raise self.broken
        self.there.add(machine.uuid)

    def alive(self):
        return set(self.there)

    def answering(self, uuids):
        return self.there & set(uuids) - self.hung

    def private_bytes(self, uuid):
        return 1

    def rest(self, uuid):
        return False

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
        wanted = [Pool("p", "toy", "", count)] if count else []
        with self.store.write() as tx:
            pools.want(tx, wanted, self.clock.now_ns())

    def submit(self, episodes=1):
        with self.store.write() as tx:
            runs.submit(tx, Run("run-1", "p", "walk", episodes, 5, 0, "queued", 1, None))

    def settle(self):
        for _ in range(50):
            if not self.reconciler.tick():
                return
        pytest.fail("the fleet does not converge")

    def notice(self):
        """A process that is gone is missed, and after a moment it is lost."""
        self.settle()
        self.clock.sleep(GONE_S)
        self.settle()

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
    house.notice()
    assert house.states() == ["PARKED"] * 2
    with house.store.read() as tx:
        reasons = [e.reason for e in events.after(tx, 0, subject=dead)]
    assert "its process is gone" in reasons


def test_a_machine_that_no_row_knows_is_destroyed(house):
    house.toy.there.add("stray")
    house.settle()
    assert house.toy.there == set()


def test_a_pool_that_cannot_start_is_tried_ever_more_slowly(house):
    house.toy.broken = InfraLost("it does not boot")
    house.want(1)
    house.settle()
    assert house.states() == []
    house.toy.broken = None
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


def test_no_attempt_is_spent_on_a_machine_whose_process_is_gone(house):
    house.want(1)
    house.submit()
    house.settle()
    house.toy.there.clear()
    assert house.worker.claim() is None
    house.notice()
    assert house.worker.claim().episode.attempts == 1


def test_a_machine_that_stops_and_starts_again_is_not_replaced(house):
    house.want(2)
    house.settle()
    before = set(house.toy.there)
    for _ in range(3):
        house.toy.there.clear()
        house.settle()
        house.toy.there = set(before)
        house.clock.sleep(GONE_S)
        house.settle()
    assert house.toy.there == before
    with house.store.read() as tx:
        assert not any(e.payload.get("state") == "LOST" for e in events.after(tx, 0))


def test_a_start_whose_end_nobody_saw_is_lost_and_replaced(house):
    house.want(1)
    house.settle()
    with house.store.write() as tx:
        (machine,) = machines.alive(tx)
        machines.move(tx, machine, "UNKNOWN", "its host is silent", 0, stage="STARTING")
        machines.seen(tx, [machine.uuid], house.clock.now_ns())
    house.settle()
    assert house.states() == ["PARKED"]
    assert machine.uuid not in house.toy.there


def test_a_holder_that_hangs_loses_its_machine_and_is_refused(tmp_path):
    house = House(tmp_path / "trawl.db")

    def hang(work, env, committed, stop):
        house.clock.sleep(RESUME_S * 10)
        house.reconciler.tick()
        committed(1, "click", 0.1)
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


def test_a_pool_whose_budget_is_spent_stops_with_one_machine_in_quarantine(house):
    house.toy.broken = InfraLost("it does not boot")
    house.want(3)
    for _ in range(100):
        house.settle()
        house.clock.sleep(10)
    assert house.states() == ["QUARANTINED"]
    with house.store.read() as tx:
        (machine,) = machines.alive(tx)
        tried = [e for e in events.after(tx, 0) if e.payload.get("state") == "STARTING"]
    assert "5 times in a row" in machine.reason
    assert "it does not boot" in machine.reason
    assert len(tried) == START_BUDGET
    house.toy.broken = None
    with house.store.write() as tx:
        machines.want(tx, machine.uuid, "GONE", house.clock.now_ns())
    house.settle()
    assert house.states() == ["PARKED"] * 3


def test_a_host_without_room_waits_spends_no_budget_and_goes_on(house):
    house.toy.broken = Unavailable("no memory")
    house.want(2)
    for _ in range(50):
        house.settle()
        house.clock.sleep(NO_ROOM_S)
    assert house.states() == []
    house.toy.broken = None
    house.settle()
    assert house.states() == ["PARKED"] * 2
    with house.store.read() as tx:
        assert any(e.kind == "pool.waits" and e.reason == "no memory" for e in events.after(tx, 0))


def test_a_machine_that_gives_no_sign_is_unknown_then_comes_back_or_is_replaced(house):
    house.want(1)
    house.settle()
    (uuid,) = house.toy.there
    house.toy.hung = {uuid}
    house.clock.sleep(SIGN_TTL_S + 1)
    house.settle()
    assert house.states() == ["UNKNOWN"]
    house.toy.hung = set()
    house.clock.sleep(ASK_AFTER_S + 1)
    house.settle()
    assert house.states() == ["PARKED"]
    assert house.toy.there == {uuid}
    house.toy.hung = {uuid}
    house.clock.sleep(SIGN_TTL_S + 1)
    house.settle()
    house.clock.sleep(UNKNOWN_S + 1)
    house.settle()
    assert house.states() == ["PARKED"]
    assert uuid not in house.toy.there


def test_machines_that_do_not_wake_stop_their_pool_before_every_episode_is_spent(house):
    house.want(2)
    house.submit(10)

    def refuse(machine, fence):
        raise InfraLost("it does not answer")

    house.toy.wake = refuse
    claimed_s = []
    for _ in range(300):
        house.settle()
        work = house.worker.claim()
        if work:
            claimed_s.append(house.clock.monotonic_s())
            house.worker.perform(work, lambda: False)
        house.clock.sleep(1)
    pauses_s = [round(b - a) for a, b in itertools.pairwise(claimed_s)]
    assert pauses_s == list(BACKOFF_S), "each failure makes the next one wait longer, then it ends"
    assert sorted(house.states()) == ["PARKED", "QUARANTINED"]
    with house.store.read() as tx:
        kept = next(m for m in machines.alive(tx) if m.observed == "QUARANTINED")
    assert kept.reason == "it did not wake: it does not answer (5 times in a row)"
    assert kept.uuid not in house.toy.there


def test_a_clock_that_jumps_an_hour_expires_nothing(house):
    house.want(2)
    house.submit()
    house.settle()
    work = house.worker.claim()
    before = set(house.toy.there)
    for jump_s in (3600, -7200):
        house.clock.start_ns += jump_s * 10**9
        house.settle()
        assert sorted(house.states()) == ["PARKED", "RESUMING"]
    assert house.toy.there == before
    assert house.worker.perform(work, lambda: False).status == "completed"


def test_a_pool_may_let_a_machine_serve_several_episodes_once_it_was_made_clean(house):
    rested = []
    house.toy.rest = lambda uuid: not rested.append(uuid)
    with house.store.write() as tx:
        pools.want(tx, [Pool("p", "toy", "", 1, recycle={"episodes": 3})], 0)
    house.submit(4)
    used = []
    for _ in range(4):
        house.settle()
        work = house.worker.claim()
        used.append(work.machine.uuid)
        house.worker.perform(work, lambda: False)
    assert used[0] == used[1] == used[2] != used[3]
    assert rested == [used[0], used[0], used[3]]


def test_a_machine_that_grows_or_slows_is_taken_after_the_step(tmp_path):
    def collect(work, env, committed, stop):
        for step in range(1, 100):
            if stop():
                return Ended("interrupted", "told to stop")
            committed(step, "click", 0.1)
        return Ended("completed", "")

    house = House(tmp_path / "trawl.db", collect)
    house.toy.private_bytes = lambda uuid: 700 << 20
    house.want(1)
    house.submit()
    house.settle()
    ended = house.worker.perform(house.worker.claim(), lambda: False)
    assert (ended.status, ended.reason) == ("interrupted", "it holds 700 MiB of its own")


def test_of_two_hosts_each_fills_its_share_and_takes_over_from_one_that_is_lost(tmp_path):
    first = House(tmp_path / "trawl.db")
    second = House(tmp_path / "trawl.db")
    second.clock = first.clock
    second.reconciler = Reconciler(first.store, second.backends, first.clock, first.ids, "there")
    first.want(5)
    for _ in range(3):
        first.reconciler.tick()
        second.reconciler.tick()
        first.clock.sleep(6)
    assert sorted((len(first.toy.there), len(second.toy.there))) == [2, 3]
    silence = Silence(first.store, first.clock, "here")
    states = set()
    for _ in range(HOST_LOST_S):
        first.clock.sleep(2)
        first.settle()
        silence.tick()
        states |= set(first.states())
    assert states == {"PARKED", "UNKNOWN", "LOST"}
    assert len(first.toy.there) == 5
    for _ in range(8):
        second.reconciler.tick()
        first.reconciler.tick()
        first.clock.sleep(6)
    assert sorted((len(first.toy.there), len(second.toy.there))) == [2, 3]
    assert first.states() == ["PARKED"] * 5


def test_an_episode_that_ends_while_the_database_is_away_is_written_when_it_is_back(tmp_path):
    away = []

    def collect(work, env, committed, stop):
        committed(1, "click", 0.1)
        away.extend([1, 1, 1])
        return Ended("completed", "")

    house = House(tmp_path / "trawl.db", collect)
    write = house.store.write

    def writing():
        if away:
            away.pop()
            raise Unavailable("the database is away")
        return write()

    house.store.write = writing
    house.want(1)
    house.submit()
    house.settle()
    house.worker.perform(house.worker.claim(), lambda: False)
    with house.store.read() as tx:
        assert runs.get(tx, "run-1").status == "completed"
        assert leases.live(tx) == []
