"""Whether new episodes may start on a host: held below its floors of disk and memory.

It is looked at anew each time, so that all goes on by itself. Both changes are events; one that the
database could not take, because the disk that holds it is full, is written when it can.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from infra.clock import Clock
from infra.store import Store, events

log = structlog.get_logger("holding")


class Holding:
    """One host's; looked at by one thread, read by others."""

    def __init__(self, store: Store, clock: Clock, host: str, refusal: Callable[[], str]) -> None:
        self._store, self._clock, self._host, self._refusal = store, clock, host, refusal
        self._untold: list[tuple[int, str, str]] = []
        self.reason = ""
        """Why no episode may start; empty where one may."""

    def look(self) -> None:
        """Look, and tell what changed. Raises Unavailable where that cannot be written yet."""
        before, self.reason = self.reason, self._refusal()
        if bool(before) != bool(self.reason):
            kind = "fleet.holds" if self.reason else "fleet.goes_on"
            self._untold.append((self._clock.now_ns(), kind, self.reason))
            log.warning(kind, reason=self.reason)
        while self._untold:
            at_ns, kind, reason = self._untold[0]
            with self._store.write() as tx:
                events.add(tx, at_ns, kind, self._host, reason)
            self._untold.pop(0)
