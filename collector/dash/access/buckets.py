"""How often somebody may: token buckets, one for each address, bounded in number."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from infra.clock import Clock

MOST: Final = 4096
"""So many addresses are remembered; the one that was quiet for longest is forgotten."""


class Buckets:
    """`burst` at once and `rate_s` a second after that; safe between threads."""

    def __init__(self, rate_s: float, burst: float, clock: Clock) -> None:
        self._rate_s, self._burst, self._clock = rate_s, burst, clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str, count: float = 1.0) -> float:
        """Take from somebody's bucket; 0, or in how many seconds there is enough again."""
        with self._lock:
            now_s = self._clock.monotonic_s()
            left, at_s = self._left.pop(who, (self._burst, now_s))
            left = min(self._burst, left + (now_s - at_s) * self._rate_s)
            wait_s = max(0.0, (count - left) / self._rate_s)
            self._left[who] = (left if wait_s else left - count, now_s)
            if len(self._left) > MOST:
                self._left.popitem(last=False)
            return wait_s

    def wait_s(self, who: str) -> float:
        """In how many seconds somebody may again; takes nothing."""
        with self._lock:
            left, at_s = self._left.get(who, (self._burst, self._clock.monotonic_s()))
            left += (self._clock.monotonic_s() - at_s) * self._rate_s
            return max(0.0, (1.0 - left) / self._rate_s)
