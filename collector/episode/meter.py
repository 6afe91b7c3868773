"""What an episode tells whoever measures it: what its steps' time went into, and hostile answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

from infra.clock import Clock

Phase = Literal["observe", "decide", "act", "settle", "store"]


class Meter(Protocol):
    """Hears of an episode while it goes on."""

    def spent(self, phase: Phase, took_s: float) -> None:
        """A step, or the first look, spent so long on that, all told."""
        ...

    def hostile(self) -> None:
        """The machine said something that exceeded a bound or broke its format."""
        ...


class Unmeasured:
    """The meter of an episode that nobody measures."""

    def spent(self, phase: Phase, took_s: float) -> None:
        """Nobody asks."""

    def hostile(self) -> None:
        """Nobody asks."""


class Stopwatch:
    """The time of one step after the other, by what it goes into."""

    def __init__(self, meter: Meter, clock: Clock) -> None:
        self._meter, self._clock = meter, clock
        self._spent_s: defaultdict[Phase, float] = defaultdict(float)

    @contextmanager
    def step(self) -> Iterator[None]:
        """One step; its times are told at its end, however it ends."""
        self._spent_s.clear()
        try:
            yield
        finally:
            for phase, took_s in self._spent_s.items():
                self._meter.spent(phase, took_s)

    @contextmanager
    def on(self, phase: Phase) -> Iterator[None]:
        """What the step does now; done in parts, the parts are added up."""
        start_s = self._clock.monotonic_s()
        try:
            yield
        finally:
            self._spent_s[phase] += self._clock.monotonic_s() - start_s
