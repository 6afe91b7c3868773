"""One world: a fleet, its work, and what goes wrong, all drawn from a seed, in one thread.

Between any two actions of an episode the world may turn: time passes, the reconciler looks, another
worker takes an episode, a process dies or hangs, the clock jumps, the controller is killed. After
every look the invariants of the specification hold; at the end, with the faults gone, all converges.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from collector.collect import Collector
from collector.fleet.backends import Backends
from collector.fleet.deadlines import SIGN_TTL_S, S
from collector.fleet.judge import IN_USE
from collector.fleet.reconciler import Reconciler
from collector.fleet.worker import Worker
from envs.recording.reader import read
from infra.clock import FakeClock
from infra.ids import RandomIds
from infra.settings import Settings
from infra.store import Store, events, leases, machines, pools, runs
from infra.store.rows import Pool, Run
from tests.collector.fleet.transitions import FOLLOW
from tests.sim.chance import Plan
from tests.sim.machines import Machines

DEPTH = 2
"""Episodes that run at once."""
TURNS = 40
QUIET_PASSES = 400


class Killed(BaseException):
    """The controller's process is gone: nothing of it goes on."""


class Mortal(Store):
    """A database whose writer may be killed before a commit or after it."""

    dies: Callable[[], bool] = staticmethod(lambda: False)

    @contextlib.contextmanager
    def write(self) -> Iterator[Any]:
        with super().write() as tx:
            yield tx
            if self.dies():
                raise Killed
        if self.dies():
            raise Killed


