"""Controllers of several hosts on one PostgreSQL: shares, loss, return, and exact counts."""

from __future__ import annotations

import signal

import pytest

from collector.fleet.deadlines import HOST_LOST_S
from infra.store import events
from infra.store.backend import Busy
from tests.collector.fleet.several import Host, House, assert_each_once, until


@pytest.fixture
def house(database):
    house = House(database())
    yield house
    house.store.close()


@pytest.fixture
def join(tmp_path, house):
    """Starts a host of that name; all are ended after the test."""
    joined = []

    def start(name):
        joined.append(Host(tmp_path, name, house))
        joined[-1].start()
        return joined[-1]

    yield start
    for host in joined:
        host.end()


def settled(house, **shares):
    until(lambda: house.shares() == shares, 40, house.shares)


def freeze(house, host):
    """Stop a process where it holds no turn to write: nobody else would get one."""
    while True:
        host.signal(signal.SIGSTOP)
        try:
            with house.store.write():
                return
        except Busy:
            host.signal(signal.SIGCONT)


def test_a_run_spreads_over_the_hosts_and_one_that_is_killed_and_back_goes_on(house, join):
    house.want(4)
    alpha, beta = join("alpha"), join("beta")
    settled(house, alpha=2, beta=2)
    run = house.submit(12, 3)
    until(lambda: house.at_work(run, "beta"), 40)
    beta.kill()
    until(lambda: any(e.attempts for e in house.episodes(run)), 5)
    beta.start()
    until(lambda: house.has_ended(run), 90, lambda: (house.episodes(run), beta.said()))
    homes = [alpha.home, beta.home]
    assert assert_each_once(house, run, homes, 12, 3) == set()
    assert {house.host_of(e.machine) for e in house.episodes(run)} == {"alpha", "beta"}
    settled(house, alpha=2, beta=2)


def test_the_episodes_of_hosts_that_die_or_stand_still_are_done_once_by_another(house, join):
    house.want(6)
    alpha, beta, gamma = join("alpha"), join("beta"), join("gamma")
    settled(house, alpha=2, beta=2, gamma=2)
    run = house.submit(12, 3)
    until(lambda: house.at_work(run, "gamma"), 40)
    freeze(house, gamma)
    until(lambda: house.at_work(run, "beta") or house.has_ended(run), 40)
    beta.kill()
    homes = [alpha.home, beta.home, gamma.home]
    until(lambda: house.has_ended(run), HOST_LOST_S + 40, lambda: house.episodes(run))
    settled(house, alpha=6)
    before = house.episodes(run)
    gamma.signal(signal.SIGCONT)
    beta.start()
    settled(house, alpha=2, beta=2, gamma=2)
    assert house.episodes(run) == before, "who comes back late changes nothing"
    assert_each_once(house, run, homes, 12, 3)


def test_a_second_home_with_a_hosts_name_is_refused(house, join, tmp_path):
    house.want(1)
    join("alpha")
    settled(house, alpha=1)
    (tmp_path / "other").mkdir()
    other = Host(tmp_path / "other", "alpha", house)
    other.start()
    assert other.process.wait(40) == 4
    assert "TRAWL_HOST" in other.said()
    with house.store.read() as tx:
        ended = [e for e in events.after(tx, 0) if e.payload.get("state") in ("DIRTY", "GONE")]
    assert ended == []
