"""Fault 10: the server of two hosts is stopped in the middle of their work and started again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.collector.fleet.several import Host, House, assert_each_once, recordings, until
from tests.faults.history import (
    assert_driven_under_leases,
    assert_one_driver,
    assert_steps_told_once,
)
from tests.postgres import Server

EPISODES, STEPS = 4, 8


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="trawl-pg-") as place:
        server = Server(Path(place))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def hosts(tmp_path: Path, house: House) -> Iterator[list[Host]]:
    both = [Host(tmp_path, name, house) for name in ("alpha", "beta")]
    for host in both:
        host.start()
    yield both
    for host in both:
        host.end()


@pytest.fixture
def house(server: Server) -> Iterator[House]:
    house = House(server.address("away"))
    yield house
    house.store.close()


def test_while_the_server_is_away_work_is_parked_and_then_goes_on_without_a_second_attempt(
    server: Server, house: House, hosts: list[Host]
) -> None:
    house.want(2)
    until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 60, house.shares)
    run = house.submit(EPISODES, STEPS)
    until(lambda: house.at_work(run, "alpha") and house.at_work(run, "beta"), 60)
    server.stop()
    homes = [host.home for host in hosts]
    until(lambda: all("not available" in host.said() for host in hosts), 30)
    parked = {name: len(r.steps) for name, r in recordings(homes).items()}
    server.start()
    until(lambda: house.has_ended(run), 60, lambda: house.episodes(run))
    assert all(count < STEPS for count in parked.values())
    assert assert_each_once(house, run, homes, EPISODES, STEPS) == set()
    assert {e.attempts for e in house.episodes(run)} == {1}
    assert_steps_told_once(house.store, run, EPISODES, STEPS)
    assert_one_driver(house.store)
    assert_driven_under_leases(house.store, homes)
