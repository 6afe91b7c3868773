"""Fills this host's share of each pool, and ends what is too many.

Starts are paced: while machines work, starting takes at most a quarter of the time. What a start
that fails costs is the pool's budget; a pool with a machine in quarantine starts nothing until that
is released. A host without room only waits.
"""

from __future__ import annotations

from typing import Final

import structlog

from collector.fleet import placement
from collector.fleet.backends import Backends
from collector.fleet.budget import Budget, may_start
from collector.fleet.deadlines import START_BUDGET, until_ns
from collector.fleet.ending import Endings
from collector.fleet.judge import IN_USE
from infra.clock import Clock
from infra.errors import Conflict, TrawlError, Unavailable
from infra.ids import Ids
from infra.store import Store, machines
from infra.store.rows import Host, Machine, Pool

BURST_S: Final = 1.0
"""Starting goes on for so long before the next look at everything."""
PACE: Final = 3.0
"""While machines work, a start is followed by a pause so many times as long."""
NO_START: Final = "it did not start"
NO_ROOM: Final = "there is no room for it"
log = structlog.get_logger("supply")


class Supply:
    """Starts and ends machines of the pools on one host."""

    def __init__(
        self,
        store: Store,
        backends: Backends,
        clock: Clock,
        ids: Ids,
        host: str,
        endings: Endings,
    ) -> None:
        self._store, self._backends, self._clock, self._ids = store, backends, clock, ids
        self._host, self._endings = host, endings
        self._budget = Budget(store, clock)
        self._not_before_s = 0.0

    def fit(self, wanted: list[Pool], mine: list[Machine], hosts: list[Host]) -> bool:
        """Bring every pool nearer to its share; True where anything changed."""
        taking = placement.taking(hosts, self._clock.now_ns())
        is_busy = any(m.observed in IN_USE for m in mine)
        names = {pool.name for pool in wanted}
        over = [m for m in mine if m.pool not in names]
        changed = self.clear(over, "its pool was removed")
        for pool in wanted:
            share = placement.shares(pool.count, taking).get(self._host, 0)
            of_pool = [m for m in mine if m.pool == pool.name]
            if len(of_pool) > share:
                changed = self._shrink(of_pool, len(of_pool) - share) or changed
            elif len(of_pool) < share:
                changed = self._grow(pool, of_pool, share, is_busy=is_busy) or changed
        return changed

    def clear(self, mine: list[Machine], reason: str) -> bool:
        """End all of these that nobody uses; True where anything changed."""
        return self._end_all([m for m in mine if m.observed not in IN_USE], reason)

    def _shrink(self, of_pool: list[Machine], surplus: int) -> bool:
        """End the youngest of those that rest."""
        resting = sorted((m for m in of_pool if m.observed == "PARKED"), key=lambda m: m.born_ns)
        over = resting[-surplus:]
        return self._end_all(over, "the pool was made smaller")

    def _end_all(self, over: list[Machine], reason: str) -> bool:
        ended = [self._endings.end(m, reason) for m in over]
        return any(ended)

    def _grow(self, pool: Pool, of_pool: list[Machine], share: int, *, is_busy: bool) -> bool:
        """Start what lacks, as long as it goes well and the time for it lasts."""
        if any(m.observed == "QUARANTINED" for m in of_pool):
            return False
        begun_s = self._clock.monotonic_s()
        started = 0
        while len(of_pool) + started < share and self._may_start(pool, begun_s):
            start_s = self._clock.monotonic_s()
            if not self._start(pool):
                return True
            started += 1
            if is_busy:
                took_s = self._clock.monotonic_s() - start_s
                self._not_before_s = self._clock.monotonic_s() + PACE * took_s
                break
        return started > 0

    def _may_start(self, pool: Pool, begun_s: float) -> bool:
        now_s = self._clock.monotonic_s()
        is_time = now_s >= self._not_before_s and now_s - begun_s < BURST_S
        return is_time and may_start(pool, self._clock.now_ns())

    def _start(self, pool: Pool) -> bool:
        """Start one machine; False where it did not, and what follows from that is written."""
        machine = self._planned(pool)
        with self._store.write() as tx:
            machines.add(tx, machine)
        try:
            self._backends(pool.kind).start(machine, pool)
            self._endings.move(machine, "PARKED", "started")
        except Unavailable as error:
            self._endings.end(machine, f"{NO_ROOM}: {error}")
            self._budget.waits(pool.name, error)
        except Conflict:  # it was judged meanwhile, and is looked at by the next pass
            return False
        except TrawlError as error:
            self._failed(machine, str(error))
        except Exception as error:  # a defect of one kind stops neither the pass nor other pools
            log.exception("machine.start_failed", machine=machine.name)
            self._failed(machine, f"{type(error).__name__}: {error}")
        else:
            return True
        return False

    def _failed(self, machine: Machine, error: str) -> None:
        """It did not come to life: that counts, and whoever spends the budget is kept to be seen."""
        reason = f"{NO_START}: {error}"
        if self._budget.failed(machine.pool):
            self._endings.quarantine(machine, f"{reason} ({START_BUDGET} times in a row)")
        else:
            self._endings.end(machine, reason)

    def _planned(self, pool: Pool) -> Machine:
        now, uuid = self._clock.now_ns(), self._ids.uuid()
        return Machine(
            uuid=uuid, name=f"{pool.name}-{uuid[:8]}", pool=pool.name, kind=pool.kind,
            image=pool.image, desired="RUNNING", observed="STARTING",
            reason="the pool lacks one", since_ns=now, deadline_ns=until_ns("STARTING", now),
            seen_ns=now, generation=0, fence=0, episodes=0, host=self._host, stage="starting",
            born_ns=now,
        )  # fmt: skip
