"""One episode at a time: claim it with a machine, wake the machine, let the explorer work, let go.

Claiming is one transaction: the episode, the lease and the machine's state change together or
not at all. However an episode ends, its machine is dirty and its lease is released.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from collector.fleet import budget
from collector.fleet.backends import Backends
from collector.fleet.deadlines import LEASE_S, START_BUDGET, S, until_ns
from collector.fleet.last_screen import LastScreens
from collector.fleet.reconciler import HERE
from collector.fleet.recycle import Latency, Recycle
from envs.base import Env
from infra.clock import Clock
from infra.disk import is_full
from infra.errors import Conflict, InfraLost, TrawlError, Unavailable
from infra.ids import Ids
from infra.store import Store, Tx, events, leases, machines, pools, runs
from infra.store.rows import Episode, EpisodeStatus, Lease, Machine, Observed, Pool, Run

ASK_AGAIN_S: Final = 1.0
"""While the database is away it is asked so often."""
COST_STEPS: Final = 10
"""After so many steps it is looked at what the machine costs."""
Committed = Callable[[int, str, float], None]
T = TypeVar("T")


def leaves(host: str) -> str:
    """Why an episode is handed over and a machine ended, where their host leaves."""
    return f"its host {host} leaves the fleet"


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
    enough: str = ""
    """Why the rest of its run is not worth beginning; empty where it is."""


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
        self._doubtful: list[str] = []
        """Recordings of claims whose commit was not answered: nobody knows whether they are."""

    def claim(self) -> Assignment | None:
        """The next episode that waits and a resting machine for it; None where one lacks."""
        now = self._clock.now_ns()
        self._settle_doubts()
        with self._store.read() as tx:
            if not runs.is_waiting(tx):
                return None
        there = self._there()
        recording = self._ids.new("ep")
        try:
            with self._store.write() as tx:
                return self._taken(tx, recording, now, there)
        except Unavailable:
            self._doubtful.append(recording)
            raise

    def _there(self) -> set[str]:
        """The machines whose process is there: no attempt is spent on one that died meanwhile."""
        return set[str]().union(*(self._backends(k).alive() for k in self._backends.opened()))

    def _taken(self, tx: Tx, recording: str, now: int, there: set[str]) -> Assignment | None:
        closed = budget.closed(tx, self._host, now)
        resting = [m for m in machines.resting(tx, self._host)
                   if m.uuid in there and m.pool not in closed]  # fmt: skip
        if not resting:
            return None
        names = sorted({m.pool for m in resting})
        episode = runs.claim(tx, names, recording, now)
        if episode is None:
            return None
        run = runs.get(tx, episode.run)
        machine = next(m for m in resting if m.pool == run.pool)
        lease = leases.acquire(
            tx, self._ids.new("ls"), machine.uuid, recording,
            at_ns=now, until_ns=now + LEASE_S * S,
        )  # fmt: skip
        runs.machine_of(tx, episode, machine.uuid)
        machine = machines.move(
            tx, machine, "RESUMING", f"leased to {run.id}", now,
            deadline_ns=until_ns("RESUMING", now),
        )  # fmt: skip
        return Assignment(run, episode, machine, lease)

    def _settle_doubts(self) -> None:
        """Queue again what was claimed without anybody's knowing; its machine is lost by itself."""
        doubtful = tuple(self._doubtful)
        if not doubtful:
            return
        now = self._clock.now_ns()
        with self._store.write() as tx:
            for episode in runs.running(tx, self._host):
                if episode.recording in doubtful:
                    runs.end(tx, episode, "infra_lost", "the claim was not answered", now)
        for recording in doubtful:
            with contextlib.suppress(ValueError):  # another thread was first
                self._doubtful.remove(recording)

    def perform(
        self,
        work: Assignment,
        stopping: Callable[[], bool],
        hands_over: Callable[[], bool] = lambda: False,
    ) -> Ended:
        """Wake, record, release. Never raises a TrawlError: it is how the episode ended.

        What `stopping` interrupts while `hands_over` holds is queued again, for another host.
        """
        session = _Session(self._store, self._backends, self._clock, work, stopping, self._screens)
        try:
            env = session.wake()
            ended = self._collect(work, env, session.committed,
                                  lambda: stopping() or session.is_over())  # fmt: skip
        except TrawlError as error:
            ended = Ended("infra_lost", str(error))
        except OSError as error:
            ended = Ended("infra_lost" if is_full(error) else "failed", str(error))
        except Exception as error:  # noqa: BLE001 - a defect ends the episode, not the fleet
            ended = Ended("failed", f"{type(error).__name__}: {error}")
        if session.worn and ended.status == "interrupted":
            ended = Ended("interrupted", session.worn)
        if ended.status == "interrupted" and stopping() and hands_over():
            ended = Ended("infra_lost", leaves(self._host))
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
                self._clock.sleep(ASK_AGAIN_S)
            else:
                return


