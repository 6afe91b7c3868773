"""Fault 24: a storm of events wakes the reconciler for one look, and none is lost."""

from __future__ import annotations

from collector.fleet.wakes import GATHER_S, Wakes
from infra.clock import FakeClock


class Stormy(FakeClock):
    """A clock on which `storm` comes over whoever sleeps."""

    def __init__(self):
        super().__init__()
        self.storm = lambda: None

    def sleep(self, seconds):
        self.storm()
        super().sleep(seconds)


def woken(wakes, clock):
    """Whether a wait ends by an event: only then does time pass on this clock."""
    begun_s = clock.monotonic_s()
    wakes.wait(0)
    return clock.monotonic_s() > begun_s


def test_a_burst_of_events_is_one_look():
    clock = Stormy()
    wakes = Wakes(clock)
    clock.storm = lambda: [wakes.set() for _ in range(1000)]
    wakes.set()
    assert woken(wakes, clock)
    assert not woken(wakes, clock)


def test_a_storm_without_end_gives_at_most_so_many_looks_a_second():
    clock = Stormy()
    wakes = Wakes(clock)
    looks = 0
    while clock.monotonic_s() < 10:
        wakes.set()
        wakes.wait(0)
        looks += 1
    assert looks <= 10 / GATHER_S + 1


def test_what_happens_during_a_look_is_looked_at_next():
    clock = Stormy()
    wakes = Wakes(clock)
    wakes.set()
    assert woken(wakes, clock)
    wakes.set()
    assert woken(wakes, clock)
