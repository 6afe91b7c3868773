"""A person takes a resting machine, works on it under a lease, and nobody gets it afterwards."""

from __future__ import annotations

import pytest

from collector.fleet import hands, service
from collector.fleet.backends import Backends
from collector.fleet.deadlines import LEASE_S
from collector.fleet.ending import Endings
from collector.fleet.hands import Hands
from collector.fleet.local import LocalBackend
from collector.fleet.reconciler import Reconciler
from envs.fake import FakeEnv, Faults
from envs.registry import env
from infra.clock import FakeClock
from infra.errors import Conflict, InfraLost, NotFound
from infra.ids import RandomIds
from infra.store import Store, events, leases, machines, pools, runs
from infra.store.rows import Pool
from tests.collector.fleet.trawl import Trawl


class Deaf(FakeEnv):
    """A machine that starts and never wakes."""

    def health(self):
        raise InfraLost("it does not answer")


@env("deaf")
def deaf():
    return Deaf(0, 160, 100, Faults(), FakeClock())


class House:
    """A host with one resting machine."""

    def __init__(self, path, kind="fake"):
        self.clock, ids = FakeClock(), RandomIds()
        self.store, self.backends = Store(path), Backends(LocalBackend)
        self.hands = Hands(self.store, self.backends, self.clock, ids, "here")
        self.reconciler = Reconciler(
            self.store, self.backends, self.clock, ids,
            endings=Endings(self.store, self.backends, self.clock),
        )  # fmt: skip
        with self.store.write() as tx:
            pools.want(tx, [Pool("p", kind, "", 1)], self.clock.now_ns())
        while self.machine().observed != "PARKED":
            self.tick()

    def tick(self):
        self.reconciler.tick()
        self.clock.sleep(0.5)

    def machine(self, name=None):
        with self.store.read() as tx:
            alive = machines.alive(tx)
            found = [m for m in alive if name in (None, m.name)]
        if found:
            return found[0]
        self.tick()
        return self.machine(name)

    def log(self, uuid):
        with self.store.read() as tx:
            return [e.kind for e in events.after(tx, 0, subject=uuid)]

    def write(self, function, *arguments):
        with self.store.write() as tx:
            return function(tx, *arguments)

    def live(self):
        with self.store.read() as tx:
            return leases.live(tx)


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "t.db")
    yield house
    house.backends.close()
    house.store.close()


def test_a_person_holds_the_lease_and_the_machine_is_busy(house):
    lease = house.hands.take(house.machine().name, "ada")
    assert house.machine().observed == "BUSY"
    assert house.machine().reason == "ada works on it"
    assert house.live() == [lease]
    assert lease.holder == "person ada"


def test_what_somebody_has_taken_nobody_else_gets(house):
    name = house.machine().name
    house.hands.take(name, "ada")
    with pytest.raises(Conflict, match="BUSY: ada works on it"):
        house.hands.take(name, "bob")
    with pytest.raises(NotFound):
        house.hands.take("machine-of-nobody", "bob")
    assert [lease.holder for lease in house.live()] == ["person ada"]


def test_a_machine_of_another_host_is_asked_for_there(house):
    elsewhere = Hands(house.store, house.backends, house.clock, RandomIds(), "beta")
    with pytest.raises(Conflict, match="on host here"):
        elsewhere.take(house.machine().name, "ada")


def test_whoever_keeps_working_keeps_the_machine_and_whoever_vanishes_loses_it(house):
    lease = house.hands.take(house.machine().name, "ada")
    for _ in range(4):
        house.clock.sleep(LEASE_S - 10)
        house.write(hands.keep, lease, house.clock.now_ns())
        house.tick()
        assert house.machine().observed == "BUSY"
    house.clock.sleep(LEASE_S + 1)
    house.tick()
    assert house.live() == []
    with pytest.raises(Conflict, match="has ended"):
        house.write(hands.keep, lease, house.clock.now_ns())


def test_after_a_person_a_machine_is_replaced_and_the_log_says_what_they_did(house):
    before = house.machine()
    lease = house.hands.take(before.name, "ada")
    house.clock.sleep(12)
    for _ in range(2):
        house.write(hands.end, lease, house.clock.now_ns(), "ada left", 7)
    assert house.machine(before.name).observed == "DIRTY"
    while house.machine().uuid == before.uuid or house.machine().observed != "PARKED":
        house.tick()
    with house.store.read() as tx:
        (said,) = events.after(tx, 0, subject=before.uuid, kind="machine.intervention")
    assert said.reason == "ada left"
    assert (said.payload["who"], said.payload["inputs"], said.payload["seconds"]) == ("ada", 7, 12)
    assert house.live() == []


def test_a_machine_that_does_not_wake_is_used_up_and_its_lease_is_over(tmp_path):
    house = House(tmp_path / "t.db", "deaf")
    name = house.machine().name
    with pytest.raises(InfraLost, match="does not answer"):
        house.hands.take(name, "ada")
    assert house.live() == []
    assert house.machine(name).observed == "DIRTY"
    house.backends.close()
    house.store.close()


def test_no_episode_is_given_to_a_machine_that_a_person_has(house):
    house.hands.take(house.machine().name, "ada")
    with house.store.read() as tx:
        assert machines.resting(tx, "here") == []
        assert not runs.is_waiting(tx)


def test_a_machine_that_is_to_go_is_not_kept_by_whoever_works_on_it(house):
    lease = house.hands.take(house.machine().name, "ada")
    house.write(machines.want, lease.machine, "GONE", house.clock.now_ns())
    with pytest.raises(Conflict, match="is to go"):
        house.write(hands.keep, lease, house.clock.now_ns())


def test_a_host_that_goes_takes_its_machines_back_from_people_and_from_nobody_else(house):
    lease = house.hands.take(house.machine().name, "ada")
    elsewhere = Hands(house.store, house.backends, house.clock, RandomIds(), "beta")
    elsewhere.let_go("beta goes")
    assert house.live() == [lease]
    house.hands.let_go("it goes")
    assert house.live() == []
    assert "machine.intervention" in house.log(lease.machine)


def test_a_fleet_goes_down_though_a_person_works_on_one_of_its_machines(tmp_path):
    trawl = Trawl(tmp_path, "[pools.fake]\nkind = 'fake'\ncount = 1\n")
    trawl.up()
    with trawl.store().read() as tx:
        (machine,) = machines.alive(tx)
    told = service.ask(
        tmp_path / "run" / "controller.sock", "take", machine=machine.name, who="ada"
    )
    assert told["lease"]["holder"] == "person ada"
    trawl("fleet", "down")
    with trawl.store().read() as tx:
        assert machines.alive(tx) == []
        assert leases.live(tx) == []
