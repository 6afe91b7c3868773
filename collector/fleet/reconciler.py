"""Brings what is there to what is wanted: one pass reads everything anew and mends what it can.

Events only wake it; it believes what it looks at. Every transitional state has a deadline and is
left by it. It alone writes what is observed of this host's machines.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Final

from collector.fleet.backends import Backends
from collector.fleet.capacity import Capacity
from collector.fleet.deadlines import ASK_AFTER_S, S
from collector.fleet.ending import Endings
from collector.fleet.judge import ENDING, IN_USE, Verdict, before, judge
from collector.fleet.jump import Jump
from collector.fleet.recycle import Recycle
from collector.fleet.supply import Supply
from infra.clock import Clock
from infra.errors import Conflict
from infra.ids import Ids
from infra.store import Store, events, hosts, leases, machines, pools, runs
from infra.store.rows import Host, Machine, Pool

ASKED: Final = 64
"""So many machines are asked for a sign of life in one pass."""
COST_EVERY_S: Final = 10.0
REPORT_S: Final = 5.0
HERE: Final = "here"
"""The name of the only host where nothing else is said."""
Signs = dict[str, set[str]]


class Reconciler:
    """The machines of one host; used by one thread."""

    def __init__(
        self,
        store: Store,
        backends: Backends,
        clock: Clock,
        ids: Ids,
        host: str = HERE,
        measure: Callable[[], Capacity] = Capacity,
        endings: Endings | None = None,
    ) -> None:
        self._store, self._backends, self._clock, self._host = store, backends, clock, host
        self._measure = measure
        self._endings = endings or Endings(store, backends, clock)
        self._supply = Supply(store, backends, clock, ids, host, self._endings)
        self._jump = Jump(clock)
        self._costed_s = 0.0
        self._reported_s = float("-inf")
        self.leaves = False
        """Whether this host is to have no machine any more, whatever is wanted."""
        self._missing_s: dict[str, float] = {}
        self._asked_s: dict[str, float] = {}

    def adopt(self) -> None:
        """After a start: whatever a dead controller of this host was in the middle of is ended.

        Episodes that were running here are queued again, their leases are released, machines in
        use are dirty; resting machines whose process is alive stay as they are.
        """
        now = self._clock.now_ns()
        with self._store.write() as tx:
            mine = machines.alive(tx, self._host)
            here = {m.uuid for m in mine}
            for episode in runs.running(tx, self._host):
                runs.end(tx, episode, "infra_lost", "the controller died", now)
            for lease in leases.live(tx):
                if lease.machine in here:
                    leases.release(tx, lease.machine, now, "the controller died")
            for machine in mine:
                was = before(machine) if machine.observed == "UNKNOWN" else machine.observed
                if was in IN_USE or was == "STARTING":
                    machines.move(tx, machine, "DIRTY", "the controller died", now)
            machines.seen(tx, [m.uuid for m in mine if m.observed == "PARKED"], now)
        kept = [m.uuid for m in mine if m.observed == "QUARANTINED"]
        self._endings.screens.forget_others(kept)

    def tick(self) -> bool:
        """One pass; returns whether anything was changed."""
        self._heed_clock()
        self._report()
        with self._store.read() as tx:
            wanted, mine = pools.listed(tx), machines.alive(tx, self._host)
            known = hosts.listed(tx)
        there = self._look(mine, wanted)
        changed = self._orphans(mine, there)
        mine = self._ask(mine, there)
        missing_s = self._missing(mine, there)
        policies = {pool.name: Recycle.of(pool.recycle) for pool in wanted}
        current = []
        for machine in mine:
            verdict = judge(
                machine, missing_s=missing_s.get(machine.uuid),
                recycle=policies.get(machine.pool, Recycle()), now_ns=self._clock.now_ns(),
            )  # fmt: skip
            if verdict.kind == "keep":
                current.append(machine)
            else:
                changed = self._apply(machine, verdict) or changed
        if self.leaves:
            return self._supply.clear(current, f"its host {self._host} leaves the fleet") or changed
        return self._supply.fit(wanted, current, known) or changed

    def _heed_clock(self) -> None:
        by_ns = self._jump.since_last_ns()
        if by_ns:
            self._reported_s = float("-inf")
            with self._store.write() as tx:
                machines.shift(tx, self._host, by_ns, self._clock.now_ns())

    def _report(self) -> None:
        """Say now and then that this host is there, and what it has."""
        if self._clock.monotonic_s() - self._reported_s < REPORT_S:
            return
        self._reported_s, has = self._clock.monotonic_s(), self._measure()
        now = self._clock.now_ns()
        with self._store.write() as tx:
            hosts.report(tx, Host(self._host, now, **dataclasses.asdict(has)))

    def _look(self, mine: list[Machine], wanted: list[Pool]) -> Signs:
        """The processes that are there, by kind."""
        for kind in {m.kind for m in mine} | {p.kind for p in wanted if p.count}:
            self._backends(kind)
        return {kind: self._backends(kind).alive() for kind in self._backends.opened()}

    def _missing(self, mine: list[Machine], there: Signs) -> dict[str, float]:
        """For how long each process that should be there is not."""
        now_s = self._clock.monotonic_s()
        absent = [m.uuid for m in mine if m.uuid not in there[m.kind]]
        self._missing_s = {uuid: self._missing_s.get(uuid, now_s) for uuid in absent}
        return {uuid: now_s - since_s for uuid, since_s in self._missing_s.items()}

    def _ask(self, mine: list[Machine], there: Signs) -> list[Machine]:
        """Machines with what those said that had not given a sign for a while."""
        now, steady_s = self._clock.now_ns(), self._clock.monotonic_s()
        stale = [
            m for m in mine
            if m.uuid in there[m.kind] and now - m.seen_ns > ASK_AFTER_S * S
            and steady_s - self._asked_s.get(m.uuid, float("-inf")) > ASK_AFTER_S
            and m.observed not in ENDING and m.observed != "QUARANTINED"
        ]  # fmt: skip
        if not stale:
            return mine
        oldest = sorted(stale, key=lambda m: m.seen_ns)[:ASKED]
        # One that hangs costs a pass its whole deadline: it is not asked again at once.
        here = {m.uuid for m in mine}
        self._asked_s = {u: at_s for u, at_s in self._asked_s.items() if u in here}
        self._asked_s |= {m.uuid: steady_s for m in oldest}
        seen: set[str] = set()
        for kind in {m.kind for m in oldest}:
            uuids = [m.uuid for m in oldest if m.kind == kind]
            seen |= self._backends(kind).answering(uuids)
        self._note(seen, there)
        with self._store.read() as tx:
            return machines.alive(tx, self._host)

    def _note(self, seen: set[str], there: Signs) -> None:
        """Write who answered, and now and then what the machines cost."""
        private: dict[str, int] = {}
        if self._clock.monotonic_s() - self._costed_s > COST_EVERY_S:
            self._costed_s = self._clock.monotonic_s()
            for kind, uuids in there.items():
                backend = self._backends(kind)
                private |= {u: size for u in uuids & seen if (size := backend.private_bytes(u))}
        with self._store.write() as tx:
            machines.seen(tx, sorted(seen), self._clock.now_ns())
            machines.costs(tx, private)

    def _orphans(self, rows: list[Machine], there: Signs) -> bool:
        """Destroy machines that no row of ours knows, and the processes of those in quarantine."""
        known = {m.uuid for m in rows}
        kept = {m.uuid for m in rows if m.observed == "QUARANTINED"}
        strays = [(kind, uuid) for kind, uuids in there.items() for uuid in uuids - (known - kept)]
        for kind, uuid in strays:
            self._backends(kind).destroy(uuid)
            reason = "it is in quarantine" if uuid in kept else "no row knows it"
            with self._store.write() as tx:
                events.add(tx, self._clock.now_ns(), "machine.orphan", uuid, reason)
        return bool(strays)

    def _apply(self, machine: Machine, verdict: Verdict) -> bool:
        if verdict.kind == "end":
            return self._endings.end(machine, verdict.reason)
        if verdict.kind == "lost":
            return self._endings.lost(machine, verdict.reason)
        try:
            if verdict.kind == "unknown":
                self._endings.move(machine, "UNKNOWN", verdict.reason, stage=machine.observed)
            else:
                self._endings.move(machine, before(machine), verdict.reason)
        except Conflict:
            return False
        return True
