"""The controller's socket: this user only, one line each way, errors that survive the trip."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager

import pytest

from collector.fleet import service
from infra.errors import NotFound, Unavailable, UsageError


@contextmanager
def serving(path, operations):
    stop = threading.Event()
    thread = threading.Thread(target=service.serve, args=(path, operations, stop))
    thread.start()
    while not listening(path):
        stop.wait(0.01)
    try:
        yield path
    finally:
        stop.set()
        thread.join(5)


@pytest.fixture
def served(tmp_path):
    def fail(request):
        raise NotFound.among("machine", "a", ["b"])

    operations = {"echo": lambda request: {"said": request["word"]}, "fail": fail}
    with serving(tmp_path / "run" / "c.sock", operations) as path:
        yield path


def listening(path):
    with socket.socket(socket.AF_UNIX) as peer:
        return peer.connect_ex(str(path)) == 0


def raw(path, data):
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(5)
        peer.connect(str(path))
        peer.sendall(data)
        return peer.makefile("rb").readline()


def test_only_this_user_can_open_it(served):
    assert served.stat().st_mode & 0o777 == 0o600
    assert served.parent.stat().st_mode & 0o777 == 0o700


def test_an_answer_comes_back(served):
    assert service.ask(served, "echo", word="你好")["said"] == "你好"


def test_an_error_keeps_its_kind_and_hint(served):
    with pytest.raises(NotFound) as caught:
        service.ask(served, "fail")
    assert "b" in caught.value.hint


def test_an_unknown_operation_and_no_json_are_usage_errors(served):
    with pytest.raises(UsageError):
        service.ask(served, "format-disk")
    assert b'"usage"' in raw(served, b"\xff\xfe no json\n")
    assert b'"usage"' in raw(served, b"[" * 60_000 + b"\n")


def test_no_controller_says_how_to_start_one(tmp_path):
    with pytest.raises(Unavailable, match="fleet up"):
        service.ask(tmp_path / "none.sock", "ping")


def test_a_descriptor_is_handed_over_and_kept_by_nobody_else(tmp_path):
    mine, theirs = socket.socketpair()
    operations = {
        "hand": lambda request: service.Handed(theirs.detach(), {"said": "x" * 100_000}),
        "keep": lambda request: {},
        "fail": lambda request: (_ for _ in ()).throw(NotFound("gone")),
    }
    with serving(tmp_path / "run" / "c.sock", operations) as path, mine:
        with socket.socket(fileno=service.ask_for_descriptor(path, "hand")) as got:
            assert not got.get_inheritable()
            got.sendall(b"through it")
            assert mine.recv(64) == b"through it"
        mine.settimeout(5)
        assert mine.recv(1) == b"", "whoever handed it over has closed it"
        with pytest.raises(Unavailable, match="handed nothing"):
            service.ask_for_descriptor(path, "keep")
        with pytest.raises(NotFound, match="gone"):
            service.ask_for_descriptor(path, "fail")
