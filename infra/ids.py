"""Names for things: short, sortable by time, unique on a host; passed in so that tests can fix them."""

from __future__ import annotations

import random
import uuid
from typing import Protocol

from infra.clock import Clock, SystemClock

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


class Ids(Protocol):
    """A source of fresh names."""

    def new(self, prefix: str) -> str:
        """A fresh id such as `ep-01jd3w8k9m4x2q7r`."""
        ...

    def uuid(self) -> str:
        """A fresh RFC 4122 UUID as text."""
        ...


class RandomIds:
    """Ids of 48 bits of milliseconds and 32 random bits, in Crockford's base 32."""

    def __init__(self, clock: Clock | None = None, rng: random.Random | None = None) -> None:
        self._clock = clock or SystemClock()
        self._rng = rng or random.SystemRandom()

    def new(self, prefix: str) -> str:
        """`prefix-` and sixteen characters that sort by time."""
        value = ((self._clock.now_ns() // 1_000_000) << 32) | self._rng.getrandbits(32)
        digits = [ALPHABET[(value >> shift) & 31] for shift in range(75, -1, -5)]
        return f"{prefix}-{''.join(digits)}"

    def uuid(self) -> str:
        """A version 4 UUID drawn from this source's randomness."""
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
