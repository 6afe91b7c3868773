"""Fills the metrics from the store, at the moment when somebody asks for them.

One transaction sees one moment, so that the figures of a scrape agree with each other.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from collector.fleet.deadlines import S, shown
from collector.fleet.tally import Tally
from infra.clock import Clock
from infra.errors import TrawlError
from infra.hypervisor.calls import hung_calls
from infra.hypervisor.room import free_disk_bytes
from infra.images import find
from infra.metrics import IMAGES, OTHER, STATES, Metrics
from infra.store import Store, census, pools
from infra.store.census import Standing
from infra.store.engine import Tx


class Gauges:
    """What `/metrics` answers; safe to share between threads.

    `places` maps `home` and `cache` to a directory whose file system is asked for its free space;
    in the cache are the images.
    """

    def __init__(
        self,
        store: Store,
        metrics: Metrics,
        clock: Clock,
        places: Mapping[str, Path],
        disk_floor_bytes: int,
    ) -> None:
        self._store, self._metrics, self._clock = store, metrics, clock
        self._places = dict(places)
        self._tally = Tally(store, metrics, clock)
        self._lock = threading.Lock()
        metrics.disk_floor().set(disk_floor_bytes)
        metrics.hypervisor_calls_hung().set_function(hung_calls)

    def exposition(self) -> bytes:
        """Everything as it is now. Raises Unavailable where the database does not answer."""
        with self._lock:
            self._read()
            return self._metrics.exposition()

    def of_fleet(self) -> bytes:
        """The same without what is about this process."""
        with self._lock:
            self._read()
            return self._metrics.of_fleet()

    def _read(self) -> None:
        self._disks()
        with self._store.read() as tx:
            now_ns = self._clock.now_ns()
            self._fleet(tx, now_ns)
            self._use(tx, now_ns)
            self._images(tx, now_ns)
            self._tally.count(tx)

    def _fleet(self, tx: Tx, now_ns: int) -> None:
        """Machines that are there, that are wanted, that are late; what is not there is zero."""
        there = census.standing(tx)
        states = Counter((self._kind(m.kind), shown(m.observed, m.seen_ns, now_ns)) for m in there)
        late = Counter(self._kind(m.kind) for m in there if _is_late(m, now_ns))
        wanted: Counter[str] = Counter()
        for kind, count in census.desired(tx).items():
            wanted[self._kind(kind)] += count
        for kind in (*self._metrics.kinds, OTHER):
            for state in STATES:
                self._metrics.machines(kind, state).set(states[kind, state])
            self._metrics.machines_desired(kind).set(wanted[kind])
            self._metrics.machines_overdue(kind).set(late[kind])
        for machine in there:
            if machine.observed != "STARTING":  # its deadline watches it; it cannot answer yet
                self._metrics.heartbeat_age().observe(max(0, now_ns - machine.seen_ns) / S)

    def _kind(self, kind: str) -> str:
        return kind if kind in self._metrics.kinds else OTHER

    def _use(self, tx: Tx, now_ns: int) -> None:
        """Leases and the queue."""
        ends = census.lease_ends(tx)
        overdue = sum(until_ns < now_ns for until_ns in ends)
        self._metrics.leases("live").set(len(ends) - overdue)
        self._metrics.leases("overdue").set(overdue)
        self._metrics.queue_depth().set(census.waiting(tx))

    def _images(self, tx: Tx, now_ns: int) -> None:
        """How old the images are that pools want; one that is not there has no age."""
        wanted = {pool.image for pool in pools.listed(tx) if pool.count}
        for name in IMAGES:
            age_ns = 0
            if name in wanted and "cache" in self._places:
                with contextlib.suppress(TrawlError):  # the doctor and each start say what it is
                    age_ns = now_ns - find(name, self._places["cache"]).manifest.built_ns
            self._metrics.image_age(name).set(max(0, age_ns) / S)

    def _disks(self) -> None:
        for role, place in self._places.items():
            self._metrics.disk_free(role).set(free_disk_bytes(place))


def _is_late(machine: Standing, now_ns: int) -> bool:
    return machine.deadline_ns is not None and machine.deadline_ns < now_ns
