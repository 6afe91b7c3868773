"""Many connections over one port: bytes arrive whole, a stall stays alone, rules are kept."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.guest.streams import CHUNK_BYTES, LAST, MOST, STALE, WINDOW_BYTES, Carrier, checked
from envs.guest.wire import Bounds, Decoder, WireError, encode

NONCE = "0123456789abcdef"
HELLO = encode({"kind": "hello", "nonce": NONCE})
WITHIN_S = 20.0


def frame(kind: Any, number: Any = 1, **fields: Any) -> bytes:
    return encode({"kind": kind, "stream": number, **fields})


class Driven:
    """A carrier in a thread of its own, which hangs up at its end, and how it ended."""

    def __init__(self, carrier: Carrier, port: socket.socket) -> None:
        self.carrier, self.port, self.ended = carrier, port, Exception
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            while True:
                self.carrier.turn()
        except (WireError, ConnectionError) as error:
            self.ended = type(error)
        finally:
            self.carrier.close()
            with contextlib.suppress(OSError):
                self.port.shutdown(socket.SHUT_RDWR)


class Host:
    """The host's end of a port whose other end says what a test wants."""

    def __init__(self) -> None:
        self.guest, self.port = socket.socketpair()
        self.guest.settimeout(WITHIN_S)
        self.streams: list[socket.socket] = []
        """The other end of each stream that arrived."""
        self.lacks_room = False
        self._decoder, self._heard = Decoder(), list[dict[str, Any]]()
        self.driven = Driven(Carrier(self.port.fileno(), NONCE, self._arrive), self.port)

    def _arrive(self) -> socket.socket | None:
        if self.lacks_room:
            return None
        ours, theirs = socket.socketpair()
        ours.settimeout(WITHIN_S)
        self.streams.append(ours)
        return theirs

    def says(self, *parts: bytes) -> bool:
        """Whether the host took all of it."""
        try:
            self.guest.sendall(b"".join(parts))
        except ConnectionError:
            return False
        return True

    def heard(self) -> dict[str, Any]:
        """The next frame from the host."""
        while not self._heard:
            self._heard += self._decoder.feed(self.guest.recv(1 << 16))
        return self._heard.pop(0)

    def end(self) -> type[Exception]:
        """How the carrier ended; it does."""
        self.driven.thread.join(WITHIN_S)
        assert not self.driven.thread.is_alive()
        return self.driven.ended

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.guest.shutdown(socket.SHUT_RDWR)
        self.end()
        for one in (self.guest, self.port, *self.streams):
            one.close()


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


