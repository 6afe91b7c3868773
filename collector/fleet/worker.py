"""One episode at a time: claim it with a machine, wake the machine, let the explorer work, let go.

Claiming is one transaction: the episode, the lease and the machine's state change together or
not at all. However an episode ends, its machine is dirty and its lease is released.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from collector.fleet.backends import Backends
from collector.fleet.reconciler import RESUME_S, S
from envs.base import Env
from infra.clock import Clock
from infra.errors import Conflict, TrawlError
from infra.ids import Ids
from infra.store import Store, leases, machines, runs
from infra.store.rows import Episode, EpisodeStatus, Lease, Machine, Observed, Run

LEASE_S: Final = 180
"""A holder that commits no step for so long loses its machine."""


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
        committed: Callable[[int, str], None],
        stop: Callable[[], bool],
    ) -> Ended:
        """Record until done or `stop()`; call `committed(steps, action)` after each step."""
        ...  # fmt: skip


class Worker:
    """Runs assignments; each is used by one thread."""

    def __init__(
        self,
        store: Store,
        backends: Backends,
        collect: Collects,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store, self._backends, self._collect = store, backends, collect
        self._clock, self._ids = clock, ids

    def claim(self) -> Assignment | None:
        """The next episode that waits and a resting machine for it; None where one lacks."""
        now = self._clock.now_ns()
        with self._store.write() as tx:
            resting = [
                m for m in machines.alive(tx)
                if m.observed == "PARKED" and m.desired == "RUNNING"
            ]  # fmt: skip
            if not resting:
                return None
            episode = runs.claim(tx, sorted({m.pool for m in resting}), self._ids.new("ep"), now)
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
                tx, machine, "RESUMING", f"leased to {run.id}", now, deadline_ns=now + RESUME_S * S
            )
        return Assignment(run, episode, machine, lease)

    def perform(self, work: Assignment, stopping: Callable[[], bool]) -> Ended:
        """Wake, record, release. Never raises a TrawlError: it is how the episode ended."""
        machine = work.machine
        try:
            env = self._backends(machine.kind).wake(machine, work.lease.fence)
            machine = self._move(machine, "READY", "it answered")
            machine = self._move(machine, "BUSY", work.episode.recording)
            ended = self._collect(
                work, env, lambda steps, action: self._committed(work, steps, action),
                lambda: stopping() or self._cancelled(work),
            )  # fmt: skip
        except TrawlError as error:
            ended = Ended("infra_lost", str(error))
        except Exception as error:  # noqa: BLE001 - a defect ends the episode, not the fleet
            ended = Ended("failed", f"{type(error).__name__}: {error}")
        self._let_go(work, ended)
        return ended

    def _move(self, machine: Machine, observed: Observed, reason: str) -> Machine:
        now = self._clock.now_ns()
        deadline = now + LEASE_S * S if observed == "BUSY" else now + RESUME_S * S
        with self._store.write() as tx:
            return machines.move(tx, machine, observed, reason, now, deadline_ns=deadline)

    def _committed(self, work: Assignment, steps: int, action: str) -> None:
        """A step is on disk: count it and keep the lease. Raises Conflict where it was taken."""
        now = self._clock.now_ns()
        with self._store.write() as tx:
            leases.renew(tx, work.lease, now + LEASE_S * S)
            machines.extend(tx, work.machine.uuid, now + LEASE_S * S)
            runs.step(tx, work.episode, steps, now, action)

    def _cancelled(self, work: Assignment) -> bool:
        with self._store.read() as tx:
            return runs.get(tx, work.run.id).status == "cancelling"

    def _let_go(self, work: Assignment, ended: Ended) -> None:
        now = self._clock.now_ns()
        with self._store.write() as tx:
            runs.end(tx, work.episode, ended.status, ended.reason, now)
            leases.release(tx, work.machine.uuid, now, ended.status)
            machine = machines.get(tx, work.machine.uuid)
            if machine.observed not in ("LOST", "GONE", "DIRTY"):
                with contextlib.suppress(Conflict):
                    machines.move(tx, machine, "DIRTY", f"episode {ended.status}", now)