class _Session:
    """One lease from its first moment to its last, as the database sees it.

    While the database is away its machine is not driven: whoever asks or tells something waits
    until it is back, for as long as the lease lasts.
    """

    def __init__(
        self,
        store: Store,
        backends: Backends,
        clock: Clock,
        work: Assignment,
        stopping: Callable[[], bool],
        screens: LastScreens,
    ) -> None:
        self._store, self._backends, self._clock, self._work = store, backends, clock, work
        self._screens, self._budget = screens, budget.Budget(store, clock)
        self._stopping = stopping
        self._until_s = clock.monotonic_s() + LEASE_S
        self._latency = Latency()
        self._policy = Recycle()
        self._machine = work.machine
        self.worn = ""
        """Why the machine must be replaced though the episode could go on."""
        self._spent = ""
        """Why its pool stops, where its failure spent the budget."""
        self._shown = ""
        self._rests: bool | None = None

    def wake(self) -> Env:
        """The machine, answering. Raises TrawlError; that counts against its pool."""
        backend = self._backends(self._machine.kind)
        pool = self._parked(self._pool)
        self._policy = Recycle.of(pool.recycle if pool else {})
        if self._machine.uuid not in backend.alive():
            raise InfraLost("its process was gone before it was woken")  # not its pool's failure
        try:
            env = backend.wake(self._machine, self._work.lease.fence)
        except Exception as error:
            self._failed(error)
            raise
        self._parked(lambda: self._move("READY", "it answered"))
        self._parked(lambda: self._move("BUSY", self._work.episode.recording))
        self._budget.worked(self._machine.pool)
        return env

    def _pool(self) -> Pool | None:
        with self._store.read() as tx:
            return next((p for p in pools.listed(tx) if p.name == self._machine.pool), None)

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
        uuid = self._machine.uuid
        self._latency.add(observe_s)
        self._parked(lambda: self._tell(steps, action))
        if steps % COST_STEPS == 0:
            private = self._backends(self._machine.kind).private_bytes(uuid)
            self.worn = self._policy.working(private, self._latency.drift())

    def _tell(self, steps: int, action: str) -> None:
        now, until_s = self._clock.now_ns(), self._clock.monotonic_s() + LEASE_S
        until, p95_ms = now + LEASE_S * S, round(self._latency.p95_s() * 1000)
        with self._store.write() as tx:
            leases.renew(tx, self._work.lease, until)
            machines.progressed(tx, self._machine.uuid, now, until, p95_ms)
            runs.step(tx, self._work.episode, steps, now, action)
        self._until_s = until_s

    def _parked(self, act: Callable[[], T]) -> T:
        """What `act` answers once the database does. Raises Unavailable when the lease is over."""
        while True:
            try:
                return act()
            except Unavailable:
                if self._stopping() or self._clock.monotonic_s() >= self._until_s:
                    raise
                self._clock.sleep(ASK_AGAIN_S)

    def is_over(self) -> bool:
        """Whether the run was cancelled or the machine is worn out."""
        return bool(self.worn) or self._parked(self._is_cancelled)

    def _is_cancelled(self) -> bool:
        with self._store.read() as tx:
            return runs.get(tx, self._work.run.id).status == "cancelling"

    def let_go(self, ended: Ended) -> None:
        """End the episode and the lease; the machine rests again or is dirty."""
        reason = self._spent or self.worn or f"episode {ended.status}"
        if self._rests is None:  # asked once: later it may be somebody else's already
            self._rests = self._may_rest(ended)
        now = self._clock.now_ns()
        with self._store.write() as tx:
            runs.end(tx, self._work.episode, ended.status, ended.reason, now)
            if ended.enough:
                runs.enough(tx, self._work.run.id, ended.enough, now)
            if not leases.give_back(tx, self._work.lease, now, ended.status):
                return  # the machine is not ours any more; it may be somebody's already
            machines.served(tx, self._machine.uuid)
            machine = machines.get(tx, self._machine.uuid)
            if machine.observed in ("LOST", "GONE", "DIRTY"):
                return
            with contextlib.suppress(Conflict):
                state = self._next(rests=self._rests)
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
