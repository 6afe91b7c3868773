"""When a machine has served long enough: by episodes, age, memory, or because it became slow."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from infra.store.rows import Machine

HOUR_NS: Final = 3_600_000_000_000
MIB: Final = 1 << 20
SPAN: Final = 20
"""A machine's first steps say how fast it is when new, its latest how fast it is now."""


@dataclass(frozen=True, slots=True)
class Recycle:
    """A pool's policy; 0 leaves a limit out.

    `episodes`: how many one machine serves before it is replaced (a fork always serves one).
    `hours`: how old a resting machine may be. `private_mb`: memory of its own at which an episode
    on it is ended. `latency_ratio`: how much slower the 95th percentile of its latest steps may be
    than that of its first ones.
    """

    episodes: int = 1
    hours: float = 0.0
    private_mb: int = 600
    latency_ratio: float = 4.0

    @classmethod
    def of(cls, values: dict[str, Any]) -> Recycle:
        """The policy that a pool's row holds."""
        return cls(**values)

    def resting(self, machine: Machine, now_ns: int) -> str:
        """Why a resting machine is to be replaced; empty where it is not."""
        if self.hours and now_ns - machine.born_ns > self.hours * HOUR_NS:
            return f"it is older than {self.hours:g} h"
        return ""

    def working(self, private_bytes: int, drift: float) -> str:
        """Why a machine at work is to be replaced; empty where it is not."""
        if self.private_mb and private_bytes > self.private_mb * MIB:
            return f"it holds {private_bytes // MIB} MiB of its own"
        if self.latency_ratio and drift > self.latency_ratio:
            return f"its steps became {drift:.1f} times slower"
        return ""


class Latency:
    """A machine's step times while one episode lasts."""

    def __init__(self) -> None:
        self._first: list[float] = []
        self._latest: deque[float] = deque(maxlen=SPAN)

    def add(self, seconds: float) -> None:
        """One more step took so long."""
        if len(self._first) < SPAN:
            self._first.append(seconds)
        self._latest.append(seconds)

    def p95_s(self) -> float:
        """Of the latest steps; 0 before any."""
        return _p95(self._latest)

    def drift(self) -> float:
        """How many times slower than at first; 0 until there are enough steps to say."""
        if len(self._latest) < SPAN:
            return 0.0
        return self.p95_s() / max(_p95(self._first), 1e-3)


def _p95(seconds: Iterable[float]) -> float:
    ordered = sorted(seconds)
    return ordered[int(0.95 * (len(ordered) - 1))] if ordered else 0.0
