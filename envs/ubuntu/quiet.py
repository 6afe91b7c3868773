"""Waiting until a desktop has nothing more to do: its screen stands still, its processor rests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from infra.clock import Clock, Deadline
from infra.errors import DeadlineExceeded
from infra.hypervisor import Domain

QUIET_S: Final = 3.0
"""So long nothing may change before it counts as quiet."""
WITHIN_S: Final = 600.0
"""A browser goes on working for a minute or two after its window came."""
LOOK_S: Final = 0.5
BUSY: Final = 0.25
"""Seconds of processor time per second: more is work."""
BLINK: Final = 0.001
"""The share of pixels that a caret or a clock may change."""


def wait_until_quiet(
    domain: Domain,
    clock: Clock,
    quiet_s: float = QUIET_S,
    within_s: float = WITHIN_S,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Wait for the screen to stand still and the processor to rest, doing `meanwhile` at each look.

    Raises DeadlineExceeded.
    """
    deadline = Deadline.after(clock, within_s)
    screen, spent, since = domain.screendump(), domain.stats().cpu_s, clock.monotonic_s()
    while clock.monotonic_s() - since < quiet_s:
        clock.sleep(LOOK_S)
        meanwhile()
        now, used = domain.screendump(), domain.stats().cpu_s
        moved = now.shape != screen.shape or float(np.any(now != screen, axis=2).mean()) > BLINK
        if moved or used - spent > BUSY * LOOK_S:
            since = clock.monotonic_s()
        if deadline.is_past():
            raise DeadlineExceeded(f"the desktop is not quiet after {within_s:.0f} s")
        screen, spent = now, used
