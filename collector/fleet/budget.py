"""A pool's start budget: starts and wakings that failed in a row, and what follows from them.

Both count alike, and a waking that worked ends the row. After a failure nothing of the pool is
started or woken for a while that grows; a failure that is long past is forgotten. Whoever spends
the budget puts its machine into quarantine, and the pool stops until somebody has looked.
"""

from __future__ import annotations

from collector.fleet.backend import NotYet
from collector.fleet.deadlines import BACKOFF_S, FORGET_S, NO_ROOM_S, START_BUDGET, S
from infra.clock import Clock
from infra.errors import Unavailable
from infra.store import Store, machines, pools
from infra.store.engine import Tx
from infra.store.rows import Pool


class Budget:
    """Counts for all pools of a database; safe between threads and hosts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def failed(self, name: str) -> bool:
        """A machine of the pool did not start or wake; True where that spent the budget."""
        now = self._clock.now_ns()
        with self._store.write() as tx:
            pool = _named(tx, name)
            if pool is None:
                return False
            failures = after(pool, now)
            is_spent = failures >= START_BUDGET
            pause_s = 0 if is_spent else BACKOFF_S[min(failures, len(BACKOFF_S)) - 1]
            pools.failed(tx, name, 0 if is_spent else failures, now + pause_s * S)
        return is_spent

    def worked(self, name: str) -> None:
        """A machine of the pool woke: earlier failures count no more."""
        with self._store.read() as tx:
            pool = _named(tx, name)
        if pool is None or not pool.failures:
            return
        with self._store.write() as tx:
            pools.failed(tx, name, 0, pool.not_before_ns)

    def waits(self, name: str, error: Unavailable) -> None:
        """The pool's next machine cannot start now: nobody failed, it is looked at again soon."""
        now = self._clock.now_ns()
        with self._store.write() as tx:
            pools.waits(
                tx, name, str(error), now + NO_ROOM_S * S, now, comes=isinstance(error, NotYet)
            )


def after(pool: Pool, now_ns: int) -> int:
    """How many failures in a row there are once one more is counted."""
    is_past = now_ns - pool.not_before_ns > FORGET_S * S
    return 1 if is_past else pool.failures + 1


def may_start(pool: Pool, now_ns: int) -> bool:
    """Whether the pause is over; one that no pause lasts as long as is a clock that was set back."""
    left_ns = pool.not_before_ns - now_ns
    return not 0 < left_ns <= max(BACKOFF_S) * S


def closed(tx: Tx, host: str, now_ns: int) -> set[str]:
    """The pools of which this host wakes nothing now.

    Those in the pause after a failure, and those whose machine came into quarantine by not waking
    (it was leased): another of them would not wake either. A pool that waits for room, or cannot
    start more, still wakes what it has.
    """
    pausing = {p.name for p in pools.listed(tx) if p.failures and not may_start(p, now_ns)}
    stopped = {m.pool for m in machines.alive(tx, host) if m.observed == "QUARANTINED" and m.fence}
    return pausing | stopped


def _named(tx: Tx, name: str) -> Pool | None:
    return next((p for p in pools.listed(tx) if p.name == name), None)