class Both:
    """Two carriers on one port; the host's side echoes every stream."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair()
        self.stalled: list[socket.socket] = []
        self.stalls = False
        self.guest = Carrier(self.near.fileno(), NONCE)
        self.host = Driven(Carrier(self.far.fileno(), NONCE, self._arrive), self.far)
        self.open = [self._opened() for _ in range(4)]
        self.driven = Driven(self.guest, self.near)

    def _opened(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.settimeout(WITHIN_S)
        self.guest.open(theirs)
        return ours

    def _arrive(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        if not self.stalled:
            self.stalled.append(ours)  # the first one is never read
        else:
            threading.Thread(target=_echo, args=(ours,), daemon=True).start()
        return theirs

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.near.shutdown(socket.SHUT_RDWR)
        for one in (self.driven, self.host):
            one.thread.join(WITHIN_S)
            assert one.ended is ConnectionResetError
        for sock in (self.near, self.far, *self.open, *self.stalled):
            sock.close()


def _echo(sock: socket.socket) -> None:
    with sock, contextlib.suppress(OSError):
        while data := sock.recv(5000):
            sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)


def _all(sock: socket.socket) -> bytes:
    parts = []
    while data := sock.recv(1 << 16):
        parts.append(data)
    return b"".join(parts)


@pytest.fixture
def both() -> Iterator[Both]:
    made = Both()
    yield made
    made.close()


def test_megabytes_go_and_come_back_on_streams_side_by_side_while_another_stalls(
    both: Both,
) -> None:
    stalled, *lively = both.open
    stalled.settimeout(0.0)
    poured = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            poured += stalled.send(b"x" * 65536)
    bodies = [os.urandom(3_000_000 + n) for n in range(len(lively))]

    def send(sock: socket.socket, body: bytes) -> None:
        sock.sendall(body)
        sock.shutdown(socket.SHUT_WR)

    for sock, body in zip(lively, bodies, strict=True):
        threading.Thread(target=send, args=(sock, body), daemon=True).start()
    assert [_all(sock) for sock in lively] == bodies
    assert poured < 4_000_000, "somebody holds what nobody reads"


def test_what_an_earlier_program_left_in_the_port_is_passed_over(host: Host) -> None:
    rest = frame("data", data=b"of before" * 1000)[20:]
    strange = encode({"kind": "hello", "nonce": "f" * 16})
    host.says(rest, strange, frame("open", 9), b"TRW1", HELLO)
    host.says(frame("open", 1), frame("data", 1, data=b"now"))
    host.says(frame("end", 1))
    while not host.streams:
        host.driven.thread.join(0.01)
    assert len(host.streams) == 1
    assert _all(host.streams[0]) == b"now"


def test_a_host_reads_no_more_of_a_socket_than_was_granted(host: Host) -> None:
    host.says(HELLO, frame("open"), frame("data", data=b"?"))
    while not host.streams:
        host.driven.thread.join(0.01)
    stream = host.streams[0]
    assert stream.recv(1) == b"?"
    threading.Thread(target=stream.sendall, args=(b"y" * 200_000,), daemon=True).start()
    got = 0
    while got < WINDOW_BYTES:
        got += len(host.heard()["data"])
    assert got == WINDOW_BYTES
    host.guest.settimeout(0.3)
    with pytest.raises(TimeoutError):
        host.heard()
    host.guest.settimeout(WITHIN_S)
    host.says(frame("credit", size=10))
    assert len(host.heard()["data"]) == 10


def test_a_stream_for_which_there_is_no_room_is_closed_and_the_others_stay(host: Host) -> None:
    host.says(HELLO, *(frame("open", n) for n in range(1, MOST + 3)))
    assert [host.heard() for _ in range(2)] == [
        {"kind": "close", "stream": n} for n in (MOST + 1, MOST + 2)
    ]
    host.lacks_room = True
    host.says(frame("close", 1), frame("open", MOST + 3))
    assert host.heard() == {"kind": "close", "stream": MOST + 3}
    host.says(frame("data", 2, data=b"still here"))
    assert host.streams[1].recv(20) == b"still here"


def test_a_socket_that_breaks_closes_its_stream_and_no_other(host: Host) -> None:
    host.says(HELLO, frame("open", 1), frame("open", 2), frame("data", 2, data=b"."))
    while len(host.streams) < 2:
        host.driven.thread.join(0.01)
    host.streams[0].close()
    assert host.heard() == {"kind": "end", "stream": 1}
    host.says(frame("data", 1, data=b"too late"))
    assert host.heard() == {"kind": "close", "stream": 1}
    host.says(frame("data", 1, data=b"was on its way"), frame("credit", 1, size=5))
    host.says(frame("data", 2, data=b"."))
    assert host.streams[1].recv(1) == b"."


BREAKS = {
    "a stream that was not opened": [frame("data", 3, data=b"x")],
    "a number that went by": [frame("open", 5), frame("open", 4)],
    "the same number again": [frame("open", 1), frame("open", 1)],
    "no number": [frame("open", "1")],
    "a number beyond all": [frame("open", LAST + 1)],
    "a truth for a number": [frame("open", bool(1))],
    "a strange kind": [frame("listen")],
    "a list for a kind": [frame(["open"])],
    "a field too many": [frame("open", size=1)],
    "a field too few": [frame("open"), frame("data")],
    "text for bytes": [frame("open"), frame("data", data="x")],
    "no bytes at all": [frame("open"), frame("data", data=b"")],
    "a chunk too long": [frame("open"), frame("data", data=b"x" * (CHUNK_BYTES + 1))],
    "a credit that nobody needs": [frame("open"), frame("credit", size=1)],
    "a credit of less than nothing": [frame("open"), frame("credit", size=-5)],
    "bytes after the end": [frame("open"), frame("end"), frame("data", data=b"x")],
    "two ends": [frame("open"), frame("end"), frame("end")],
    "a hello in the middle": [HELLO],
    "bytes that are no frame": [b"GET / HTTP/1.1\r\n\r\n"],
    "a frame longer than any": [b"TRW1\xff\xff\xff\xff\0\0\0\0"],
    "more of the dead than can be on its way": [
        frame("open"), frame("close"), *[frame("credit", size=1)] * (STALE + WINDOW_BYTES + 1),
    ],
}  # fmt: skip


@pytest.mark.parametrize("said", BREAKS.values(), ids=BREAKS)
def test_the_first_thing_that_breaks_the_rules_ends_it(host: Host, said: list[bytes]) -> None:
    host.says(HELLO)
    host.says(*said)
    assert host.end() is WireError


def test_a_guest_that_sends_beyond_its_window_is_cut_off(host: Host) -> None:
    """Nobody takes what arrives, so nothing is granted; the sockets' own buffers come first."""
    host.says(HELLO, frame("open"))
    poured = 0
    while poured < 4_000_000 and host.says(frame("data", data=b"x" * CHUNK_BYTES)):
        poured += CHUNK_BYTES
    assert host.end() is WireError
    assert poured < 2_000_000


