"""One episode at a time: claim it with a machine, wake the machine, let the explorer work, let go.

Claiming is one transaction: the episode, the lease and the machine's state change together or
not at all. However an episode ends, its machine is dirty and its lease is released.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from collector.fleet import budget
from collector.fleet.backends import Backends
from collector.fleet.deadlines import LEASE_S, START_BUDGET, S, until_ns
from collector.fleet.last_screen import LastScreens
from collector.fleet.reconciler import HERE
from collector.fleet.recycle import Latency, Recycle
from envs.base import Env
from infra.clock import Clock
from infra.errors import Conflict, InfraLost, TrawlError, Unavailable
from infra.ids import Ids
from infra.store import Store, events, leases, machines, pools, runs
from infra.store.rows import Episode, EpisodeStatus, Lease, Machine, Observed, Run

LET_GO_S: Final = 1.0
COST_STEPS: Final = 10
"""After so many steps it is looked at what the machine costs."""
Committed = Callable[[int, str, float], None]


@dataclass(frozen=True, slots=True)
class Assignment:
    """An episode with the machine and the lease to run it."""

    run: Run
    episode: Episode
    machine: Machine
    lease: Lease


@dataclass(frozen=True, slots=True)
class Ended:
    """How an episode ended."""

    status: EpisodeStatus
    reason: str


class Collects(Protocol):
    """Records one episode on a machine that is awake."""

    def __call__(
        self,
        work: Assignment,
        env: Env,
        committed: Committed,
        stop: Callable[[], bool],
    ) -> Ended:
        """Record until done or `stop()`.

        Calls `committed(steps, action, observe_s)` after each step, with the seconds that acting
        and looking took.
        """
        ...  # fmt: skip


class Worker:
    """Runs assignments on the machines of one host; each is used by one thread."""

    def __init__(
        self,
        store: Store,
        backends: Backends,
        collect: Collects,
        clock: Clock,
        ids: Ids,
        host: str = HERE,
        screens: LastScreens | None = None,
    ) -> None:
        self._store, self._backends, self._collect = store, backends, collect
        self._clock, self._ids, self._host = clock, ids, host
        self._screens = screens or LastScreens()

    def claim(self) -> Assignment | None:
        """The next episode that waits and a resting machine for it; None where one lacks."""
        now = self._clock.now_ns()
        with self._store.read() as tx:
            if not runs.is_waiting(tx):
                return None
        with self._store.write() as tx:
            closed = budget.closed(tx, self._host, now)
            resting = [m for m in machines.resting(tx, self._host) if m.pool not in closed]
            if not resting:
                return None
            names = sorted({m.pool for m in resting})
            episode = runs.claim(tx, names, self._ids.new("ep"), now)
            if episode is None:
                return None
            run = runs.get(tx, episode.run)
            machine = next(m for m in resting if m.pool == run.pool)
            lease = leases.acquire(
                tx, self._ids.new("ls"), machine.uuid, episode.recording,
                at_ns=now, until_ns=now + LEASE_S * S,
            )  # fmt: skip
            runs.machine_of(tx, episode, machine.uuid)
            machine = machines.move(
                tx, machine, "RESUMING", f"leased to {run.id}", now,
                deadline_ns=until_ns("RESUMING", now),
            )  # fmt: skip
        return Assignment(run, episode, machine, lease)

    def perform(self, work: Assignment, stopping: Callable[[], bool]) -> Ended:
        """Wake, record, release. Never raises a TrawlError: it is how the episode ended."""
        session = _Session(self._store, self._backends, self._clock, work, self._screens)
        try:
            env = session.wake()
            ended = self._collect(work, env, session.committed,
                                  lambda: stopping() or session.is_over())  # fmt: skip
        except TrawlError as error:
            ended = Ended("infra_lost", str(error))
        except Exception as error:  # noqa: BLE001 - a defect ends the episode, not the fleet
            ended = Ended("failed", f"{type(error).__name__}: {error}")
        if session.worn and ended.status == "interrupted":
            ended = Ended("interrupted", session.worn)
        self._let_go(session, ended, stopping)
        return ended

    def _let_go(self, session: _Session, ended: Ended, stopping: Callable[[], bool]) -> None:
        """Write how it ended; while the database is away, again and again.

        What a worker that is told to stop cannot write, the next controller ends.
        """
        while True:
            try:
                session.let_go(ended)
            except Unavailable:
                if stopping():
                    return
                self._clock.sleep(LET_GO_S)
            else:
                return


class _Session:
    """One lease from its first moment to its last, as the database sees it."""

    def __init__(
        self,
        store: Store,
        backends: Backends,
        clock: Clock,
        work: Assignment,
        screens: LastScreens,
    ) -> None:
        self._store, self._backends, self._clock, self._work = store, backends, clock, work
        self._screens, self._budget = screens, budget.Budget(store, clock)
        self._latency = Latency()
        self._policy = Recycle()
        self._machine = work.machine
        self.worn = ""
        """Why the machine must be replaced though the episode could go on."""
        self._spent = ""
        """Why its pool stops, where its failure spent the budget."""
        self._shown = ""

    def wake(self) -> Env:
        """The machine, answering. Raises TrawlError; that counts against its pool."""
        backend = self._backends(self._machine.kind)
        with self._store.read() as tx:
            pool = next((p for p in pools.listed(tx) if p.name == self._machine.pool), None)
        self._policy = Recycle.of(pool.recycle if pool else {})
        if self._machine.uuid not in backend.alive():
            raise InfraLost("its process was gone before it was woken")  # not its pool's failure
        try:
            env = backend.wake(self._machine, self._work.lease.fence)
        except Exception as error:
            self._failed(error)
            raise
        self._move("READY", "it answered")
        self._move("BUSY", self._work.episode.recording)
        self._budget.worked(self._machine.pool)
        return env

    def _failed(self, error: Exception) -> None:
        """It did not wake: that counts, and whoever spends the budget is kept to be seen."""
        if self._budget.failed(self._machine.pool):
            self._shown = self._screens.keep(self._backends, self._machine)
            self._spent = f"it did not wake: {error} ({START_BUDGET} times in a row)"

    def _move(self, observed: Observed, reason: str) -> None:
        now = self._clock.now_ns()
        with self._store.write() as tx:
            self._machine = machines.move(
                tx, self._machine, observed, reason, now, deadline_ns=until_ns(observed, now)
            )

    def committed(self, steps: int, action: str, observe_s: float) -> None:
        """A step is on disk: count it and keep the lease. Raises Conflict where it was taken."""
        now, uuid = self._clock.now_ns(), self._machine.uuid
        self._latency.add(observe_s)
        until = now + LEASE_S * S
        with self._store.write() as tx:
            leases.renew(tx, self._work.lease, until)
            machines.progressed(tx, uuid, now, until, round(self._latency.p95_s() * 1000))
            runs.step(tx, self._work.episode, steps, now, action)
        if steps % COST_STEPS == 0:
            private = self._backends(self._machine.kind).private_bytes(uuid)
            self.worn = self._policy.working(private, self._latency.drift())

    def is_over(self) -> bool:
        """Whether the run was cancelled or the machine is worn out."""
        with self._store.read() as tx:
            return bool(self.worn) or runs.get(tx, self._work.run.id).status == "cancelling"

    def let_go(self, ended: Ended) -> None:
        """End the episode and the lease; the machine rests again or is dirty."""
        reason = self._spent or self.worn or f"episode {ended.status}"
        rests = self._may_rest(ended)
        now = self._clock.now_ns()
        with self._store.write() as tx:
            runs.end(tx, self._work.episode, ended.status, ended.reason, now)
            leases.release(tx, self._machine.uuid, now, ended.status)
            machines.served(tx, self._machine.uuid)
            machine = machines.get(tx, self._machine.uuid)
            if machine.observed in ("LOST", "GONE", "DIRTY"):
                return
            with contextlib.suppress(Conflict):
                state = self._next(rests=rests)
                machines.move(tx, machine, state, reason, now,
                              deadline_ns=until_ns(state, now))  # fmt: skip
                if self._spent:
                    events.add(tx, now, "machine.last_screen", machine.uuid, self._shown)

    def _next(self, *, rests: bool) -> Observed:
        if self._spent:
            return "QUARANTINED"
        return "PARKED" if rests else "DIRTY"

    def _may_rest(self, ended: Ended) -> bool:
        """Whether the pool lets it serve again and it could be made clean."""
        again = self._machine.episodes + 1 < self._policy.episodes
        if not again or self.worn or ended.status not in ("completed", "interrupted"):
            return False
        try:
            return self._backends(self._machine.kind).rest(self._machine.uuid)
        except TrawlError:
            return False
