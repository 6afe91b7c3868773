"""Fault 15: an input that eats the memory or kills its worker is one outcome; the others complete."""

from __future__ import annotations

import signal

import pytest

from infra import workers
from infra.progress import Silent
from infra.workers.child import ADDRESS_SPACE_BYTES

TOO_MUCH = ADDRESS_SPACE_BYTES + 1


def outcomes(target: str, inputs: list[int], count: int) -> list[workers.Outcome]:
    return list(workers.run(target, inputs, count, 30, Silent()))


@pytest.mark.parametrize("count", [1, 3])
def test_an_input_that_needs_too_much_memory_fails_alone(count: int) -> None:
    found = outcomes("builtins:bytes", [1, TOO_MUCH, 2, TOO_MUCH, 3], count)
    assert [o.failure for o in found] == [
        "",
        "needs too much memory",
        "",
        "needs too much memory",
        "",
    ]
    assert [o.value for o in found] == [b"\0", None, bytes(2), None, bytes(3)]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM, signal.SIGABRT])
def test_a_killed_worker_fails_one_input_and_is_replaced(number: int) -> None:
    found = outcomes("signal:raise_signal", [0, number, 0, 0, number, 0], 2)
    failed = "crashed its worker"
    assert [o.failure for o in found] == ["", failed, "", "", failed, ""]


def test_every_input_may_kill_its_worker_and_the_run_still_ends() -> None:
    found = outcomes("signal:raise_signal", [signal.SIGKILL] * 5, 2)
    assert {o.failure for o in found} == {"crashed its worker"}
    assert len(found) == 5