class World:
    """Everything that a seed makes."""

    def __init__(self, home: Path, seed: int, plan: Plan | None = None) -> None:
        self.rng = random.Random(seed)
        self.plan = plan or Plan.drawn(self.rng)
        self.home, self.clock = home, FakeClock()
        self.ids = RandomIds(self.clock, random.Random(seed + 1))
        self.guest = Machines(self.clock, self.rng)
        for fault in ("bad_starts", "no_room", "bad_wakes", "lost_answers"):
            setattr(self.guest, fault, getattr(self.plan, fault))
        self.guest.between = self.turn
        self.store = Mortal(home / "trawl.db")
        self.count = self.plan.machines
        self.calm = False
        self.dies: Callable[[], bool] = lambda: self.rng.random() < self.plan.crashes_in_commits
        self.depth = 0
        self.heard = 0
        self.fences: dict[str, int] = {}
        self.boot()

    def boot(self) -> None:
        """A controller starts: it knows nothing and adopts."""
        self.depth = 0
        backends = Backends(lambda kind: self.guest)
        backends("sim")
        settings = Settings(home=self.home, cache=self.home)
        self.reconciler = Reconciler(self.store, backends, self.clock, self.ids)
        collect = Collector(settings, self.clock)
        self.worker = Worker(self.store, backends, collect, self.clock, self.ids)
        self.reconciler.adopt()

    def run(self) -> None:
        """Live through the faults, then converge."""
        self.want(self.count)
        with self.store.write() as tx:
            runs.submit(tx, Run("run", "p", "walk", self.plan.episodes, self.plan.steps, 0,
                                "queued", self.clock.now_ns(), None))  # fmt: skip
        self.store.dies = lambda: not self.calm and self.dies()
        for _ in range(TURNS):
            self.surviving(self.turn)
        self.heal()
        for _ in range(QUIET_PASSES):
            self.turn()
            if self.is_quiet():
                break
            self.clock.sleep(3.0)
        self.converged()

    def surviving(self, part: Callable[[], None]) -> None:
        """Do it; where the controller was killed in it, another one starts."""
        try:
            part()
        except Killed:
            while True:
                with contextlib.suppress(Killed):
                    self.boot()
                    return

    def want(self, count: int) -> None:
        self.count = count
        with self.store.write() as tx:
            pools.want(tx, [Pool("p", "sim", "", count)], self.clock.now_ns())

    def turn(self) -> None:
        """Something happens."""
        self.clock.sleep(self.rng.random() * 2)
        if not self.calm:
            self.mishap()
        self.reconciler.tick()
        self.holds()
        if self.depth < DEPTH:
            self.work()

    def mishap(self) -> None:
        """At most a few things go wrong at a turn."""
        plan, rng = self.plan, self.rng
        if self.guest.there and rng.random() < plan.kills:
            self.guest.there.pop(rng.choice(sorted(self.guest.there)))
        if self.guest.there and rng.random() < plan.hangs:
            process = self.guest.there[rng.choice(sorted(self.guest.there))]
            process.hangs = not process.hangs
        if rng.random() < plan.jumps:
            self.clock.start_ns += rng.choice((-3600, 3600)) * S
        if rng.random() < plan.scales:
            self.want(rng.randint(0, 4))
        if rng.random() < plan.cancels:
            with self.store.write() as tx:
                runs.cancel(tx, "run", self.clock.now_ns())
        if rng.random() < plan.crashes:
            raise Killed

    def work(self) -> None:
        """A worker takes an episode, if one waits; the world goes on meanwhile."""
        claimed = self.worker.claim()
        if claimed is None:
            return
        self.depth += 1
        self.worker.perform(claimed, lambda: False)
        self.depth -= 1

    def holds(self) -> None:
        """The invariants, right after a look."""
        now = self.clock.now_ns()
        with self.store.read() as tx:
            held, rows = leases.live(tx), machines.alive(tx)
        assert len({lease.machine for lease in held}) == len(held), "two drivers"
        for machine in rows:
            assert machine.fence >= self.fences.get(machine.uuid, 0), "a fence fell"
            self.fences[machine.uuid] = machine.fence
            if machine.observed in (*IN_USE, "PARKED"):
                age_s = (now - machine.seen_ns) / S
                assert age_s <= SIGN_TTL_S + 5, f"a stale {machine.observed}: {age_s:.0f} s"
            if machine.deadline_ns is not None:
                late_s = (now - machine.deadline_ns) / S
                assert late_s < 10, f"stuck in {machine.observed} for {late_s:.0f} s too long"
        self.follows()
        assert max(self.guest.applied.values(), default=0) <= 1, "an action was applied twice"

    def follows(self) -> None:
        """No machine's state followed one that it may not."""
        with self.store.read() as tx:
            said = events.after(tx, self.heard)
        self.heard = said[-1].id if said else self.heard
        for event in (event for event in said if event.kind == "machine.state"):
            state = event.payload["state"]
            before = event.payload.get("before", "ABSENT")
            assert state in FOLLOW[before], f"{event.subject}: {state} after {before}"

    def heal(self) -> None:
        """No fault any more; an operator releases what is in quarantine and wants machines."""
        self.calm = True
        for fault in ("bad_starts", "no_room", "bad_wakes", "lost_answers"):
            setattr(self.guest, fault, 0.0)
        for process in self.guest.there.values():
            process.hangs = False
        self.want(max(1, self.count))
        with self.store.write() as tx:
            for machine in machines.alive(tx):
                if machine.observed == "QUARANTINED":
                    machines.want(tx, machine.uuid, "GONE", self.clock.now_ns())

    def is_quiet(self) -> bool:
        """Whether the fleet is as wanted and the run has ended."""
        with self.store.read() as tx:
            states = [m.observed for m in machines.alive(tx)]
            status = runs.get(tx, "run").status
        there = len(self.guest.there) == self.count
        return there and states == ["PARKED"] * self.count and status not in ("queued", "running",
                                                                    "cancelling")  # fmt: skip

    def converged(self) -> None:
        """All as wanted, nothing left over, and every acknowledged step is in its recording."""
        with self.store.read() as tx:
            rows, held = machines.alive(tx), leases.live(tx)
            run, episodes = runs.get(tx, "run"), runs.episodes(tx, "run")
        assert [m.observed for m in rows] == ["PARKED"] * self.count, rows
        assert {m.uuid for m in rows} == set(self.guest.there), "an orphan"
        assert held == []
        assert run.status in ("completed", "cancelled", "failed")
        for episode in episodes:
            assert episode.status not in ("queued", "running")
            if episode.recording and episode.steps:
                steps = read(self.home / "recordings" / episode.recording).steps
                assert len(steps) >= episode.steps, "an acknowledged step is lost"
