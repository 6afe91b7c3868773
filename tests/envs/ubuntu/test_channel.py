"""The host's end of the agent's channel believes only what it asked, in time and in bounds."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from envs.guest.wire import AGENT_VERSION, Decoder, encode
from envs.ubuntu import guest_input
from envs.ubuntu.channel import Channel
from infra.clock import SystemClock
from infra.errors import (
    ActionRejected,
    Conflict,
    DeadlineExceeded,
    HostileInput,
    InfraLost,
    TrawlError,
)
from infra.ids import RandomIds

Answer = Callable[[dict[str, Any]], bytes]
HELLO = {"version": AGENT_VERSION, "session": "s1", "fence": 0}


def reply(request: dict[str, Any], result: Any = None, **changes: Any) -> bytes:
    body = {"id": request["id"], "ok": True, "t_ns": time.time_ns(), "result": result or {}}
    return encode({**body, **changes})


def refusal(kind: str) -> Answer:
    return lambda request: encode(
        {"id": request["id"], "ok": False, "t_ns": 1, "error": {"kind": kind, "message": "no"}}
    )


class Lying:
    """A guest that greets well and then answers as it is told to."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.answer: Answer = reply
        self.hello: Any = HELLO
        self.asked: list[dict[str, Any]] = []
        self.channel = Channel(lambda _: self.ours, SystemClock(), RandomIds())
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        with suppress(OSError):  # the host hangs up whenever it likes
            self.talk()

    def talk(self) -> None:
        decoder = Decoder()
        while data := self.theirs.recv(65536):
            for request in decoder.feed(data):
                self.asked.append(request)
                if request["verb"] == "hello":
                    self.theirs.sendall(reply(request, self.hello))
                else:
                    answer = self.answer(request)
                    self.theirs.sendall(answer)

    def ask(self, verb: str = "act", within_s: float = 0.5) -> dict[str, Any]:
        return self.channel.request(verb, {}, 1, within_s)


@pytest.fixture
def guest() -> Iterator[Lying]:
    it = Lying()
    yield it
    it.channel.close()
    it.thread.join(5)
    it.theirs.close()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda _: b"", DeadlineExceeded),
        (lambda _: b"not a frame at all, not even close", HostileInput),
        (lambda r: reply(r)[:-1] + b"?", HostileInput),
        (lambda r: reply(r, id="another"), HostileInput),
        (lambda r: reply(r, id=7), HostileInput),
        (lambda r: reply(r, ok="yes"), HostileInput),
        (lambda r: reply(r, extra=1), HostileInput),
        (lambda r: reply(r, ok=False), HostileInput),
        (lambda r: reply(r, t_ns=-1), HostileInput),
        (
            lambda r: reply(
                r, {"x": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}
            ),
            HostileInput,
        ),
        (lambda _: b"TRW1\xff\xff\xff\xff0000", HostileInput),
        (refusal("fence"), Conflict),
        (refusal("session"), InfraLost),
        (refusal("rejected"), ActionRejected),
        (refusal("something new"), ActionRejected),
    ],
)
def test_each_bad_answer_is_its_own_error(
    guest: Lying, answer: Answer, error: type[TrawlError]
) -> None:
    guest.channel.hello(1, 5)
    guest.answer = answer
    with pytest.raises(error):
        guest.ask()


def test_an_answer_that_comes_too_late_is_dropped_and_counted(guest: Lying) -> None:
    guest.channel.hello(1, 5)
    held: list[dict[str, Any]] = []

    def late(request: dict[str, Any]) -> bytes:
        held.append(request)
        return b"" if len(held) == 1 else reply(held[0], {"n": 1}) + reply(request, {"n": 2})

    guest.answer = late
    with pytest.raises(DeadlineExceeded):
        guest.ask(within_s=0.2)
    assert guest.ask() == {"n": 2}
    assert guest.channel.late_answers == 1


def test_one_byte_at_a_time_does_not_stretch_the_deadline(guest: Lying) -> None:
    guest.channel.hello(1, 5)
    stop = threading.Event()

    def drip(request: dict[str, Any]) -> bytes:
        for byte in reply(request, {"x": "y" * 400}):
            if stop.wait(0.05):
                break
            with suppress(OSError):
                guest.theirs.sendall(bytes([byte]))
        return b""

    guest.answer = drip
    with pytest.raises(DeadlineExceeded):
        guest.ask(within_s=0.5)
    stop.set()


def test_an_old_agent_is_refused_with_the_command_that_mends_it(guest: Lying) -> None:
    guest.hello = {**HELLO, "version": "0.9.0"}
    with pytest.raises(Conflict, match="trawl image build"):
        guest.channel.hello(1, 5)


def test_a_request_carries_fence_session_and_deadline(guest: Lying) -> None:
    guest.channel.hello(1, 5)
    guest.channel.request("health", {"a": 1}, 7, 5)
    asked = guest.asked[-1]
    assert (asked["fence"], asked["session"], asked["verb"]) == (7, "s1", "health")
    assert asked["args"] == {"a": 1}
    assert asked["deadline_ns"] > 10**18


def test_a_guest_whose_clock_ran_away_is_told_its_deadline_by_that_clock(guest: Lying) -> None:
    guest.channel.hello(1, 5)
    ahead_ns = 3600 * 10**9

    def fast(request: dict[str, Any]) -> bytes:
        now = time.time_ns() + ahead_ns
        if request["deadline_ns"] >= now:
            return reply(request, {"done": 1}, t_ns=now)
        error = {"kind": "late", "message": "too late"}
        return encode({"id": request["id"], "ok": False, "t_ns": now, "error": error})

    guest.answer = fast
    assert guest.ask() == {"done": 1}
    assert guest.ask() == {"done": 1}
    assert len(guest.asked) == 4  # hello, one refused as late, the same again, and one more
    ahead_ns = 10 * 3600 * 10**9
    assert guest.ask() == {"done": 1}


def test_a_guest_that_calls_everything_late_is_asked_twice_and_no_more(guest: Lying) -> None:
    guest.channel.hello(1, 5)
    guest.answer = refusal("late")
    with pytest.raises(DeadlineExceeded):
        guest.ask()
    assert len(guest.asked) == 3


def test_an_action_that_broke_in_the_middle_is_unknown_and_a_refused_one_is_not(
    guest: Lying,
) -> None:
    from envs.actions import MoveTo

    guest.channel.hello(1, 5)
    for kind, error in (
        ("failed", DeadlineExceeded),
        ("rejected", ActionRejected),
        ("fence", ActionRejected),
    ):
        guest.answer = refusal(kind)
        with pytest.raises(error):
            guest_input.perform(guest.channel, MoveTo(1, 1), 1)
