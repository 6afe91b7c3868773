"""Two nodes of a real Ray cluster in two network namespaces, their controllers on one PostgreSQL."""

from __future__ import annotations

import json
import shutil
import sys

import pytest

from collector.fleet.deadlines import HOST_SILENT_S
from tests.collector.fleet.lan import Node, wire
from tests.collector.fleet.several import Host, House, assert_each_once, until


@pytest.fixture
def lan():
    """Two nodes that reach each other and nothing else."""
    nodes = []
    try:
        nodes.append(Node("10.77.0.1"))
        nodes.append(Node("10.77.0.2", nodes[0]))
        wire(*nodes)
        yield tuple(nodes)
    finally:
        for node in reversed(nodes):
            if node.process.poll() is None:
                node.kill()


@pytest.fixture
def house(database):
    house = House(database())
    yield house
    house.store.close()


def trawl(node, host, *words, code=0):
    done = node.run(sys.executable, "-m", "collector", *words, "--json", environ=host.environ)
    assert done.returncode == code, (words, done.stdout, done.stderr)
    return json.loads(done.stdout)


def pid_of(host):
    return (host.home / "run" / "controller.lock").read_text()


def join(lan, alpha, beta):
    """Make the first node the head and the second one of its cluster."""
    first, second = lan
    led = trawl(first, alpha, "host", "join", "--address", first.address, "--cpus", "1")
    (beta.home / "run").mkdir()
    shutil.copy(led["token"], beta.home / "run" / "cluster.token")
    return trawl(second, beta, "host", "join", "--head", led["head"], "--address",
                 second.address, "--cpus", "1")  # fmt: skip


def test_controllers_outlive_the_head_and_a_dead_nodes_share_moves(lan, house, tmp_path):
    first, second = lan
    alpha, beta = (Host(tmp_path, name, house) for name in ("alpha", "beta"))
    house.want(4)
    joined = join(lan, alpha, beta)
    assert {n["host"]: n["starts"] for n in joined["nodes"]} == {"alpha": 1, "beta": 1}
    until(lambda: house.shares() == {"alpha": 2, "beta": 2}, 40, house.shares)

    run, before = house.submit(12, 3), (pid_of(alpha), pid_of(beta))
    until(lambda: house.at_work(run, "alpha") or house.at_work(run, "beta"), 30)
    assert first.kill_those("gcs_server", "raylet/raylet") == 2
    until(lambda: house.has_ended(run), 60, lambda: house.episodes(run))
    assert assert_each_once(house, run, [alpha.home, beta.home], 12, 3) == set()
    assert {house.host_of(e.machine) for e in house.episodes(run)} == {"alpha", "beta"}
    assert {e.attempts for e in house.episodes(run)} == {1}
    assert (pid_of(alpha), pid_of(beta)) == before

    refused = trawl(first, alpha, "host", "forget", "beta", code=4)["error"]
    assert "still speaks" in refused["message"]
    second.kill()
    until(lambda: silent_s(first, alpha, "beta") > HOST_SILENT_S, HOST_SILENT_S + 20)
    assert trawl(first, alpha, "host", "forget", "beta")["lost"] == 2
    until(lambda: house.shares() == {"alpha": 4}, 20, house.shares)


def silent_s(node, host, name):
    listed = trawl(node, host, "host", "list")["hosts"]
    return next(h["silent_s"] for h in listed if h["name"] == name)


def test_a_fleet_that_is_down_stays_down_on_all_nodes_and_a_node_that_leaves_is_gone(
    lan, house, tmp_path
):
    first, second = lan
    alpha, beta = (Host(tmp_path, name, house) for name in ("alpha", "beta"))
    house.want(2)
    join(lan, alpha, beta)
    until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 40, house.shares)

    assert trawl(second, beta, "fleet", "down") == {"machines": 0, "hosts": {}}
    until(lambda: not controllers(first) + controllers(second), 20)
    (tmp_path / "fleet.toml").write_text('[pools.fake]\nkind = "fake"\ncount = 2\n')
    trawl(first, alpha, "fleet", "up", "--file", str(tmp_path / "fleet.toml"))
    until(lambda: house.shares() == {"alpha": 1, "beta": 1}, 40, house.shares)

    assert [starts(host) for host in (alpha, beta)] == [2, 2], "none while the fleet was down"

    left = trawl(second, beta, "host", "leave")
    assert (left["machines"], left["node_processes"] > 2) == (1, True)
    until(lambda: processes(second) == ["sleep infinity"], 20, lambda: processes(second))
    assert trawl(second, beta, "host", "leave")["node_processes"] == 0
    until(lambda: house.shares() == {"alpha": 2}, 40, house.shares)
    assert [h["name"] for h in trawl(first, alpha, "host", "list")["hosts"]] == ["alpha"]
    trawl(first, alpha, "fleet", "down")


def controllers(node):
    return [words for words in processes(node) if "collector.control" in words]


def starts(host):
    return (host.home / "run" / "controller.log").read_text().count("controller.ready")


def processes(node):
    """What runs in a node's namespace, other than what asks; nobody there buries the dead."""
    listed = node.run("ps", "-e", "-o", "stat=,args=").stdout.splitlines()
    lines = [line.split(maxsplit=1) for line in listed if not line.startswith("Z")]
    return [words for _, words in lines if not words.startswith("ps ")]
