"""A wall clock that jumps, or a host that slept, must not make every lease and deadline late.

Stored times are UTC. A pass compares what went by on both clocks, and moves the deadlines of this
host's machines by the difference.
"""

from __future__ import annotations

from typing import Final

from infra.clock import Clock

TOLERANCE_S: Final = 5.0


class Jump:
    """Watches one clock from pass to pass."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall_ns, self._steady_s = clock.now_ns(), clock.monotonic_s()

    def since_last_ns(self) -> int:
        """How far the wall clock went beyond the steady one since the last call; 0 for a little."""
        wall_ns, steady_s = self._clock.now_ns(), self._clock.monotonic_s()
        gap_ns = wall_ns - self._wall_ns - round((steady_s - self._steady_s) * 1e9)
        self._wall_ns, self._steady_s = wall_ns, steady_s
        return gap_ns if abs(gap_ns) > TOLERANCE_S * 1e9 else 0
