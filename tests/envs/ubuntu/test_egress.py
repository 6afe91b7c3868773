"""The host's end of a desktop's way out: the proxy behind a port, the guest's program before it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from envs.guest.streams import Carrier
from envs.guest.wire import WireError, encode
from envs.ubuntu.egress import Egress, hosts, mark
from infra.egress import Limits, Policy, Proxy
from tests.infra.egress.town import PUBLIC, Town, town_in_a_thread

NONCE = "0123456789abcdef"
WITHIN_S = 20.0


class Way:
    """A way out from end to end, the port between a pair of sockets; `knock` is a program's."""

    def __init__(self, there: Town, limits: Limits | None = None) -> None:
        policy = Policy.of(["a.org", "inward.org", "*.b.org"])
        proxy = Proxy(policy, "m", limits=limits, resolve=there.resolve, dial=there.dial)
        self.guest, port = socket.socketpair()
        self.egress = Egress(port, NONCE, proxy, "m")
        self._carrier = Carrier(self.guest.fileno(), NONCE)
        self._knocking = socket.create_server(("127.0.0.1", 0), backlog=200)
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def _carry(self) -> None:
        with contextlib.suppress(ConnectionError, WireError):
            while True:
                if self._carrier.turn([self._knocking.fileno()]):
                    self._carrier.open(self._knocking.accept()[0])
        self._carrier.close()

    def knock(self) -> socket.socket:
        return socket.create_connection(self._knocking.getsockname(), WITHIN_S)

    def get(self, url: str) -> bytes:
        with self.knock() as asking:
            asking.sendall(f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            return all_of(asking)

    def close(self) -> None:
        self.egress.close()
        self._thread.join(WITHIN_S)
        assert not self._thread.is_alive()
        self.guest.close()
        self._knocking.close()


def all_of(sock: socket.socket) -> bytes:
    parts = []
    while data := sock.recv(1 << 16):
        parts.append(data)
    return b"".join(parts)


@pytest.fixture
def there() -> Iterator[Town]:
    with town_in_a_thread() as made:
        made.names["a.org"] = [[PUBLIC]]
        made.names["inward.org"] = [["169.254.169.254"]]
        yield made


@pytest.fixture
def way(there: Town) -> Iterator[Way]:
    made = Way(there)
    yield made
    made.close()


def test_a_host_that_is_named_is_reached_and_no_other(way: Way, there: Town) -> None:
    assert way.get("http://a.org/").endswith(b"Reached")
    for url in ("http://c.org/", "http://10.0.0.1/", "http://127.0.0.1:22/", "http://b.org/"):
        assert way.get(url).endswith(b"refused: host\n"), url
    assert way.get("http://inward.org/").endswith(b"refused: address\n")
    assert way.get("http://a.org:8080/").endswith(b"refused: port\n")
    assert there.dialled == [(PUBLIC, 80)]
    assert way.egress.counts == {
        "served": 1, "refused_host": 4, "refused_address": 1, "refused_port": 1,
    }  # fmt: skip


def test_a_tunnel_carries_megabytes_while_another_is_read_by_nobody(way: Way) -> None:
    stalled, lively = way.knock(), way.knock()
    with stalled, lively:
        for one in (stalled, lively):
            one.sendall(b"CONNECT a.org:443 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert one.recv(1000).startswith(b"HTTP/1.1 200")
        stalled.settimeout(0.5)
        with pytest.raises(TimeoutError):
            stalled.sendall(b"x" * 50_000_000)
        body = bytes(range(256)) * 8000

        def send() -> None:
            lively.sendall(body)
            lively.shutdown(socket.SHUT_WR)

        threading.Thread(target=send, daemon=True).start()
        assert all_of(lively) == body


def test_what_is_said_before_the_request_was_taken_arrives(way: Way) -> None:
    head = b"POST http://c.org/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"
    with way.knock() as asking:

        def pour() -> None:
            with contextlib.suppress(OSError):
                asking.sendall(head + b"x" * 9_000_000)

        pouring = threading.Thread(target=pour)
        pouring.start()
        said = b""
        while not said.endswith(b"refused: host\n"):
            more = asking.recv(1000)
            assert more, said
            said += more
        pouring.join(WITHIN_S)
        assert not pouring.is_alive()


def test_more_connections_than_are_served_wait_for_their_turn(there: Town) -> None:
    way = Way(there, Limits(connections=2))
    try:
        first, second = way.knock(), way.knock()
        for one in (first, second):
            one.sendall(b"CONNECT a.org:443 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert one.recv(1000).startswith(b"HTTP/1.1 200")
        third = way.knock()
        third.sendall(b"GET http://a.org/ HTTP/1.1\r\nHost: x\r\n\r\n")
        third.settimeout(0.3)
        with pytest.raises(TimeoutError):
            third.recv(1)
        first.close()
        third.settimeout(WITHIN_S)
        assert all_of(third).endswith(b"Reached")
        for one in (second, third):
            one.close()
    finally:
        way.close()


def test_beyond_those_that_wait_a_connection_is_closed_and_counted(there: Town) -> None:
    way = Way(there, Limits(connections=1))
    try:
        knocking = [way.knock() for _ in range(3)]
        assert knocking[2].recv(1) == b""
        assert way.egress.counts["refused_full"] == 1
        for one in knocking:
            one.close()
    finally:
        way.close()


def test_a_guest_that_breaks_the_rules_has_no_way_out_any_more(way: Way) -> None:
    assert way.get("http://a.org/").endswith(b"Reached")
    with way.knock() as held:
        held.sendall(b"CONNECT a.org:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert held.recv(1000).startswith(b"HTTP/1.1 200")
        way.guest.send(encode({"kind": "data", "stream": 999, "data": b"x"}))
        with contextlib.suppress(ConnectionResetError):
            assert held.recv(1) == b""
    assert way.egress.is_broken


def test_closing_ends_what_is_carried(way: Way) -> None:
    with way.knock() as held:
        held.sendall(b"CONNECT a.org:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert held.recv(1000).startswith(b"HTTP/1.1 200")
        way.egress.close()
        with contextlib.suppress(ConnectionResetError):
            assert held.recv(1) == b""
    assert not way.egress.is_broken
    way.egress.close()


def test_a_mark_says_whom_a_machine_may_reach_and_without_it_nobody() -> None:
    assert hosts(mark(["a.org", "*.b.org"])) == ("a.org", "*.b.org")
    assert mark([]) == {}
    assert hosts({}) == ()
