"""Time as a value that is passed in, so that tests and the simulator decide what time it is.

Deadlines use `monotonic_s`; stored times are UTC nanoseconds from `now_ns`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol


class Clock(Protocol):
    """What the rest of the code may ask of time."""

    def now_ns(self) -> int:
        """UTC wall-clock time in nanoseconds since the epoch."""
        ...

    def monotonic_s(self) -> float:
        """Seconds from an arbitrary start; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


class SystemClock:
    """The host's clock."""

    def now_ns(self) -> int:
        """UTC wall-clock time in nanoseconds since the epoch."""
        return time.time_ns()

    def monotonic_s(self) -> float:
        """Seconds from an arbitrary start; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block this thread for `seconds`."""
        time.sleep(max(0.0, seconds))


@dataclass(slots=True)
class FakeClock:
    """A clock that moves only when somebody sleeps or advances it."""

    start_ns: int = 1_700_000_000_000_000_000
    elapsed_s: float = field(default=0.0)

    def now_ns(self) -> int:
        """Start plus what has been slept."""
        return self.start_ns + round(self.elapsed_s * 1e9)

    def monotonic_s(self) -> float:
        """What has been slept so far."""
        return self.elapsed_s

    def sleep(self, seconds: float) -> None:
        """Advance at once by `seconds`."""
        self.elapsed_s += max(0.0, seconds)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on a clock's monotonic scale by which something must have happened."""

    clock: Clock
    at_s: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        """The moment `seconds` from now."""
        return cls(clock, clock.monotonic_s() + seconds)

    def left_s(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at_s - self.clock.monotonic_s())

    def is_past(self) -> bool:
        """Whether the moment has gone by."""
        return self.clock.monotonic_s() >= self.at_s
