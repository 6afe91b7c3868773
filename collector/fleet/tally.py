"""Counts what the event log says, so that a counter never differs from what was made durable.

It starts at the log's end: what happened before this process is not counted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from collector.fleet.deadlines import S
from infra.clock import Clock
from infra.metrics import OTHER, Metrics
from infra.store import Store, census, events
from infra.store.engine import Tx
from infra.store.rows import Event

AT_ONCE: Final = 1000
BATCHES: Final = 20
"""A scrape waits for so many batches; what is left is counted by the next, and is the lag."""


class Tally:
    """Feeds transitions, steps, episodes and expired leases; used by one thread at a time."""

    def __init__(self, store: Store, metrics: Metrics, clock: Clock) -> None:
        self._metrics, self._clock = metrics, clock
        with store.read() as tx:
            self._last = events.last_id(tx)

    def count(self, tx: Tx) -> None:
        """Count the events since the last time, oldest first."""
        for _ in range(BATCHES):
            batch = events.after(tx, self._last, AT_ONCE)
            self._batch(tx, batch)
            if len(batch) < AT_ONCE:
                break
        left = events.after(tx, self._last, 1)
        lag_ns = self._clock.now_ns() - left[0].at_ns if left else 0
        self._metrics.event_lag().set(max(0, lag_ns) / S)

    def _batch(self, tx: Tx, batch: Sequence[Event]) -> None:
        works = {e.subject for e in batch if e.kind in ("step.committed", "episode.ended")}
        kinds = census.kinds(tx, works) if works else {}
        released = [str(e.payload.get("lease", "")) for e in batch if e.kind == "lease.released"]
        if released:
            self._metrics.lease_expired().inc(census.outlived(tx, released))
        for event in batch:
            self._event(event, kinds.get(event.subject, OTHER))
            self._last = event.id

    def _event(self, event: Event, kind: str) -> None:
        said = event.payload
        if event.kind == "machine.state":
            before, state = said.get("before", "ABSENT"), said.get("state", OTHER)
            self._metrics.machine_transitions(str(before), str(state)).inc()
        elif event.kind == "step.committed":
            self._metrics.steps(kind, str(said.get("outcome", OTHER))).inc()
        elif event.kind == "episode.ended":
            self._metrics.episodes(kind, str(said.get("status", OTHER))).inc()
