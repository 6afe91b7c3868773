"""Calls with our deadline: hung ones are written off, counted, and never exhaust the rest."""

from __future__ import annotations

import threading
import time

import pytest

from infra.errors import DeadlineExceeded, InfraLost
from infra.hypervisor.calls import Calls


def test_a_call_gives_its_value_or_its_error() -> None:
    calls = Calls(2)
    assert calls.run("three", lambda: 3, 1.0) == 3
    with pytest.raises(ZeroDivisionError):
        calls.run("division", lambda: 1 // 0, 1.0)


def test_a_hung_call_ends_at_the_deadline_and_is_counted_until_it_comes_back() -> None:
    calls, release = Calls(2), threading.Event()
    start = time.monotonic()
    with pytest.raises(DeadlineExceeded, match="hanging took longer"):
        calls.run("hanging", release.wait, 0.1)
    assert time.monotonic() - start < 1.0
    assert calls.hung == 1
    assert calls.run("another", lambda: "fine", 1.0) == "fine"
    release.set()
    end = time.monotonic() + 5
    while calls.hung and time.monotonic() < end:
        time.sleep(0.01)
    assert calls.hung == 0


def test_when_every_place_hangs_the_host_is_lost_and_threads_stay_bounded() -> None:
    calls, release = Calls(3), threading.Event()
    before = threading.active_count()
    for _ in range(3):
        with pytest.raises(DeadlineExceeded):
            calls.run("hanging", release.wait, 0.02)
    with pytest.raises(InfraLost, match="every hypervisor call hangs"):
        calls.run("one more", lambda: 0, 0.02)
    assert threading.active_count() - before <= 3
    release.set()


def test_threads_are_used_again() -> None:
    calls = Calls(4)
    names = {calls.run("name", lambda: threading.current_thread().name, 1.0) for _ in range(50)}
    assert len(names) <= 2
