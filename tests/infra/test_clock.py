from __future__ import annotations

import pytest

from infra.clock import Clock, Deadline, FakeClock, SystemClock


@pytest.mark.parametrize("clock", [SystemClock(), FakeClock()], ids=["system", "fake"])
def test_sleeping_moves_both_scales(clock: Clock) -> None:
    wall, monotonic = clock.now_ns(), clock.monotonic_s()
    clock.sleep(0.01)
    assert clock.now_ns() - wall >= 9_000_000
    assert clock.monotonic_s() - monotonic >= 0.009


def test_a_negative_sleep_takes_no_time() -> None:
    clock = FakeClock()
    clock.sleep(-5)
    assert clock.monotonic_s() == 0


def test_a_deadline_counts_down_and_is_never_negative() -> None:
    clock = FakeClock()
    deadline = Deadline.after(clock, 10)
    assert not deadline.is_past()
    clock.sleep(4)
    assert deadline.left_s() == pytest.approx(6)
    clock.sleep(7)
    assert deadline.left_s() == 0
    assert deadline.is_past()


def test_the_moment_itself_is_past() -> None:
    clock = FakeClock()
    deadline = Deadline.after(clock, 1)
    clock.sleep(1)
    assert deadline.is_past()
