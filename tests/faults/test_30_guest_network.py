"""A guest that looks for a way out: no host, no neighbour, no internet, nothing but its ports.

It has a port for a way out, as every fork of its template has; nobody holds the other end.
"""

from __future__ import annotations

import json
import select
import socket
import subprocess
from collections.abc import Iterator

import pytest

from tests.faults.typed import run
from tests.machines import Wake

NOWHERE = {"ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT", "ENODEV", "ECONNREFUSED"}
ELSEWHERE = [
    ("10.0.2.2", 80),  # the host, in QEMU's user networking
    ("10.0.2.3", 53),  # its name server
    ("192.168.0.1", 80),
    ("172.17.0.1", 22),
    ("169.254.169.254", 80),  # a cloud's metadata
    ("1.1.1.1", 53),
    ("fd00::1", 80),
    ("fe80::1%lo", 80),
    ("2606:4700:4700::1111", 443),
]

EXPECTED = {
    # A kernel without a way to its host takes the host's number for itself, where nobody listens.
    "host": {"ECONNRESET"},
    # An address of a link that there is not.
    "fe80::1%lo": {"EINVAL"},
}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody on this host who would answer at every address of it."""
    with socket.create_server(("0.0.0.0", 0)) as server:
        yield server


def own_addresses() -> list[str]:
    """Every address of this host but those of its loopback."""
    said = subprocess.run(
        ["hostname", "--all-ip-addresses"], capture_output=True, text=True, timeout=10, check=True
    )
    return said.stdout.split()


@pytest.mark.machine
def test_a_guest_finds_no_network_and_reaches_nobody(
    machine: Wake, listener: socket.socket
) -> None:
    port = listener.getsockname()[1]
    doors = [*ELSEWHERE, *((address, port) for address in own_addresses())]
    env = machine()
    env.put_file("doors.json", json.dumps(doors).encode())
    found = run(env, "network")
    assert found["interfaces"] == ["lo"]
    assert found["routes"] == []
    assert found["resolved"] is None
    assert len(found["doors"]) == 2 * len(doors) + 1
    refused = {door: NOWHERE | EXPECTED.get(door.split()[1], set()) for door in found["doors"]}
    assert {d: said for d, said in found["doors"].items() if said not in refused[d]} == {}
    assert found["ports"] == ["org.trawl.agent", "org.trawl.atspi", "org.trawl.egress"]
    assert found["egress"] is False
    assert found["proxy"] == "ECONNREFUSED"
    assert found["proxies"] == []
    assert select.select([listener], [], [], 0) == ([], [], []), "somebody reached this host"
