"""Fault 19: the wire between a host and its database is cut, long enough that others take over."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.store import machines
from tests.collector.fleet.lan import Node, cut, mend, wire
from tests.collector.fleet.several import Host, House, assert_each_once, recordings, until
from tests.faults.history import assert_driven_under_leases, assert_one_driver
from tests.postgres import Server

SILENT_S, LOST_S = 4, 9
CONTROLLER = (
    "import collector.fleet.deadlines as d;"
    f" d.HOST_SILENT_S, d.HOST_LOST_S = {SILENT_S}, {LOST_S};"
    " import collector.fleet.reconciler as r; r.REPORT_S = 1.0;"
    " import sys; from collector.control import main; sys.exit(main())"
)
"""A controller that waits for others a sixth of the time that it does in earnest."""
EPISODES, STEPS = 4, 10
NOT_ROOT = ("unshare", "--user", "--map-user=1001", "--map-group=1001")
"""The server refuses to be root, which everybody is in a node's namespace."""


@pytest.fixture
def lan() -> Iterator[tuple[Node, Node]]:
    first = Node("10.78.0.1")
    second = Node("10.78.0.2", first)
    wire(first, second)
    yield first, second
    for node in (second, first):
        node.kill()


@pytest.fixture
def server(lan: tuple[Node, Node]) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="trawl-pg-") as place:
        inside = (*lan[0].inside("--user", "--net"), *NOT_ROOT)
        server = Server(Path(place), inside, lan[0].address)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def house(server: Server) -> Iterator[House]:
    address = server.address("cut")
    by_socket = address.replace("@10.78.0.1/cut", f"@/cut?host={server.place}")
    house = House(address, by_socket)
    yield house
    house.store.close()


@pytest.fixture
def hosts(tmp_path: Path, house: House, lan: tuple[Node, Node]) -> Iterator[list[Host]]:
    """Two hosts: the first stands beside the database, the second at the other end of the wire."""
    both = [
        Host(tmp_path, name, house, node.inside("--user", "--net"))
        for name, node in zip(("alpha", "beta"), lan, strict=True)
    ]
    for host in both:
        host.program = (sys.executable, "-c", CONTROLLER)
        host.start()
    yield both
    for host in both:
        host.end()


def states(house: House) -> set[str]:
    with house.store.read() as tx:
        return {m.observed for m in machines.alive(tx)}


def test_a_host_that_is_cut_off_parks_loses_its_work_to_others_and_is_one_of_them_again(
    lan: tuple[Node, Node], house: House, hosts: list[Host]
) -> None:
    alpha, beta = hosts
    house.want(2)
    until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 60, beta.said)
    run = house.submit(EPISODES, STEPS)
    until(lambda: house.at_work(run, "beta"), 60)
    cut(lan[1])
    until(lambda: house.shares() == {"alpha": 2}, 60, house.shares)
    parked = {name: len(r.steps) for name, r in recordings([beta.home]).items()}
    until(lambda: house.has_ended(run), 60, lambda: house.episodes(run))
    now = {name: len(r.steps) for name, r in recordings([beta.home]).items()}
    assert now == parked, "who cannot tell a step takes none"
    assert any(count < STEPS for count in parked.values())
    done = house.episodes(run)
    assert {house.host_of(e.machine) for e in done if e.attempts > 1} == {"alpha"}

    mend(lan[1])
    until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 60, beta.said)
    until(lambda: states(house) == {"PARKED"}, 60, lambda: states(house))
    homes = [alpha.home, beta.home]
    assert house.episodes(run) == done, "who comes back late changes nothing"
    assert_each_once(house, run, homes, EPISODES, STEPS)
    assert_one_driver(house.store)
    assert_driven_under_leases(house.store, homes)
