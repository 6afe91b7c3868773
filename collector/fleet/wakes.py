"""What wakes the reconciler: an event says only that something happened, and a burst is one look."""

from __future__ import annotations

import threading
from typing import Final

from infra.clock import Clock

GATHER_S: Final = 0.1
"""What follows an event so closely is looked at with it: there are at most so many looks by events
as fit into a second."""


class Wakes:
    """Set by any thread, waited for by one."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._event = clock, threading.Event()

    def set(self) -> None:
        """Something happened."""
        self._event.set()

    def wait(self, idle_s: float) -> None:
        """Until something happened and what belongs to it did too, or `idle_s` are over.

        What happens from its return on counts for the next time.
        """
        if self._event.wait(idle_s):
            self._clock.sleep(GATHER_S)
        self._event.clear()
