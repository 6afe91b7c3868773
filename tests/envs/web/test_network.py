"""A browser with a network reaches the hosts of its pool, and no other host in any other way.

Two namespaces are joined by a wire; beyond it stands one server for every address. All packets of
the browser's side are looked at, so that what is not asserted here cannot have been sent.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from envs.web import chromium, origins
from tests.collector.fleet.lan import Node, wire

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
AS_NOBODY_SPECIAL = ("unshare", "--user", "--map-user=1001", "--map-group=1001")
NAMES = """\
127.0.0.1 localhost
93.184.216.34 allowed.example www.allowed.example
10.9.0.2 inward.allowed.example
93.184.216.35 forbidden.example
"""


def until_there(path: Path) -> None:
    end = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < end, f"{path} does not come"
        time.sleep(0.02)


def ran(node: Any, *command: str) -> str:
    done = node.run(*command)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


class Ends:
    """The two namespaces, and what was started in them."""

    def __init__(self) -> None:
        self.near: Any = Node("93.184.216.1")
        self._started: list[subprocess.Popen[bytes]] = []
        self.far: Any = Node("93.184.216.34", self.near)
        wire(self.near, self.far)
        ran(self.near, "ip", "address", "add", "10.9.0.1/24", "dev", "wire")
        for address in ("10.9.0.2/24", "93.184.216.35/24"):
            ran(self.far, "ip", "address", "add", address, "dev", "wire")
        ran(self.near, "ip", "route", "add", "default", "via", self.far.address)

    def start(self, node: Any, program: str, log: Path) -> None:
        command = [*node.inside(), sys.executable, str(HERE / program), str(log)]
        self._started.append(subprocess.Popen(command))

    def close(self) -> None:
        self.far.kill()
        self.near.kill()
        for process in self._started:
            process.wait(10)


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    try:
        yield made
    finally:
        made.close()


def test_a_browser_with_a_network_reaches_its_hosts_and_sends_nothing_else(
    ends: Ends, tmp_path: Path
) -> None:
    near, far = ends.near, ends.far
    heard, sent, hosts, resolver = (tmp_path / n for n in ("heard", "sent", "hosts", "resolv"))
    hosts.write_text(NAMES)
    resolver.write_text("nameserver 93.184.216.34\n")
    ran(near, "mount", "--bind", str(hosts), "/etc/hosts")
    ran(near, "mount", "--bind", str(resolver), "/etc/resolv.conf")
    ends.start(far, "far.py", heard)
    ends.start(near, "sniffer.py", sent)
    until_there(sent)
    said = ran(near, *AS_NOBODY_SPECIAL, sys.executable, "-m", "tests.envs.web.near")
    told = json.loads(said)
    assert told["first"] == ["Reached"]
    assert told["second"] == ["Other"]
    assert told["forbidden"] == "rejected"
    assert told["more"] == "applied"
    assert told["candidates"] == []
    asked = heard.read_text().splitlines()
    assert {line.split()[0] for line in asked} == {"allowed.example", "www.allowed.example"}
    assert {"allowed.example /socket", "allowed.example /seen?own"} <= set(asked)
    packets = sent.read_text().splitlines()
    beyond = [line for line in packets if line.split()[1] not in {"127.0.0.1", "::1"}]
    assert sorted(beyond) == ["tcp 93.184.216.34 80", "udp 93.184.216.34 9"]
    assert [line for line in packets if line.startswith("udp 127")] == []
    health = told["health"]
    assert health["egress_served"] >= 3
    for reason in ("host", "port", "address"):
        assert health[f"egress_refused_{reason}"] >= 1, health


def test_without_a_network_no_proxy_is_named() -> None:
    flags = chromium.arguments(Path("/p"), origins.hosts([], 4000), "en-US")
    assert "--no-proxy-server" in flags
    assert not any("proxy-server=" in flag for flag in flags)


def test_with_a_network_all_but_the_wall_goes_to_the_proxy() -> None:
    flags = chromium.arguments(Path("/p"), origins.hosts([], 4000), "en-US", 5000)
    assert "--no-proxy-server" not in flags
    assert "--proxy-server=http://egress.invalid:3128" in flags
    assert "--proxy-bypass-list=<-loopback>;*.test:80" in flags
    assert flags[-1] == (
        "--host-resolver-rules=MAP *.test:80 127.0.0.1:4000 , "
        "MAP egress.invalid:3128 127.0.0.1:5000 , MAP * ~NOTFOUND"
    )
    assert "--disable-quic" in flags
    assert "--force-webrtc-ip-handling-policy=disable_non_proxied_udp" in flags
