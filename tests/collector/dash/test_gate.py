"""Whatever is sent is answered in our words, within bounds of size, number and time."""

from __future__ import annotations

import queue
import socket
import threading
import time

import pytest

from collector.dash import server
from collector.dash.access import gate
from collector.dash.access.gate import ADDRESS_BYTES, HEADERS
from tests.collector.dash.serving import OURS

HEAD = "POST /login HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ntoken="
DEEP = "a = " + "[" * 5000


def port_of(served):
    return int(served.url.rpartition(":")[2])


@pytest.mark.parametrize(
    "origin", ["http://[", "http://[::1", "http://127.0.0.1:x", "\x7f", "://", "[]"]
)
def test_an_origin_that_is_no_address_is_another_site(served, origin):
    with served.client() as peer:
        del peer.headers["Sec-Fetch-Site"]
        refused = peer.post("/hosts/here/cordon", headers={"Origin": origin})
    assert refused.status_code == 403
    assert refused.json()["error"]["kind"] == "denied"


def test_what_nests_too_deep_is_refused_with_what_to_do(served):
    with served.client() as peer:
        refused = peer.post("/api/v1/fleet/plan", json={"toml": DEEP})
    assert (refused.status_code, refused.json()["error"]["hint"]) == (400, "write it flatter")


def test_what_breaks_in_the_api_is_answered_by_a_document(served, monkeypatch):
    monkeypatch.setattr("collector.views.fleet.status", lambda *a, **k: 1 / 0)
    with served.client() as peer:
        broken = [peer.get("/api/v1/fleet") for _ in range(2)]
    for answer in broken:
        assert answer.status_code == 500
        assert answer.json()["error"]["hint"] == "the log says what"
        assert "content-security-policy" in answer.headers


def test_a_body_longer_than_any_is_said_to_be_however_it_comes(served):
    kind = {"Content-Type": "application/json"}
    with served.client() as peer:
        drip = (b"[" * (1 << 19) for _ in range(3))
        assert peer.post("/api/v1/fleet/plan", content=drip, headers=kind).status_code == 413


def test_an_address_longer_than_any_is_refused(served):
    with served.client(None) as peer:
        refused = peer.get(f"/machines?q={'a' * ADDRESS_BYTES}")
    assert refused.status_code == 414
    assert len(refused.content) < 1000


def test_whoever_drips_a_body_is_hung_up_on(served, monkeypatch):
    monkeypatch.setattr(gate, "BODY_S", 0.3)
    with socket.create_connection(("127.0.0.1", port_of(served)), timeout=10) as peer:
        peer.sendall((HEAD + FORM).encode())
        heard = b""
        while part := peer.recv(4096):
            heard += part
    assert heard.startswith(b"HTTP/1.1 408")


def is_hung_up_on(peer, byte, within_s=10.0):
    """Whether a peer that says a byte now and then is cut off."""
    peer.settimeout(0.1)
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        try:
            peer.sendall(byte)
            time.sleep(0.05)
        except OSError:
            return True
    return False


def test_whoever_drips_the_head_of_a_second_request_is_hung_up_on(served, monkeypatch):
    monkeypatch.setattr(server, "ASK_S", 0.5)
    with socket.create_connection(("127.0.0.1", port_of(served)), timeout=10) as peer:
        peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert peer.recv(100).startswith(b"HTTP/1.1 200")
        peer.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        assert is_hung_up_on(peer, b"x")


def test_whoever_takes_nothing_of_an_answer_is_hung_up_on_whatever_they_say_meanwhile(
    desk, served, seeded, monkeypatch
):
    seeded(machines=200, events=5000)
    monkeypatch.setattr(server, "STALLED_S", 0.5)
    name, value = served.session()
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.connect(("127.0.0.1", port_of(served)))
        peer.sendall(
            f"GET /events?most=5000 HTTP/1.1\r\nHost: localhost\r\nCookie: {name}={value}\r\n\r\n".encode()
        )
        assert is_hung_up_on(peer, b"G")


def test_a_request_that_comes_in_time_on_a_kept_connection_is_answered(served, monkeypatch):
    monkeypatch.setattr(server, "ASK_S", 0.3)
    with served.client() as peer:
        for _ in range(3):
            assert peer.get("/healthz").status_code == 200
            time.sleep(0.4)


def test_changes_that_wait_leave_room_for_who_only_looks(desk, served, monkeypatch):
    monkeypatch.setattr(gate, "MOST_CHANGES", 2)
    answers = queue.SimpleQueue()
    with served.client() as peer:
        asking = [
            threading.Thread(target=lambda: answers.put(peer.post("/hosts/nowhere/cordon")))
            for _ in range(3)
        ]
        with desk.store.write():
            for thread in asking:
                thread.start()
            refused = answers.get(timeout=20)
            assert peer.get("/hosts").status_code == 200
        for thread in asking:
            thread.join()
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert [answers.get().status_code for _ in range(2)] == [404, 404]


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/readyz", "/machines", "/api/v1/machines", "/metrics"]
)
def test_the_head_of_an_answer_can_be_asked_for_alone(served, path):
    with served.client() as peer:
        head, whole = peer.head(path), peer.get(path)
        assert head.status_code == whole.status_code == 200
        assert head.content == b""
        assert head.headers["content-type"] == whole.headers["content-type"]
        assert {name: head.headers.get(name) for name in HEADERS} == HEADERS
        assert peer.head("/stream").status_code == 405


def test_a_page_that_is_not_ours_learns_nothing_by_any_method(served):
    with served.client() as peer:
        for method in ("HEAD", "GET", "OPTIONS", "TRACE", "PUT", "DELETE", "ODD"):
            answer = peer.request(
                method, "/machines", headers=OURS | {"Sec-Fetch-Site": "cross-site"}
            )
            assert answer.status_code == 403
