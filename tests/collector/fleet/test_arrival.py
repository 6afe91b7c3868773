"""Whoever waits for a fleet is told as soon as nothing more can come, which pool it is and why."""

from __future__ import annotations

import time

import pytest

from collector.cli.fleet import wait_for
from collector.fleet.arrival import Arrival, Look
from collector.fleet.backend import NotYet
from collector.fleet.deadlines import NO_ROOM_S
from infra.clock import SystemClock
from infra.errors import Conflict, InfraLost, Unavailable
from infra.settings import Settings
from infra.store import events, hosts, machines, open_store, pools
from infra.store.rows import Machine, Pool
from tests.collector.fleet.test_fleet import House
from tests.collector.fleet.trawl import Trawl

FLEET = '[pools.fake]\nkind = "fake"\ncount = 2\n'
SLOW_S = 60
"""Far below the 300 s that a wait may last."""


class Wait:
    """A fleet of toys and somebody who waits for it."""

    def __init__(self, path):
        self.house = House(path)
        self.asked = [Pool("p", "toy", "", 2), Pool("q", "toy", "", 1)]
        with self.house.store.write() as tx:
            pools.want(tx, self.asked, 0)
        self.arrival, self.since = Arrival(self.asked), 0

    def look(self):
        with self.house.store.read() as tx:
            said = events.after(tx, self.since)
            look = Look(machines.alive(tx), hosts.listed(tx), self.house.clock.now_ns())
        self.since = said[-1].id if said else self.since
        self.arrival.hear(said)
        return self.arrival.hopeless(look)

    def until_told(self, most_s):
        for _ in range(most_s):
            self.house.reconciler.tick()
            error = self.look()
            if error is not None:
                return error
            self.house.clock.sleep(1)
        return pytest.fail("nobody was told")


@pytest.fixture
def wait(tmp_path):
    return Wait(tmp_path / "trawl.db")


def only(wait, pool, error):
    """Starting a machine of one pool raises `error`; the others start."""
    start = wait.house.toy.start

    def refusing(machine, wanted):
        if wanted.name == pool:
            raise error
        start(machine, wanted)

    wait.house.toy.start = refusing


def test_a_fleet_that_comes_is_not_given_up(wait):
    for _ in range(20):
        assert wait.look() is None
        wait.house.settle()
        wait.house.clock.sleep(1)


def test_a_host_without_room_is_told_after_its_second_look_and_with_the_figures(wait):
    only(wait, "q", Unavailable("12 MiB of memory are free"))
    error = wait.until_told(3 * NO_ROOM_S)
    assert (type(error), error.subject) == (Unavailable, "q")
    assert "no room for more than 0 of 1: 12 MiB of memory are free" in error.message
    assert error.hint.endswith("trawl fleet scale q 0")
    assert wait.house.states() == ["PARKED"] * 2, "what could come has come"


def test_where_something_else_went_meanwhile_there_may_be_room_now(wait):
    only(wait, "q", Unavailable("none"))
    wait.house.settle()
    wait.house.toy.there.pop()
    wait.house.notice()
    wait.house.clock.sleep(NO_ROOM_S)
    wait.house.settle()
    assert wait.look() is None


def test_what_is_being_made_is_waited_for(wait):
    only(wait, "q", NotYet("its look is not made yet"))
    for _ in range(10):
        wait.house.settle()
        assert wait.look() is None
        wait.house.clock.sleep(NO_ROOM_S)


def test_starts_that_keep_failing_are_told_with_the_last_reason(wait):
    only(wait, "p", InfraLost("its template is gone"))
    error = wait.until_told(30)
    assert (type(error), error.subject) == (Unavailable, "p")
    assert "machines do not start: it did not start: its template is gone" in error.message


def test_every_pool_that_lacks_something_is_named(wait):
    wait.house.toy.broken = Unavailable("none")
    error = wait.until_told(3 * NO_ROOM_S)
    assert "pool p: " in error.message
    assert "pool q: " in error.message


def test_where_every_host_is_cordoned_nothing_comes(wait):
    wait.house.reconciler.tick()
    with wait.house.store.write() as tx:
        hosts.cordon(tx, "here", cordoned=True, at_ns=1)
        pools.scale(tx, "p", 9, 1)
    wait.asked[0] = Pool("p", "toy", "", 9)
    error = wait.until_told(5)
    assert (type(error), error.hint) == (Conflict, "trawl host uncordon here")


@pytest.fixture
def trawl(tmp_path):
    trawl = Trawl(tmp_path, FLEET)
    yield trawl
    trawl("fleet", "down")


def timed(trawl, *words, code):
    begun_s = time.monotonic()
    error = trawl(*words, code=code)["error"]
    assert time.monotonic() - begun_s < SLOW_S
    return error


def kept(trawl):
    now = SystemClock().now_ns()
    machine = Machine("u-1", "fake-1", "fake", "fake", "", "RUNNING", "QUARANTINED",
                      "it did not wake: it is odd", now, None, now, 0, 1, 0, host="here")  # fmt: skip
    with trawl.store() as store, store.write() as tx:
        machines.add(tx, machine)


def test_up_ends_at_a_pool_in_quarantine_and_goes_on_once_it_is_released(trawl):
    kept(trawl)
    error = timed(trawl, "fleet", "up", "--file", str(trawl.file), code=4)
    assert (error["kind"], error["subject"]) == ("conflict", "fake")
    assert "fake-1 is in quarantine: it did not wake: it is odd" in error["message"]
    assert error["hint"].endswith("trawl machine release fake-1")
    trawl("machine", "release", "fake-1")
    assert trawl.up()["pools"][0]["states"]["PARKED"] == 2


def test_up_ends_where_machines_do_not_start(trawl):
    trawl.file.write_text(FLEET + "settings = {seed = 'none'}\n", encoding="utf-8")
    error = timed(trawl, "fleet", "up", "--file", str(trawl.file), code=5)
    assert error["message"].startswith("pool fake: machines do not start: it did not start")


def test_a_wait_ends_when_no_controller_is_left(tmp_path):
    settings = Settings(home=tmp_path, cache=tmp_path)
    with open_store(settings) as store, pytest.raises(Unavailable, match="the controller ended"):
        wait_for(settings, store, [Pool("p", "fake", "", 1)], 0)
