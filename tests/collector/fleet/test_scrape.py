"""The endpoint of this host: three pages, for loopback names alone."""

from __future__ import annotations

import http.client
import socket
import threading

import pytest

from collector.fleet import scrape
from infra.errors import Unavailable

SLOW_S = 20.0


class Page:
    """What the process under test would say, changed by a test as it goes."""

    ready = True
    broken = False

    def exposition(self):
        if self.broken:
            raise Unavailable("the database is at postgres://user:word@host/")
        return b"trawl_leases 0.0\n"


@pytest.fixture
def page():
    return Page()


@pytest.fixture
def port(page):
    stop = threading.Event()
    with scrape.Endpoint(0, page.exposition, lambda: page.ready) as server:
        server.timeout = 0.01  # how soon it sees that it should end
        thread = threading.Thread(target=server.answer_until, args=(stop,))
        thread.start()
        yield server.server_address[1]
        stop.set()
        thread.join()


def ask(port, path="/metrics", method="GET", **headers):
    peer = http.client.HTTPConnection("127.0.0.1", port, timeout=SLOW_S)
    try:
        peer.putrequest(method, path, skip_host="Host" in headers)
        for name, said in headers.items():
            for one in [said] if isinstance(said, str) else said:
                peer.putheader(name, one)
        peer.endheaders()
        answer = peer.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        peer.close()


def test_prometheus_gets_its_text(port):
    status, body, headers = ask(port)
    assert (status, body) == (200, b"trawl_leases 0.0\n")
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "Python" not in headers["Server"]


def test_a_head_has_no_body(port):
    status, body, headers = ask(port, method="HEAD")
    assert (status, body, headers["Content-Length"]) == (200, b"", "17")


def test_being_there_and_being_ready_are_two_things(port, page):
    page.ready = False
    assert ask(port, "/healthz")[0] == 200
    assert ask(port, "/readyz")[0] == 503
    page.ready = True
    assert ask(port, "/readyz")[0] == 200


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST:9100", "[::1]:9100", "127.0.0.1:80"]
)
def test_loopback_names_are_answered(port, host):
    assert ask(port, Host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    ["trawl.example", "127.0.0.1.example:80", "localhost.", "0.0.0.0", "[::1", "", "localhost:x",
     "user@localhost", ["localhost", "trawl.example"], []],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_any_other_name_is_refused(port, host, path):
    assert ask(port, path, Host=host)[0] == 421


@pytest.mark.parametrize(
    "path", ["/", "/metrics/", "/metrics?x=1", "/../metrics", "/metrics/../healthz"]
)
def test_nothing_else_is_there(port, path):
    assert ask(port, path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(port, method):
    assert ask(port, method=method)[0] == 501


def test_a_database_that_does_not_answer_is_said_without_its_address(port, page):
    page.broken = True
    assert ask(port)[:2] == (503, b"unavailable\n")
    assert ask(port, "/healthz")[0] == 200


def test_it_listens_on_loopback_alone(port):
    with socket.socket() as other:
        other.bind(("127.0.0.2", port))  # a wildcard listener would hold this too


def test_a_peer_that_hangs_up_or_says_nothing_holds_nobody_up(port):
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"GET /metr")
        assert ask(port)[0] == 200


def test_port_zero_is_off_and_a_taken_port_ends_without_an_error(port):
    scrape.serve(0, bytes, bool, threading.Event())
    scrape.serve(port, bytes, bool, threading.Event())


def test_it_ends_when_it_is_told():
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    stop = threading.Event()
    thread = threading.Thread(target=scrape.serve, args=(port, bytes, bool, stop))
    thread.start()
    stop.set()
    thread.join(SLOW_S)
    assert not thread.is_alive()
