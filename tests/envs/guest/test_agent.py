"""The agent: each request at most once, no older driver, no late or strange request."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from envs.guest.agent import REMEMBERED, Agent
from envs.guest.faults import Refused
from envs.guest.wire import AGENT_VERSION, VERBS, Decoder, encode
from envs.ubuntu.channel import Channel
from infra.clock import SystemClock
from infra.errors import Conflict, InfraLost, NotFound, UsageError
from infra.ids import RandomIds

LATER_NS = 10**18 * 3


class Counting:
    """An agent whose `act` counts, and what it was asked."""

    def __init__(self) -> None:
        self.acted: list[Mapping[str, Any]] = []
        self.agent = Agent({"act": self.act, "health": lambda _: {"up": 1}}, "s1")

    def act(self, args: Mapping[str, Any]) -> dict[str, Any]:
        self.acted.append(args)
        if args.get("refuse"):
            raise Refused("rejected", "no")
        if args.get("break"):
            raise RuntimeError("broken")
        return {"n": len(self.acted)}

    def ask(self, key: str, verb: str = "act", **changes: Any) -> dict[str, Any]:
        request = {
            "id": key,
            "session": "s1",
            "fence": 1,
            "deadline_ns": LATER_NS,
            "verb": verb,
            "args": {},
        }
        (reply,) = Decoder().feed(self.agent.answer({**request, **changes}))
        return reply


@pytest.fixture
def counting() -> Counting:
    return Counting()


def test_a_repeated_request_is_answered_and_not_repeated(counting: Counting) -> None:
    assert counting.ask("a") == counting.ask("a")
    assert len(counting.acted) == 1


def test_a_refusal_and_a_failure_are_remembered_too(counting: Counting) -> None:
    for args in ({"refuse": True}, {"break": True}):
        first = counting.ask(str(args), args=args)
        assert first["ok"] is False
        assert counting.ask(str(args), args=args) == first
    assert len(counting.acted) == 2


def test_another_request_under_a_known_id_is_refused(counting: Counting) -> None:
    counting.ask("a")
    assert counting.ask("a", args={"other": 1})["error"]["kind"] == "usage"
    assert len(counting.acted) == 1


def test_only_the_newest_replies_are_kept(counting: Counting) -> None:
    for n in range(REMEMBERED + 1):
        counting.ask(f"r{n}")
    counting.ask("r0")
    assert len(counting.acted) == REMEMBERED + 2


def test_an_older_fence_is_refused_and_a_newer_one_taken(counting: Counting) -> None:
    assert counting.ask("a", fence=5)["ok"]
    assert counting.ask("b", fence=4)["error"]["kind"] == "fence"
    assert counting.ask("c", fence=5)["ok"]
    assert counting.agent.fence == 5
    assert len(counting.acted) == 2


def test_a_hello_of_an_older_driver_is_refused_too(counting: Counting) -> None:
    counting.ask("a", fence=5)
    assert counting.ask("b", "hello", session="", fence=4)["error"]["kind"] == "fence"


def test_a_late_action_is_refused_and_a_late_question_answered(counting: Counting) -> None:
    assert counting.ask("a", deadline_ns=1)["error"]["kind"] == "late"
    assert counting.ask("b", "health", deadline_ns=1)["ok"]
    assert counting.acted == []


def test_another_session_is_refused(counting: Counting) -> None:
    assert counting.ask("a", session="s0")["error"]["kind"] == "session"
    assert counting.ask("b", "hello", session="s0")["result"]["session"] == "s1"


@pytest.mark.parametrize(
    "changes",
    [
        {"verb": "exec"},
        {"verb": None},
        {"args": []},
        {"fence": "1"},
        {"fence": True},
        {"deadline_ns": 1.5},
    ],
)
def test_what_is_no_request_is_refused_without_effect(
    counting: Counting, changes: dict[str, Any]
) -> None:
    assert counting.ask("a", **changes)["error"]["kind"] == "usage"
    assert counting.acted == []


@pytest.mark.parametrize("key", ["", "x" * 129, 7, None])
def test_a_request_needs_an_id(counting: Counting, key: Any) -> None:
    assert counting.ask(key)["error"]["kind"] == "usage"


def test_there_is_no_verb_that_runs_a_command() -> None:
    closed = [
        "act",
        "arrange",
        "get",
        "health",
        "hello",
        "identity",
        "look",
        "network",
        "observe",
        "open",
        "put",
    ]
    assert sorted(VERBS) == closed


# --- the same agent as a process of its own -----------------------------------------------------


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "envs.guest.agent", "--fd", str(theirs.fileno())]
    environment = {**os.environ, "HOME": str(tmp_path), "DISPLAY": ""}
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
    theirs.close()
    yield ours
    ours.close()
    assert process.wait(10) == 0  # it ends with its stream


def test_a_real_agent_keeps_files_and_answers_health(stream: socket.socket) -> None:
    channel = Channel(lambda _: stream, SystemClock(), RandomIds())
    met = channel.hello(3, 10)
    assert met.version == AGENT_VERSION
    assert channel.request("put", {"name": "a.txt", "data": b"hello"}, 3, 5) == {"size": 5}
    assert channel.request("get", {"name": "a.txt"}, 3, 5) == {"data": b"hello"}
    health = channel.request("health", {}, 3, 5)
    assert health["now_ns"] == pytest.approx(time.time_ns(), abs=5e9)
    with pytest.raises(NotFound):
        channel.request("get", {"name": "none"}, 3, 5)
    with pytest.raises(UsageError):
        channel.request("put", {"name": "../x", "data": b""}, 3, 5)
    with pytest.raises(Conflict):
        channel.request("health", {}, 2, 5)


def test_a_real_agent_skips_noise_and_half_a_request(stream: socket.socket) -> None:
    stream.settimeout(10)
    stream.sendall(b"noise" * 50 + encode({"id": "half"})[:-3])
    time.sleep(2.3)  # longer than the agent waits for the rest
    channel = Channel(lambda _: stream, SystemClock(), RandomIds())
    assert channel.hello(1, 10).version == AGENT_VERSION


def test_a_closed_channel_says_that_the_machine_is_lost() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(lambda _: ours, SystemClock(), RandomIds())
    theirs.close()
    with pytest.raises(InfraLost):
        channel.hello(1, 5)
    channel.close()
