"""Brings what is there to what is wanted: one pass reads everything anew and mends one thing at a time.

Events only wake it. Every transitional state has a deadline and leaves it by being destroyed and
replaced; a pool that cannot start machines is tried again ever more slowly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from collector.fleet.backends import Backends
from infra.clock import Clock
from infra.errors import Conflict, TrawlError
from infra.ids import Ids
from infra.store import Store, events, leases, machines, runs
from infra.store.rows import Machine, Observed, Pool

S: Final = 1_000_000_000
START_S: Final = 60
RESUME_S: Final = 60
BACKOFF_S: Final = (1, 5, 15, 60, 300)
"""After so many failed starts in a row a pool waits so long."""
IN_USE: Final = frozenset({"RESUMING", "READY", "BUSY"})
ENDING: Final = frozenset({"DIRTY", "LOST"})


@dataclass(slots=True)
class _Trouble:
    failures: int = 0
    not_before_s: float = 0.0


class Reconciler:
    """The machines of one host; used by one thread."""

    def __init__(self, store: Store, backends: Backends, clock: Clock, ids: Ids) -> None:
        self._store, self._backends, self._clock, self._ids = store, backends, clock, ids
        self._trouble: dict[str, _Trouble] = {}
        self._seen: list[str] = []

    def adopt(self) -> None:
        """After a start: whatever a dead controller was in the middle of is ended.

        Episodes that were running are queued again, their leases are released, machines in use
        are dirty; resting machines whose process is alive stay as they are.
        """
        now = self._clock.now_ns()
        with self._store.write() as tx:
            for episode in runs.running(tx):
                runs.end(tx, episode, "infra_lost", "the controller died", now)
            for lease in leases.live(tx):
                leases.release(tx, lease.machine, now, "the controller died")
            for machine in machines.alive(tx):
                if machine.observed in IN_USE or machine.observed == "STARTING":
                    machines.move(tx, machine, "DIRTY", "the controller died", now)

    def tick(self) -> bool:
        """One pass; returns whether anything was changed."""
        with self._store.read() as tx:
            pools, rows = machines.pools(tx), machines.alive(tx)
        for kind in {m.kind for m in rows} | {p.kind for p in pools}:
            self._backends(kind)
        there = {kind: self._backends(kind).alive() for kind in self._backends.opened()}
        changed = self._orphans(rows, there)
        current = []
        for machine in rows:
            if self._settle(machine, there[machine.kind]):
                changed = True
            elif machine.observed not in ENDING:
                current.append(machine)
        for pool in pools:
            mine = [m for m in current if m.pool == pool.name]
            changed = self._fit(pool, mine) or changed
        self._note_seen()
        named = {p.name for p in pools}
        for machine in current:
            if machine.pool not in named and machine.observed not in IN_USE:
                changed = self._end(machine, "its pool was removed") or changed
        return changed

    def _note_seen(self) -> None:
        """Write down, in one transaction, which machines showed a sign of life."""
        if self._seen:
            with self._store.write() as tx:
                machines.seen(tx, self._seen, self._clock.now_ns())
            self._seen.clear()

    def _orphans(self, rows: list[Machine], there: dict[str, set[str]]) -> bool:
        """Destroy machines of ours that no row knows."""
        known = {m.uuid for m in rows}
        strays = [(kind, uuid) for kind, uuids in there.items() for uuid in uuids - known]
        for kind, uuid in strays:
            self._backends(kind).destroy(uuid)
            with self._store.write() as tx:
                events.add(tx, self._clock.now_ns(), "machine.orphan", uuid, "no row knows it")
        return bool(strays)

    def _settle(self, machine: Machine, there: set[str]) -> bool:
        """Take a machine out of a state it must not stay in; True where it was."""
        now = self._clock.now_ns()
        if machine.observed in ENDING:
            return self._end(machine, machine.reason)
        if machine.observed == "STARTING" and machine.deadline_ns and machine.deadline_ns > now:
            return False
        if machine.uuid not in there:
            return self._lost(machine, "its process is gone")
        if machine.deadline_ns is not None and machine.deadline_ns < now:
            return self._lost(machine, f"{machine.observed} took too long")
        if machine.observed not in IN_USE and machine.desired == "GONE":
            return self._end(machine, "it was asked to go")
        self._seen.append(machine.uuid)
        return False

    def _lost(self, machine: Machine, reason: str) -> bool:
        """A machine that is gone or stuck: its holder is refused from now on."""
        now = self._clock.now_ns()
        try:
            with self._store.write() as tx:
                lost = machines.move(tx, machine, "LOST", reason, now)
                leases.release(tx, machine.uuid, now, reason)
        except Conflict:
            return False
        return self._end(lost, reason)

    def _end(self, machine: Machine, reason: str) -> bool:
        """Take it out of use, destroy it, say so; one that changed meanwhile is left alone."""
        try:
            if machine.observed not in ENDING:
                machine = self._move(machine, "DIRTY", reason)
            self._backends(machine.kind).destroy(machine.uuid)
            self._move(machine, "GONE", reason)
        except Conflict:
            return False
        return True

    def _fit(self, pool: Pool, mine: list[Machine]) -> bool:
        """Start what a pool lacks, one a pass; end what it has too many."""
        surplus = len(mine) - pool.count
        if surplus > 0:
            resting = [m for m in mine if m.observed not in IN_USE]
            for machine in resting[-surplus:] if resting else []:
                self._end(machine, "the pool was made smaller")
            return bool(resting)
        trouble = self._trouble.setdefault(pool.name, _Trouble())
        if surplus == 0 or self._clock.monotonic_s() < trouble.not_before_s:
            return False
        return self._start(pool, trouble)

    def _start(self, pool: Pool, trouble: _Trouble) -> bool:
        machine = self._planned(pool)
        with self._store.write() as tx:
            machines.add(tx, machine)
        try:
            self._backends(pool.kind).start(machine, pool)
        except TrawlError as error:
            trouble.failures += 1
            wait_s = BACKOFF_S[min(trouble.failures, len(BACKOFF_S)) - 1]
            trouble.not_before_s = self._clock.monotonic_s() + wait_s
            self._end(machine, f"it did not start: {error}")
            return True
        trouble.failures = 0
        self._move(machine, "PARKED", "started")
        return True

    def _planned(self, pool: Pool) -> Machine:
        now, uuid = self._clock.now_ns(), self._ids.uuid()
        return Machine(
            uuid, f"{pool.name}-{uuid[:8]}", pool.name, pool.kind, pool.image,
            "RUNNING", "STARTING", "the pool lacks one", now, now + START_S * S, now, 0, 0, 0,
        )  # fmt: skip

    def _move(self, machine: Machine, observed: Observed, reason: str) -> Machine:
        with self._store.write() as tx:
            return machines.move(tx, machine, observed, reason, self._clock.now_ns())
