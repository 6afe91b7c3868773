"""A fleet of several hosts that goes down and comes up again; hosts that leave, vanish, come back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from collector.fleet.deadlines import HOST_LOST_S, S
from infra.store import hosts, machines, runs
from tests.collector.fleet.several import Host, House, assert_each_once, until


@pytest.fixture
def house(database):
    house = House(database())
    yield house
    house.store.close()


@pytest.fixture
def host(tmp_path, house):
    """Makes a host of that name; what runs of it is ended after the test."""
    made = []

    def make(name):
        made.append(Host(tmp_path, name, house))
        return made[-1]

    yield make
    for each in made:
        each.end()


def trawl(host, *words, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "collector", *words, "--json"], env=host.environ,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, (words, done.stdout, done.stderr)
    return json.loads(done.stdout)


def known(house):
    with house.store.read() as tx:
        return [h.name for h in hosts.listed(tx)]


def alive(house, name=None):
    with house.store.read() as tx:
        return len(machines.alive(tx, name))


def aged(house, name):
    """As if that host had said nothing since it could be lost."""
    now = house.clock.now_ns()
    with house.store.write() as tx:
        (it,) = (h for h in hosts.listed(tx) if h.name == name)
        hosts.report(tx, type(it)(name, now - HOST_LOST_S * S, 1, it.memory_bytes, it.disk_bytes))


def test_down_said_on_one_host_ends_every_host_until_the_next_up(house, host):
    alpha, beta, gamma = map(host, ("alpha", "beta", "gamma"))
    house.want(3)
    for each in (alpha, beta, gamma):
        each.start()
    until(lambda: house.shares() == {"alpha": 1, "beta": 1, "gamma": 1}, 60, house.shares)
    run = house.submit(9, 99)
    until(lambda: house.at_work(run, "beta"), 60)
    gamma.kill()
    aged(house, "gamma")

    said = trawl(alpha, "fleet", "down", code=1)
    assert said == {"machines": 1, "hosts": {"gamma": 1}}
    assert [each.process.wait(60) for each in (alpha, beta)] == [0, 0]
    assert {e.status for e in house.episodes(run)} <= {"interrupted", "running"}
    assert known(house) == ["gamma"]

    for each in (beta, gamma):  # as a host that starts again, or was cut off, finds it
        each.start()
        assert each.process.wait(60) == 0
    assert (alive(house), known(house), house.has_ended(run)) == (0, [], True)
    assert trawl(alpha, "fleet", "down") == {"machines": 0, "hosts": {}}, "twice is once"


def test_a_host_that_leaves_hands_over_its_share_and_its_episodes(house, host):
    alpha, beta = map(host, ("alpha", "beta"))
    house.want(2, episodes=100)
    for each in (alpha, beta):
        each.start()
    until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 60, house.shares)
    run = house.submit(3, 8)
    until(lambda: house.at_work(run, "beta"), 60)

    left = trawl(beta, "host", "leave", "--drain-s", "0")
    assert (left["host"], left["machines"], left["handed_over"]) == ("beta", 1, 1)
    assert beta.process.wait(60) == 0
    assert (alive(house, "beta"), known(house)) == (0, ["alpha"])
    again = trawl(beta, "host", "leave")
    assert again == {"host": "beta", "machines": 0, "handed_over": 0, "node_processes": 0}

    until(lambda: house.has_ended(run), 60, lambda: house.episodes(run))
    assert_each_once(house, run, [alpha.home, beta.home], 3, 8)
    until(lambda: house.shares() == {"alpha": 2}, 60, house.shares)


def test_what_a_dead_controller_left_is_ended_when_its_host_leaves(house, host):
    alpha = host("alpha")
    house.want(2)
    alpha.start()
    until(lambda: house.shares() == {"alpha": 2}, 60, house.shares)
    alpha.kill()
    assert trawl(alpha, "host", "leave")["machines"] == 2
    assert (alive(house), known(house)) == (0, [])


def test_a_host_that_vanished_comes_back_from_nothing_under_its_name(house, host, tmp_path):
    alpha, beta = map(host, ("alpha", "beta"))
    house.want(2)
    for each in (alpha, beta):
        each.start()
    until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 60, house.shares)
    run = house.submit(4, 8)
    until(lambda: house.at_work(run, "beta"), 60)
    beta.kill()
    lost = beta.home.rename(tmp_path / "lost")  # the machine is replaced; its recordings are kept
    aged(house, "beta")
    trawl(alpha, "host", "forget", "beta")
    with house.store.read() as tx:
        before = {m.uuid for m in machines.alive(tx)}

    again = host("beta")
    again.start()
    until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 60, again.said)
    until(lambda: house.has_ended(run), 90, lambda: house.episodes(run))
    assert_each_once(house, run, [alpha.home, again.home, lost], 4, 8)
    with house.store.read() as tx:
        ours = {m.uuid for m in machines.alive(tx, "beta")}
        assert not runs.running(tx)
    assert not ours & before, "no machine of the one that vanished is its own"
    shutil.rmtree(lost)
