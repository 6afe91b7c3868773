"""The monitor's client against a monitor that answers, refuses, drips, floods and closes."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.clock import Deadline, SystemClock
from infra.errors import ActionRejected, DeadlineExceeded, InfraLost
from infra.hypervisor.qmp import REPLY_BYTES, Monitor, connect

Script = Callable[[socket.socket], None]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Script], Monitor]]:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "qmp"))
    listener.listen(4)
    opened: list[Monitor] = []

    def start(script: Script) -> Monitor:
        def accept() -> None:
            while True:
                try:
                    stream, _ = listener.accept()
                except OSError:
                    return
                with stream:
                    try:
                        script(stream)
                    except OSError:
                        continue

        threading.Thread(target=accept, daemon=True).start()
        opened.append(Monitor(tmp_path / "qmp", SystemClock()))
        return opened[-1]

    yield start
    for monitor in opened:
        monitor.close()
    listener.close()


def greeted(then: Callable[[socket.socket, dict[str, object]], None]) -> Script:
    """A monitor that greets, accepts the capabilities, and does `then` with each command."""

    def script(stream: socket.socket) -> None:
        lines = stream.makefile("rb")
        stream.sendall(b'{"QMP": {}}\n')
        lines.readline()
        stream.sendall(b'{"return": {}}\n')
        for line in lines:
            then(stream, json.loads(line))

    return script


def test_a_command_is_answered_past_events(serve: Callable[[Script], Monitor]) -> None:
    def then(stream: socket.socket, command: dict[str, object]) -> None:
        event = b'{"event": "STOP"}\n'
        stream.sendall(event + json.dumps({"return": command["arguments"]}).encode() + b"\n")

    monitor = serve(greeted(then))
    assert monitor.execute("echo", {"x": 1}) == {"x": 1}
    assert monitor.execute("echo", {"x": 2}) == {"x": 2}


def test_a_refusal_is_told_and_the_monitor_goes_on(serve: Callable[[Script], Monitor]) -> None:
    def then(stream: socket.socket, _command: dict[str, object]) -> None:
        stream.sendall(b'{"error": {"class": "GenericError", "desc": "not now"}}\n')

    monitor = serve(greeted(then))
    for _ in range(2):
        with pytest.raises(ActionRejected, match="not now"):
            monitor.execute("cont")


def test_a_reply_that_drips_ends_at_the_total_deadline(serve: Callable[[Script], Monitor]) -> None:
    def then(stream: socket.socket, _command: dict[str, object]) -> None:
        while True:
            stream.sendall(b" ")
            time.sleep(0.05)

    start = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        serve(greeted(then)).execute("query-status", within_s=0.4)
    assert time.monotonic() - start < 2.0


def test_a_reply_without_end_is_bounded(serve: Callable[[Script], Monitor]) -> None:
    def then(stream: socket.socket, _command: dict[str, object]) -> None:
        stream.sendall(b"x" * (2 * REPLY_BYTES))

    with pytest.raises(InfraLost, match="no end"):
        serve(greeted(then)).execute("query-status")


@pytest.mark.parametrize("line", [b"no json\n", b"[1]\n"])
def test_a_reply_that_is_no_message_loses_the_machine(
    serve: Callable[[Script], Monitor], line: bytes
) -> None:
    with pytest.raises(InfraLost):
        serve(greeted(lambda stream, _: stream.sendall(line))).execute("query-status")


def test_a_monitor_that_closed_is_opened_anew(serve: Callable[[Script], Monitor]) -> None:
    def then(stream: socket.socket, command: dict[str, object]) -> None:
        if command["execute"] == "quit":
            stream.shutdown(socket.SHUT_RDWR)
        stream.sendall(b'{"return": 1}\n')

    monitor = serve(greeted(then))
    with pytest.raises(InfraLost):
        monitor.execute("quit")
    assert monitor.execute("query-status") == 1


def test_nobody_at_the_socket_is_said_at_the_deadline(tmp_path: Path) -> None:
    with pytest.raises(InfraLost, match="nobody listens"):
        connect(tmp_path / "absent", Deadline.after(SystemClock(), 0.1))
