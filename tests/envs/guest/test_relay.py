"""The relay: a hello opens the bus, bytes go both ways, and either end's end is the session's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

NONCE = b"0123456789abcdef"
HELLO = b"\nTRAWL-HELLO %s\n" % NONCE


class Bus:
    """A unix socket that stands for the accessibility bus."""

    def __init__(self, path: Path) -> None:
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen(8)
        self.listener.settimeout(5)

        self.accepted: list[socket.socket] = []

    def accept(self) -> socket.socket:
        connection, _ = self.listener.accept()
        connection.settimeout(5)
        self.accepted.append(connection)
        return connection

    def close(self) -> None:
        for one in (self.listener, *self.accepted):
            one.close()


SERVE = """
import sys
from envs.guest.port import HostGone, Port
from envs.guest.relay import Relay
relay = Relay(Port(int(sys.argv[1])))
relay._path = sys.argv[2]
while True:
    try:
        relay.serve_once()
    except HostGone:
        break
    except OSError:
        continue
"""


class Served:
    """A relay as a process of its own, the host's end of its port, and its bus."""

    def __init__(self, path: Path) -> None:
        self.bus = Bus(path)
        self.host, theirs = socket.socketpair()
        self.host.settimeout(10)
        fd = theirs.fileno()
        command = [sys.executable, "-c", SERVE, str(fd), str(path)]
        self.process = subprocess.Popen(command, pass_fds=[fd])
        theirs.close()

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self.host.recv(size - len(data))
        return data

    def greet(self) -> None:
        expected = b"\nTRAWL-BUS %s %d\n" % (NONCE, os.getuid())
        self.host.sendall(HELLO)
        assert self.read(len(expected)) == expected


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    it = Served(tmp_path / "bus")
    yield it
    it.host.close()
    it.bus.close()
    assert it.process.wait(10) == 0  # it ends with its port


def test_a_hello_is_answered_with_the_nonce_and_bytes_go_both_ways(served: Served) -> None:
    served.greet()
    served.host.sendall(b"\0AUTH EXTERNAL 30\r\n")
    bus = served.bus.accept()
    assert bus.recv(100) == b"\0AUTH EXTERNAL 30\r\n"
    bus.sendall(b"OK " + b"x" * 100_000)
    assert served.read(100_003)[:3] == b"OK "
    bus.close()


def test_a_hello_is_found_in_what_an_earlier_host_left_behind(served: Served) -> None:
    served.host.sendall(b"l\1\0\1 rubbish \xff" * 20)
    served.greet()


def test_a_second_hello_before_the_first_byte_opens_a_fresh_connection(served: Served) -> None:
    served.greet()
    served.greet()
    served.host.sendall(b"\0now")
    first, second = served.bus.accept(), served.bus.accept()
    assert first.recv(10) == b""
    assert second.recv(10) == b"\0now"


def test_when_the_bus_ends_the_next_hello_is_served(served: Served) -> None:
    served.greet()
    served.host.sendall(b"\0one")
    served.bus.accept().close()
    served.greet()
    served.host.sendall(b"\0two")
    served.bus.accept()


def test_a_bus_that_is_not_there_is_said(served: Served) -> None:
    served.bus.listener.close()
    served.host.sendall(HELLO)
    assert served.read(31).startswith(b"\nTRAWL-ERROR " + NONCE)