def test_a_guest_that_takes_nothing_is_cut_off_before_it_costs_memory(host: Host) -> None:
    host.says(HELLO)
    number, host.lacks_room = 0, True
    while host.says(*(frame("open", number + n) for n in range(1, 501))) and number < 500_000:
        number += 500
    assert host.end() is ConnectionAbortedError


STRANGE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=8)
    | st.binary(max_size=40),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(max_size=8), deeper),
    max_leaves=6,
)  # fmt: skip
KINDS = st.sampled_from(["open", "data", "credit", "end", "close", "hello"])
SAID = st.fixed_dictionaries(
    {"kind": KINDS | STRANGE, "stream": st.integers(-1, 4) | STRANGE},
    optional={"data": st.binary(max_size=40) | STRANGE, "size": st.integers(-2, 70_000) | STRANGE},
)


@given(SAID)
def test_a_checked_frame_has_the_fields_of_its_kind_and_a_number(said: dict[str, Any]) -> None:
    try:
        kind, number = checked(said)
    except WireError:
        return
    fields = {"data": {"data"}, "credit": {"size"}}.get(kind, set())
    assert said.keys() == {"kind", "stream"} | fields
    assert 0 < number <= LAST


@given(st.lists(SAID, max_size=30), st.binary(max_size=30))
def test_whatever_is_said_a_host_goes_on_or_ends_and_holds_little(
    said: list[dict[str, Any]], rubbish: bytes
) -> None:
    ours, port = socket.socketpair()
    pairs: list[socket.socket] = []

    def arrive() -> socket.socket:
        near, far = socket.socketpair()
        pairs.append(near)
        return far

    carrier = Carrier(port.fileno(), NONCE, arrive)
    with ours, port:
        ours.sendall(HELLO + b"".join(encode(one, Bounds()) for one in said) + rubbish)
        ours.shutdown(socket.SHUT_WR)
        with pytest.raises((WireError, ConnectionError)):
            _turn_for_ever(carrier)
        assert len(pairs) <= len(said)
        assert len(carrier._out) <= 100 * len(said)
        carrier.close()
        for one in pairs:
            one.close()


def _turn_for_ever(carrier: Carrier) -> None:
    while True:
        carrier.turn()


SERVE = """
import sys, socket
from envs.guest.port import Port
from envs.guest import egress
listener = socket.socket(fileno=int(sys.argv[1]))
listener.settimeout(0.0)
egress.serve(egress.Carrier(Port(int(sys.argv[2])).fd, sys.argv[3]), listener)
"""


def test_a_guests_program_carries_what_knocks_and_ends_with_its_starter() -> None:
    host, theirs = socket.socketpair()
    with host, theirs, socket.create_server(("127.0.0.1", 0)) as listener:
        fds = [listener.fileno(), theirs.fileno()]
        program = subprocess.Popen(
            [sys.executable, "-c", SERVE, *map(str, fds), NONCE],
            pass_fds=fds, stdin=subprocess.PIPE,
        )  # fmt: skip
        try:
            knocking = [socket.create_connection(listener.getsockname()) for _ in range(MOST + 5)]
            decoder, heard = Decoder(), list[dict[str, Any]]()
            host.settimeout(WITHIN_S)
            while len(heard) < MOST + 1:
                heard += decoder.feed(host.recv(1 << 16))
            assert heard[0] == {"kind": "hello", "nonce": NONCE}
            assert [one["stream"] for one in heard[1:]] == list(range(1, MOST + 1))
            host.sendall(frame("data", 1, data=b"hi") + frame("end", 1))
            assert _all(knocking[0]) == b"hi"
        finally:
            program.communicate(timeout=WITHIN_S)
            for one in knocking:
                one.close()
        assert program.returncode == 0
