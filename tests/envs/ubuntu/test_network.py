"""Real desktops with a network: a fork reaches its pool's hosts by the port, and nothing else.

Where a name leads, and which server stands behind a public address, the test says; the rest is as
in a fleet: the guest's program, the port, the proxy and its judgement.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from collector.collect import is_isolated
from envs.ubuntu import UbuntuEnv, egress, wake
from envs.ubuntu.branches import States
from infra.clock import Deadline, SystemClock
from infra.egress import Proxy
from infra.errors import NotFound
from infra.hypervisor import Host, Template
from infra.ids import RandomIds
from tests.faults.typed import run
from tests.infra.egress.town import PUBLIC, Town, town_in_a_thread

pytestmark = pytest.mark.machine
ALLOWED = ("allowed.example", "*.allowed.example")
CLOCK = SystemClock()
WITHIN_S = 30.0
Networked = Callable[..., UbuntuEnv]


@pytest.fixture
def there() -> Iterator[Town]:
    with town_in_a_thread() as made:
        for name in ("allowed.example", "www.allowed.example"):
            made.names[name] = [[PUBLIC]]
        made.names["inward.allowed.example"] = [["10.9.0.2"]]
        made.names["link.allowed.example"] = [["169.254.169.254"]]
        made.names["host.allowed.example"] = [["127.0.0.1"]]
        yield made


@pytest.fixture
def networked(host: Host, template: Template, there: Town) -> Iterator[Networked]:
    """Wakes a fork whose mark names hosts; its memory is its own, so that it can be frozen."""
    ids = RandomIds()
    proxy = partial(Proxy, resolve=there.resolve, dial=there.dial)
    with ExitStack() as held:

        def fork(network: Sequence[str] = ALLOWED, source: Template = template) -> UbuntuEnv:
            uuid = ids.uuid()
            mark = egress.mark(network)
            domain = host.fork(source, f"test-{uuid[:8]}", uuid, mark, freezable=True)
            held.callback(domain.destroy)
            env = wake(domain, 1, proxy=proxy)
            held.callback(env.close)
            return env

        yield fork


def asked(env: UbuntuEnv, pages: Sequence[str], tunnels: Sequence[str], hold: str) -> Any:
    """What the guest's program says of these."""
    wanted = {"pages": list(pages), "tunnels": list(tunnels), "hold": hold}
    env.put_file("asked.json", json.dumps(wanted).encode())
    return run(env, "reach")


def read(env: UbuntuEnv, name: str) -> Any:
    """What a program of the guest leaves in a file, once it is there."""
    deadline = Deadline.after(CLOCK, WITHIN_S)
    while True:
        try:
            return json.loads(env.get_file(name))
        except NotFound:
            assert not deadline.is_past(), f"{name} does not come"
            CLOCK.sleep(0.2)


def test_a_fork_with_a_network_reaches_its_hosts_and_a_branch_of_it_begins_anew(
    networked: Networked, there: Town, host: Host
) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        own = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        env = networked()
        refused = {
            "http://forbidden.example/": "403 refused: host",
            "http://192.168.0.1/": "403 refused: host",
            "http://169.254.169.254/latest/meta-data/": "403 refused: host",
            "http://10.0.2.2/": "403 refused: host",
            "http://inward.allowed.example/": "403 refused: address",
            "http://link.allowed.example/": "403 refused: address",
            "http://host.allowed.example/": "403 refused: address",
            "http://allowed.example:22/": "403 refused: port",
            "http://allowed.example/inward": "403 refused: host",
        }
        pages = ["http://allowed.example/", "http://www.allowed.example/page", *refused, own]
        tunnels = ["allowed.example:443", "127.0.0.1:22", "forbidden.example:443"]
        found = asked(env, pages, tunnels, hold="www.allowed.example:443")
        assert found["pages"].pop(own) == "<urlopen error [Errno 111] Connection refused>"
        reached = {"http://allowed.example/", "http://www.allowed.example/page"}
        assert found["pages"] == {**refused, **dict.fromkeys(reached, "Reached")}
        assert found["tunnels"] == {
            "allowed.example:443": "echoed",
            "127.0.0.1:22": "HTTP/1.1 403 ",
            "forbidden.example:443": "HTTP/1.1 403 ",
        }
        assert found["proxy"] == "http://127.0.0.1:3128"
        assert found["desktop"] == "'manual'"
        assert found["interfaces"] == ["lo"]
        assert {address for address, _ in there.dialled} == {PUBLIC}
        listener.settimeout(0.0)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert read(env, "holding.json").startswith("HTTP/1.1 200")
    health = env.health()
    assert health["egress_served"] == 4
    assert health["egress_refused_host"] == 7
    assert health["egress_refused_address"] == 3
    assert health["egress_refused_port"] == 1
    assert env.info.extra["network"] == list(ALLOWED)
    assert not is_isolated("ubuntu", env), "what is pressed there reaches somebody"
    branched(env, networked, host)


def branched(env: UbuntuEnv, networked: Networked, host: Host) -> None:
    """A branch: the tunnel that its parent holds is over there, and it has a way out of its own."""
    states = States(host, CLOCK, RandomIds())
    try:
        state = states.named(states.freeze(env._domain, env.mirror))
        branch = networked(source=state)
        held = read(branch, "held.json")
        assert held.pop("end") in {"closed", "ECONNRESET"}
        assert held == {"page": "Reached", "tunnel": "echoed"}
        assert branch.health()["egress_served"] >= 1
        with pytest.raises(NotFound):
            env.get_file("held.json")
    finally:
        states.close()
